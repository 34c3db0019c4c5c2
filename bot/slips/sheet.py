"""What a slip says, and its wording from ``data/slips.yml`` (Mẫu 01–04, Thông tư 01/2018/TT-VPCP)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from string import Formatter
from typing import Literal

import pydantic

from bot.core.calendar import ZONE
from bot.core.content import ContentError, check, read_yaml
from bot.core.dossier import Slip
from bot.core.parts import Part, Text
from bot.core.procedure import Time


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The facts of one slip; what is not known is empty."""

    kind: Slip
    #: Counted for each kind and year.
    number: int
    code: str
    #: "phường Bình Hòa", and what counter stands in its head.
    ward: str
    counter: str
    ward_phone: str = ""
    made_at: datetime
    applicant: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    procedure: str
    papers: tuple[str, ...] = ()
    #: What has to be sent again.
    wanted: tuple[str, ...] = ()
    #: "3 ngày làm việc", as the source has it.
    time: str = ""
    received_at: datetime | None = None
    due_at: datetime | None = None
    #: The date that was not kept.
    old_due_at: datetime | None = None
    #: Where the result is handed out.
    where: str = ""
    officer: str = ""
    reason: str = ""


class Line(Part):
    text: Text
    #: Shown with dots when there is nothing to fill in; otherwise left out.
    blank: bool = False
    #: Said in its place when there is nothing to fill in.
    otherwise: Text | None = None
    #: Counted, as on the form; what is left out is not.
    numbered: bool = False
    list: Literal["papers", "wanted"] | None = None


class KindWords(Part):
    symbol: Text
    file: Text
    #: Line by line.
    title: tuple[Text, ...] = pydantic.Field(min_length=1)
    #: What is said in the chat beside it.
    message: Text
    lines: tuple[Line, ...] = pydantic.Field(min_length=1)
    #: Under which lines people sign; the first on the left.
    signs: tuple[str, str]


class Head(Part):
    authority: Text
    motto: tuple[Text, Text]
    number: Text
    place: Text
    code: Text
    page: Text
    signature: Text


class TimeWords(Part):
    """How long it takes by the rules; ``{so}`` is the number."""

    gio: Text
    ngay: Text
    ngay_lam_viec: Text
    thang: Text
    same_day: Text

    def of(self, time: Time | None) -> str:
        """Empty if no source gives a number."""
        if time is None or time.by_slip:
            return ""
        if time.same_day:
            return self.same_day
        assert time.unit is not None
        text: str = getattr(self, time.unit.value)
        return text.format(so=time.value)


class SlipWords(Part):
    head: Head
    time: TimeWords
    kinds: dict[Slip, KindWords]


#: What a sentence may name.
NAMES = frozenset(
    [
        *("so", "ky_hieu", "noi", "ngay", "thang", "nam", "ma_ho_so", "trang"),
        *("quay", "phuong", "phuong_hoa", "dien_thoai_phuong"),
        *("nguoi_nop", "dia_chi", "dien_thoai", "email", "thu_tuc", "ly_do"),
        *("thoi_gian", "nhan_luc", "hen_tra", "hen_cu", "nhan_tai"),
    ]
)


def load_slip_words(path: Path) -> SlipWords:
    """Read and check; `ContentError` names every mistake with its line."""
    document = read_yaml(path)
    words = check(document, SlipWords)
    problems = [
        document.problem(f"{{{name}}} is not known here; known: {', '.join(sorted(NAMES))}", *at)
        for at, text in _texts(document.value, ())
        for _, name, _, _ in Formatter().parse(text)
        if name is not None and name not in NAMES
    ]
    problems += [
        document.problem(f'The slip "{kind}" is missing.', "kinds")
        for kind in Slip
        if kind not in words.kinds
    ]
    if problems:
        raise ContentError(problems)
    return words


def _texts(value: object, at: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner, (*at, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(inner, (*at, index))
    elif isinstance(value, str):
        yield at, value


def names_of(sheet: Sheet, symbol: str) -> Mapping[str, str]:
    """What the wording may name, filled in for this sheet."""
    made = sheet.made_at.astimezone(ZONE)
    return {
        "so": f"{sheet.number:02}",
        "ky_hieu": symbol,
        "noi": sheet.ward.removeprefix("phường ").removeprefix("xã "),
        "ngay": f"{made:%d}",
        "thang": f"{made:%m}",
        "nam": f"{made:%Y}",
        "ma_ho_so": sheet.code,
        "quay": sheet.counter,
        "phuong": sheet.ward,
        "phuong_hoa": sheet.ward[:1].upper() + sheet.ward[1:],
        "nguoi_nop": sheet.applicant,
        "dia_chi": sheet.address,
        "dien_thoai": sheet.phone,
        "email": sheet.email,
        "thu_tuc": sheet.procedure,
        "thoi_gian": sheet.time,
        "nhan_luc": moment(sheet.received_at),
        "hen_tra": moment(sheet.due_at),
        "hen_cu": moment(sheet.old_due_at),
        "nhan_tai": sheet.where,
        "ly_do": sheet.reason,
        "dien_thoai_phuong": sheet.ward_phone,
    }


def moment(at: datetime | None) -> str:
    """As the forms have it: "09 giờ 05 phút, ngày 25 tháng 11 năm 2026"; empty if there is none."""
    if at is None:
        return ""
    local = at.astimezone(ZONE)
    # A number stays with the word before or after it.
    said = f"{local:%H}_giờ {local:%M}_phút, ngày_{local:%d} tháng_{local:%m} năm_{local:%Y}"
    return said.replace("_", "\N{NO-BREAK SPACE}")
