"""Addresses: valid by the units of today (two levels since 1/7/2025), with old names mapped and said.

Law: Nghị quyết 202/2025/QH15 (provinces) and the resolutions on each province's wards; no districts any more.
"""

import re
from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz, process

from bot.core.locating import Located, locate
from bot.core.places import District, Gazetteer, Unit, bare, key
from bot.flow.answer import Remark, Value, Wrong
from bot.flow.model import Slot
from bot.flow.neighbourhoods import named_neighbourhood, regular
from bot.flow.surroundings import Surroundings

#: The longest address we keep: one that is read back must fit again.
LONGEST = 200
#: So many units or provinces are named in a question.
_NAMED = 4
_BEFORE = "trước là"
_WITH_BEFORE = re.compile(rf"^(?P<now>.+) \({_BEFORE} (?P<before>.+)\)$")


def read_address(text: str, slot: Slot, around: Surroundings) -> Value | Wrong:
    """An address in free words, with the names of today's units.

    `slot.rough`: province or ward are enough. `slot.historic`: the units keep the names they had.
    """
    address = re.sub(r"\s*,[\s,]*", ", ", " ".join(text.split())).strip(" ,")
    if not around.gazetteer.units:
        return _completed(address, around)
    if slot.historic:
        return _historic(address, around)
    if slot.rough:
        return _rough(address, around)
    found = locate(address, around.gazetteer, around.home)
    if not (found.ward or found.districts or found.province or found.stranger):
        return _completed(address, around)
    unit = _unit(found, slot, around)
    if isinstance(unit, Wrong):
        return unit
    rest = regular(found.rest)
    ours = unit.code == around.home.code
    if slot.here and not ours:
        return Wrong("address_elsewhere", {"don_vi": unit.full})
    if not rest:
        return Wrong("address_short")
    below = named_neighbourhood(rest, around.home) if ours else rest
    if isinstance(below, Wrong):
        return below
    return _whole(f"{below}, {unit.full}", _remark(found, unit, around.gazetteer))


def _whole(address: str, remark: Remark | None = None) -> Value | Wrong:
    if len(address) > LONGEST:
        return Wrong("text_long", {"toi_da": str(LONGEST)})
    return Value(address, address, remark)


def _completed(address: str, around: Surroundings) -> Value | Wrong:
    """No unit is named: ours is meant."""
    if len(address.split()) < 3 or sum(letter.isalpha() for letter in address) < 5:
        return Wrong("address_short")
    unit = around.gazetteer.units.get(around.home.code)
    if unit is None:
        return Value(address, address)
    before, comma, last = address.rpartition(", ")
    if comma and locate(before, around.gazetteer, around.home).districts:
        # "…, Thuận An, Sông Bé": what comes after a district would be a province.
        return Wrong("address_unknown_ward", {"don_vi": last})
    rest = named_neighbourhood(regular(address), around.home)
    if isinstance(rest, Wrong):
        return rest
    return _whole(f"{rest}, {unit.full}", Remark("address_completed", {"don_vi": unit.full}))


def _unit(found: Located, slot: Slot, around: Surroundings) -> Unit | Wrong:
    """The one unit of today that is meant."""
    if found.stranger:
        return _unknown(found, around)
    home = around.gazetteer.units.get(around.home.code)
    units = found.units
    if not units:
        if slot.here and home is not None and home in _inside(found, around.gazetteer):
            return home
        inside = _inside(found, around.gazetteer) if found.districts else []
        return inside[0] if len(inside) == 1 else _ward_missing(found, around.gazetteer)
    if len(units) == 1:
        return units[0]
    if home in units and _lives_in(found.rest, around):
        assert home is not None
        return home
    if len({unit.province for unit in units}) > 1:
        old = {unit: one.province for one in found.old for unit in one.now}
        return _province_missing(found.ward, (old.get(unit, unit.province) for unit in units))
    # Ours first: it is the likeliest.
    ordered = sorted(units, key=lambda unit: unit != home)
    details = {
        "don_vi": found.named,
        "cac_don_vi": f"{_either(unit.name for unit in ordered)}, {units[0].province}",
    }
    return Wrong("address_split", details)


def _lives_in(rest: str, around: Surroundings) -> bool:
    """Does the address name a khu phố of ours?"""
    names = key(rest)
    return any(key(name) in names for name in around.home.neighbourhoods if len(name) > 3)


def _ward_missing(found: Located, gazetteer: Gazetteer) -> Wrong:
    provinces = dict.fromkeys(one.province for one in found.districts)
    if len(provinces) > 1:
        return _province_missing(found.districts[0].name, provinces)
    inside = _inside(found, gazetteer) if found.districts else []
    named = found.named or found.districts[0].name
    if not inside or len(inside) > 2 * _NAMED:
        return Wrong("address_ward_missing", {"don_vi": named})
    units = f"{_either(unit.name for unit in inside)}, {inside[0].province}"
    return Wrong("address_split", {"don_vi": named, "cac_don_vi": units})


def _province_missing(name: str, provinces: Iterable[str]) -> Wrong:
    named = list(dict.fromkeys(provinces))
    some = ", ".join(named[:3]) + (", …" if len(named) > 3 else "")
    return Wrong("address_province_missing", {"don_vi": name, "cac_tinh": some})


