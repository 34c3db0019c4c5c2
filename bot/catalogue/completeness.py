"""How much the ward knows of its procedures, field by field, and what has grown old or is still missing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from bot.catalogue.offices import Offices
from bot.catalogue.public import PublicInformation
from bot.core.procedure import About, FeeState, Procedure

#: The columns of the table: what people ask for most.
SHOWN = (About.PAPERS, About.TIME, About.FEE, About.STEPS, About.CONDITIONS, About.RESULT, About.LAW)


@dataclass(frozen=True, slots=True)
class Row:
    """One field of work: how many procedures, how many online, how many have each part."""

    field: str
    procedures: int
    online: int
    #: In the order of `SHOWN`.
    known: tuple[int, ...]


def table(procedures: Iterable[Procedure]) -> list[Row]:
    """A row for each field, in the order of their names, and the sum of all as the last."""
    known = list(procedures)
    fields = sorted({one.field for one in known})
    rows = [_row(field, [one for one in known if one.field == field]) for field in fields]
    return [*rows, _row("Tất cả", known)]


def _row(field: str, those: list[Procedure]) -> Row:
    online = sum(any(way.how == "online" for way in one.ways) for one in those)
    return Row(field, len(those), online, tuple(sum(has(one, part) for one in those) for part in SHOWN))


def has(procedure: Procedure, part: About) -> bool:
    """Does the file state this part? A fee or a time of which the source is silent is not stated."""
    match part:
        case About.TIME:
            return any(way.time for way in procedure.ways)
        case About.FEE:
            return procedure.tariff is not None or any(
                way.fee.state is FeeState.KNOWN for way in procedure.ways
            )
        case About.CONDITIONS:
            return bool(procedure.conditions or procedure.applicants)
        case About.PAPERS:
            return part not in procedure.not_looked_up
    return bool(getattr(procedure, part.value))


def markdown(rows: Iterable[Row]) -> str:
    """The table as it stands in `data/README.md`."""
    heads = (
        "Lĩnh vực",
        "Thủ tục",
        "Trực tuyến",
        "Giấy tờ",
        "Thời hạn",
        "Phí",
        "Các bước",
        "Đối tượng, điều kiện",
    )
    lines = [
        "| " + " | ".join((*heads, "Kết quả", "Căn cứ")) + " |",
        "|---|" + "---:|" * (len(heads) + 1),
    ]
    for row in rows:
        cells = (row.field, row.procedures, row.online, *row.known)
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines)


def missing(
    procedures: Iterable[Procedure],
    offices: Offices,
    public: PublicInformation,
    today: date,
    stale_months: int,
) -> Iterator[str]:
    """What a ward should look after, one line each: no mistakes, so nothing stops."""
    known = list(procedures)
    for one in known:
        if (age := months_since(one.source.as_of, today)) >= stale_months:
            yield f"data/procedures/{one.id}.yml  nguồn đã {age} tháng ({one.source.month})"
    for entry in public.entries.values():
        if entry.until is not None and entry.until < today:
            yield f"data/public/{entry.id}.yml  đã hết hạn ngày {entry.until:%d/%m/%Y}"
        elif (age := months_since(entry.source.as_of, today)) >= stale_months:
            yield f"data/public/{entry.id}.yml  nguồn đã {age} tháng ({entry.source.month})"
    for office in offices.offices:
        if office.elsewhere:
            continue
        lacks = [
            word
            for word, fact in (
                ("địa chỉ", office.address),
                ("giờ", office.hours),
                ("điện thoại", office.phone),
            )
            if not fact
        ]
        if lacks:
            yield f"data/offices.yml  {office.name}: chưa có {', '.join(lacks)}"
    if not public.neighbourhoods.complete:
        yield "data/neighbourhoods.yml  chưa đủ các khu phố"
    for place in public.neighbourhoods.neighbourhoods:
        if not (place.head and place.office and place.phone):
            yield f"data/neighbourhoods.yml  {place.name}: chưa có trưởng khu phố, văn phòng hoặc điện thoại"
    told = {entry.topic for entry in public.entries.values() if entry.holds_on(today)}
    for topic in public.topics.topics:
        if topic.id not in told:
            yield f"data/public  chưa có tin nào về {topic.name}"
    unread = [one for one in known if About.PAPERS in one.not_looked_up]
    if unread:
        named = ", ".join(one.id for one in unread)
        yield f"data/procedures  {len(unread)} thủ tục chưa có nguồn về giấy tờ: {named}"


def months_since(as_of: str, today: date) -> int:
    """Whole months from "2026-07" or "2026-07-15" to today."""
    year, month = (int(part) for part in as_of.split("-")[:2])
    return (today.year - year) * 12 + today.month - month
