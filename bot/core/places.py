"""Vietnam's units of today (34 provinces 3,321 wards and communes) and what the old ones became.

The tables are ``data/units`` (see its README). Names are found without accents, spaces and with y for i:
`Gazetteer.wards("my tho")`. Which of them a whole address means is `bot.core.locating`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, TypeAlias, TypeVar

from bot.core.content import ContentError, Problem
from bot.core.text import strip_accents

T = TypeVar("T")

Named: TypeAlias = "dict[str, tuple[OldWard, ...]]"

#: What stands before a name. The longer comes first.
KINDS = ("thành phố", "thị trấn", "thị xã", "đặc khu", "phường", "quận", "huyện", "tỉnh", "xã")


class Unit(NamedTuple):
    """A ward, commune or special zone of today."""

    code: str
    #: With its kind, as in a sentence: "phường Bình Hòa".
    name: str
    #: The province it lies in: "Thành phố Hồ Chí Minh", "tỉnh Đồng Nai".
    province: str

    @property
    def full(self) -> str:
        return f"{self.name}, {self.province}"


class OldWard(NamedTuple):
    """A ward until 30/6/2025, and the units of today that have taken it over."""

    name: str
    district: str
    province: str
    now: tuple[Unit, ...]

    @property
    def full(self) -> str:
        return ", ".join(part for part in (self.name, self.district, self.province) if part)


class District(NamedTuple):
    """A district until 30/6/2025."""

    name: str
    province: str


@dataclass(frozen=True, slots=True)
class Home:
    """The ward we speak for."""

    #: Its code among the units; empty: not known.
    code: str = ""
    #: Its khu phố: "Bình Đức 1". Unless the list is complete, there may be others.
    neighbourhoods: tuple[str, ...] = ()
    complete: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Gazetteer:
    """All units by name. Made by `load_gazetteer`; an empty one knows none."""

    #: By code.
    units: Mapping[str, Unit] = field(default_factory=dict)
    #: The provinces of today.
    provinces: frozenset[str] = frozenset()
    #: Every old province and the one of today it lies in.
    became: Mapping[str, str] = field(default_factory=dict)
    #: The old wards of every old district.
    districts: Mapping[District, tuple[OldWard, ...]] = field(default_factory=dict)
    #: By what `key` makes of a name without its kind.
    units_named: Mapping[str, tuple[Unit, ...]] = field(default_factory=dict)
    old_wards_named: Mapping[str, tuple[OldWard, ...]] = field(default_factory=dict)
    #: Old wards by names they had before earlier mergers.
    before_that: Mapping[str, tuple[OldWard, ...]] = field(default_factory=dict)
    districts_named: Mapping[str, tuple[District, ...]] = field(default_factory=dict)
    #: How the name is written, and the province: ("Sài Gòn", "Thành phố Hồ Chí Minh").
    provinces_named: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)

    def of_province(self, province: str) -> list[Unit]:
        """The units of today in a province of today or in what an old one was."""
        if province in self.provinces:
            return [unit for unit in self.units.values() if unit.province == province]
        wards = (
            one
            for district, these in self.districts.items()
            if district.province == province
            for one in these
        )
        return list(dict.fromkeys(unit for one in wards for unit in one.now))

    def of_district(self, district: District) -> list[Unit]:
        """The units of today in what an old district was."""
        return list(dict.fromkeys(unit for one in self.districts[district] for unit in one.now))


@lru_cache(maxsize=16384)
def bare(name: str) -> str:
    """A name without its kind: "phường Bình Hòa" → "Bình Hòa"."""
    kind = kind_of(name)
    return name[len(kind) :].strip()


@lru_cache(maxsize=16384)
def kind_of(name: str) -> str:
    small = name.lower()
    return next((kind for kind in KINDS if small.startswith(f"{kind} ")), "")


class _Letters(dict[int, str]):
    """What `key` makes of each letter."""

    def __missing__(self, code: int) -> str:
        plain = strip_accents(chr(code)).lower().replace("y", "i")
        letters = "".join(letter for letter in plain if letter.isalnum())
        if code < 0x2000:  # Where all of Vietnamese is; whatever else is typed is not kept.
            self[code] = letters
        return letters


_LETTERS = _Letters()


def key(name: str) -> str:
    """What names are compared by: plain small letters and digits, y for i, numbers without leading nought."""
    letters = name.translate(_LETTERS)
    return letters.lstrip("0") if letters.isdigit() else letters


def load_gazetteer(folder: Path) -> Gazetteer:
    """The tables in ``data/units``; `ContentError` with file and line of what is wrong."""
    key_of = _keys()
    units, units_named = _units(folder / "wards.tsv", key_of)
    districts, old_named, before_that = _old_wards(folder / "old_wards.tsv", units, key_of)
    provinces = {unit.province for unit in units.values()}
    became = {
        district.province: wards[0].now[0].province for district, wards in districts.items() if wards[0].now
    }
    return Gazetteer(
        units=units,
        provinces=frozenset(provinces),
        became=became,
        districts=districts,
        units_named=units_named,
        old_wards_named=old_named,
        before_that=before_that,
        districts_named=_named((key(bare(one.name)), one) for one in districts),
        provinces_named=_named(
            [
                *((key(bare(one)), (bare(one), one)) for one in sorted(provinces | became.keys())),
                *_short_names(folder / "short_names.tsv", provinces | became.keys()),
            ]
        ),
    )


def _units(path: Path, key_of: Callable[[str], str]) -> tuple[dict[str, Unit], dict[str, tuple[Unit, ...]]]:
    """``code, name, province`` a line."""
    units: dict[str, Unit] = {}
    named: defaultdict[str, list[Unit]] = defaultdict(list)
    for number, line in enumerate(_lines(path), 1):
        parts = line.split("\t")
        if len(parts) != 3 or parts[0] in units:
            raise ContentError([Problem(path, number, "A line is: code, name, province; each code once.")])
        unit = units[parts[0]] = Unit(*parts)
        named[key_of(unit.name)].append(unit)
    return units, {name: tuple(these) for name, these in named.items()}


def _old_wards(
    path: Path, units: Mapping[str, Unit], key_of: Callable[[str], str]
) -> tuple[dict[District, tuple[OldWard, ...]], Named, Named]:
    """``province, district``, and below, set in: ``ward, codes of today, names it had before``."""
    districts: dict[District, list[OldWard]] = {}
    named: defaultdict[str, list[OldWard]] = defaultdict(list)
    before_that: defaultdict[str, list[OldWard]] = defaultdict(list)
    heirs: dict[str, tuple[Unit, ...]] = {}
    these: list[OldWard] = []
    district = District("", "")
    for number, line in enumerate(_lines(path), 1):
        parts = line.split("\t")
        if parts[0]:
            district = District(parts[-1], parts[0])
            these = districts.setdefault(district, [])
            continue
        codes = parts[2] if len(parts) > 2 else ""
        if codes not in heirs:
            heirs[codes] = tuple(units[code] for code in codes.split() if code in units)
        now = heirs[codes]
        if not now or len(now) != len(codes.split()):
            raise ContentError([Problem(path, number, "Codes of wards.tsv are missing in the third column.")])
        ward = OldWard(parts[1], district.name, district.province, now)
        these.append(ward)
        # An island district without wards is found by its own name.
        named[key_of(parts[1] or district.name)].append(ward)
        if len(parts) > 3:
            for also in parts[3].split():
                before_that[also.replace("y", "i")].append(ward)
    return (
        {one: tuple(wards) for one, wards in districts.items()},
        {name: tuple(wards) for name, wards in named.items()},
        {name: tuple(wards) for name, wards in before_that.items()},
    )


def _short_names(path: Path, provinces: set[str]) -> Iterable[tuple[str, tuple[str, str]]]:
    """``what people write, province`` a line."""
    for number, line in enumerate(_lines(path), 1):
        short, _, province = line.partition("\t")
        if province not in provinces:
            raise ContentError([Problem(path, number, f'There is no province "{province}".')])
        yield key(short), (short, province)


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError([Problem(path, 1, f"Cannot be read: {error}.")]) from None


class _Syllables(dict[str, str]):
    """`key` of each word of the tables: there are many names of few words."""

    def __missing__(self, word: str) -> str:
        self[word] = plain = key(word)
        return plain


def _keys() -> Callable[[str], str]:
    """`key` of a name that has its kind before it, made quickly for many names."""
    syllables = _Syllables()

    def of(name: str) -> str:
        words = name.split(" ")
        return "".join([syllables[word] for word in words[2 if words[0] in _HALF else 1 :]])

    return of


#: First words of the kinds that have two.
_HALF = frozenset(kind.split()[0] for kind in KINDS if " " in kind)


def _named(pairs: Iterable[tuple[str, T]]) -> dict[str, tuple[T, ...]]:
    found: dict[str, list[T]] = defaultdict(list)
    for name, one in pairs:
        found[name].append(one)
    return {name: tuple(these) for name, these in found.items()}