def _inside(found: Located, gazetteer: Gazetteer) -> list[Unit]:
    """The units of today in the district or province that is named."""
    if found.districts:
        return list(dict.fromkeys(unit for one in found.districts for unit in gazetteer.of_district(one)))
    return gazetteer.of_province(found.province)


def _unknown(found: Located, around: Surroundings) -> Wrong:
    """A name that is none there, and those that look like it."""
    gazetteer, home = around.gazetteer, around.gazetteer.units.get(around.home.code)
    details = {"don_vi": ", ".join(part for part in (found.stranger, found.named) if part)}
    name = bare(found.stranger)
    near: Sequence[str] = ()
    if found.stranger.startswith(("phường", "xã", "thị trấn", "đặc khu")):
        inside = _inside(found, gazetteer) or gazetteer.of_province(home.province if home else "")
        near = _like(name, {unit.name: bare(unit.name) for unit in inside})
    elif found.stranger.startswith("tỉnh"):
        near = _like(name, {one: bare(one) for one in gazetteer.provinces | gazetteer.became.keys()})
    if not near:
        return Wrong("address_unknown_ward", details)
    return Wrong("address_near_ward", details | {"cac_don_vi": _either(near)})


def _like(name: str, names: dict[str, str]) -> list[str]:
    keys = {one: key(short) for one, short in names.items()}
    found = process.extract(key(name), keys, scorer=fuzz.ratio, limit=3)
    return [one for _, score, one in found if score >= max(75, found[0][1] - 5)]


def _remark(found: Located, unit: Unit, gazetteer: Gazetteer) -> Remark | None:
    if _is_old(found) and (found.ward or _inside(found, gazetteer) == [unit]):
        return Remark("address_old", {"don_vi": found.named, "cac_don_vi": unit.full})
    if found.assumed or not found.ward:
        return Remark("address_completed", {"don_vi": unit.full})
    return None


def _is_old(found: Located) -> bool:
    """Was anything named that is no more?"""
    of_today = {unit.province for unit in found.units}
    return bool(found.old or found.districts or (found.province and found.province not in of_today))


def _either(names: Iterable[str]) -> str:
    """ "a, b hoặc c"; of many only the first."""
    these = list(names)
    if len(these) > _NAMED:
        return ", ".join(these[:_NAMED]) + ", …"
    return " hoặc ".join(part for part in (", ".join(these[:-1]), these[-1]) if part)


# ── less than an address: where one was born, where one's family comes from ──


def _rough(address: str, around: Surroundings) -> Value | Wrong:
    """Province or ward of today, and what it was: "tỉnh Vĩnh Long (trước là Bến Tre)"."""
    if (written := _WITH_BEFORE.match(address)) is not None:
        found = locate(written["now"], around.gazetteer, around.home)
        rest = f"{found.rest}, " if found.rest else ""
        again = _rough(rest + written["before"], around)
        if isinstance(again, Value) and again.value == address:
            return Value(address, address)
        address = written["now"]
    found = locate(address, around.gazetteer, around.home)
    if not (found.ward or found.districts or found.province or found.stranger):
        return _as_written(address)
    gazetteer, before = around.gazetteer, ""
    if found.ward or found.stranger:
        unit = _unit(found, Slot(id=""), around)
        if isinstance(unit, Wrong):
            return unit
        now, before = unit.full, found.named if _is_old(found) else ""
    elif found.districts:
        provinces = dict.fromkeys(one.province for one in found.districts)
        if len(provinces) > 1:
            return _province_missing(found.districts[0].name, provinces)
        now, before = gazetteer.became[found.districts[0].province], _before(found.districts[0], gazetteer)
    else:
        now = gazetteer.became.get(found.province, found.province)
        before = bare(found.province) if now != found.province else ""
    value = ", ".join(part for part in (regular(found.rest), now) if part)
    remark = Remark("address_old", {"don_vi": before, "cac_don_vi": now}) if before else None
    return _whole(f"{value} ({_BEFORE} {before})" if before else value, remark)


def _before(district: District, gazetteer: Gazetteer) -> str:
    same = gazetteer.became[district.province] == district.province
    return district.name if same else f"{district.name}, {district.province}"


def _historic(address: str, around: Surroundings) -> Value | Wrong:
    """The names as they are on the papers; only their spelling is put right."""
    found = locate(address, around.gazetteer, around.home)
    spellings = {one.name for one in found.old} or {unit.name for unit in found.units}
    told = found.ward or found.districts or found.province
    if found.stranger or not told or found.assumed or len(spellings) > 1 or len(found.districts) > 1:
        return _as_written(address)
    district = found.districts[0].name if found.districts else ""
    parts = (regular(found.rest), found.ward, district, found.province)
    return _whole(", ".join(part for part in parts if part))


def _as_written(address: str) -> Value | Wrong:
    """A place that is none of our units: another country, a hospital, a name older than our tables."""
    if sum(letter.isalpha() for letter in address) < 2:
        return Wrong("address_short")
    address = address[:1].upper() + address[1:]
    return _whole(address)
