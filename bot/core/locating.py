"""Which units an address in free words names: read from its end, where the larger ones stand.

All ways to read the end as [ward] [district] [province] are tried, and of those that agree with the tables
the one that explains most words is taken: "bình hoà thuận an bình dương" needs no commas.
"""

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import NamedTuple, TypeVar

from bot.core.address_words import (
    DISTRICT,
    OTHER_NAMES,
    PROVINCE,
    WARD,
    Word,
    accents_fit,
    kind_before,
    words_in,
    words_of,
)
from bot.core.places import District, Gazetteer, Home, OldWard, Unit, bare, key, kind_of

T = TypeVar("T")

#: So many words a name has at most, and so many of an address are looked at, from its end.
_LONGEST = 6
_LOOKED_AT = 80
#: So many wards are tried at most for each end.
_TRIED = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """What was found of an address."""

    #: What is no unit: house, street, khu phố; as typed.
    rest: str
    #: The units of today that are meant; several if the words do not decide. Empty: no ward is named.
    units: tuple[Unit, ...] = ()
    #: The old wards that were named, if any.
    old: tuple[OldWard, ...] = ()
    #: The ward as it was named: "phường Vĩnh Phú".
    ward: str = ""
    #: As named; several if there were several of that name.
    districts: tuple[District, ...] = ()
    #: As named, of today or not.
    province: str = ""
    #: What was called a ward, district or province and is none there.
    stranger: str = ""
    #: It was not said to be a ward, nor in which district: it may be something else of that name.
    assumed: bool = False

    @property
    def named(self) -> str:
        """The units as they were named, in their own spelling: "xã An Sơn, thành phố Thuận An, tỉnh …"."""
        if len(self.old) == 1 and self.ward == self.old[0].name:
            return self.old[0].full
        district = self.districts[0].name if len(self.districts) == 1 else ""
        return ", ".join(part for part in (self.ward, district, self.province) if part)


class _Span(NamedTuple):
    """A run of words that has the name of a unit."""

    start: int
    end: int
    key: str
    #: The kind written before it; empty: none.
    kind: str
    typed: tuple[str, ...]
    #: Does a comma stand before it?
    apart: bool


class _Way(NamedTuple):
    """One way to read the address."""

    score: tuple[int, ...]
    start: int
    found: Located
    #: Words between the ward and what follows it.
    between: tuple[int, int]


def locate(address: str, gazetteer: Gazetteer, home: Home) -> Located:
    """What the address names. `home`: the ward that is meant if several could be."""
    words = words_of(address)[-_LOOKED_AT:]
    end = len(words)
    if [word.key for word in words[-2:]] == ["viet", "nam"] or (end and words[-1].key in ("vn", "vietnam")):
        end -= 1 if words[-1].key != "nam" else 2
        words = words[:end]
    ways = _Reader(words, gazetteer, home).ways()
    best = max(ways, key=lambda way: way.score, default=None)
    if best is None:
        found, start = Located(rest=_tidy(address)), len(words)
    else:
        rest = [address[: words[best.start].start], _text(address, words, *best.between)]
        found = replace(best.found, rest=", ".join(part for part in map(_tidy, rest) if part))
        start = best.start
    # A name that nobody knows: "phường Bình Hoàng".
    return found if found.ward else replace(found, stranger=_marked(address, words, start))


class _Reader:
    def __init__(self, words: Sequence[Word], gazetteer: Gazetteer, home: Home) -> None:
        self.words = words
        self.gazetteer = gazetteer
        self.home = gazetteer.units.get(home.code)
        #: For every word: what stands before a name that begins there, and where that begins.
        self.ward, self.district, self.province = (
            [kind_before(words, at, kinds) for at in range(len(words))]
            for kinds in (WARD, DISTRICT, PROVINCE)
        )
        self.accented = not "".join(word.text for word in words).isascii()
        self.wards_before: dict[int, list[_Span]] = {}

    def ways(self) -> Iterator[_Way]:
        end = len(self.words)
        names = self.gazetteer
        for province in [*self._ending(end, names.provinces_named, self.province), None]:
            after = province.start if province else end
            named = self._provinces(province)
            for district in [*self._ending(after, names.districts_named, self.district), None]:
                before = district.start if district else after
                for name in named:
                    districts = self._districts(district, name)
                    if district is not None and not districts:
                        continue
                    if name or districts:
                        found = Located(rest="", districts=tuple(districts), province=name)
                        yield self._way(found, None, district, province)
                    for ward in self._wards(before):
                        yield from self._of_ward(ward, districts, name, district, province)

    def _wards(self, end: int) -> list[_Span]:
        """Names of wards that end there, and those that have their kind before them earlier."""
        if end not in self.wards_before:
            self.wards_before[end] = list(islice(self._find_wards(end), _TRIED))
        return self.wards_before[end]

    def _find_wards(self, end: int) -> Iterator[_Span]:
        known = _Either(self.gazetteer)
        yield from self._ending(end, known, self.ward)
        for at in range(end - 1, 0, -1):
            if self._larger(at):
                return
            if (before := self.ward[at]) is None:
                continue
            for last in range(min(end - 1, at + _LONGEST), at, -1):
                name = self._name(at, last)
                if name and name in known:
                    yield self._span(before[1], at, last, before[0], name)
                    break

    def _larger(self, at: int) -> bool:
        """Is a district or province said to begin here? A ward before it would be in that."""
        said = self.district[at] is not None or self.province[at] is not None
        return said and len(self.words[at - 1].key) > 1 and self.words[at].key != "lo"

    def _ending(
        self, end: int, named: Container[str], kinds: Sequence[tuple[str, int] | None]
    ) -> Iterator[_Span]:
        for start in range(end - 1, max(end - 1 - _LONGEST, -1), -1):
            name = self._name(start, end)
            if name is None:
                return
            if name not in named:
                continue
            before = kinds[start]
            if before is not None:
                yield self._span(before[1], start, end, before[0], name)
            if not name.isdigit() and not self._other(start) and not self._said(start):
                yield self._span(start, start, end, "", name)

    def _said(self, at: int) -> bool:
        """Is it said what it is? A letter alone, or "phuong" without accents, may be part of a name."""
        before = self.ward[at] or self.district[at] or self.province[at]
        if before is None:
            return False
        last = self.words[at - 1]
        return not last.text.isascii() or (len(last.key) == 2 and last.key != "xa")

    def _name(self, start: int, end: int) -> str | None:
        """The words as one name; None if there is a comma among them."""
        if any(word.comma for word in self.words[start + 1 : end]):
            return None
        return key("".join(word.key for word in self.words[start:end]))

    def _span(self, start: int, name: int, end: int, kind: str, key_: str) -> _Span:
        typed = tuple(word.text for word in self.words[name:end])
        return _Span(start, end, key_, kind, typed, self.words[start].breaks)

    def _other(self, at: int) -> bool:
        """Is it the name of a street or a market?"""
        return at > 0 and not self.words[at].breaks and self.words[at - 1].key in OTHER_NAMES

    def _provinces(self, span: _Span | None) -> list[str]:
        if span is None:
            return [""]
        named = self.gazetteer.provinces_named[span.key]
        found = self._fitting(named, span, lambda one: one[0], lambda one: one[1])
        cities = (one.name for one in self.gazetteer.districts_named.get(span.key, ()))
        if span.kind == "thành phố" and any(kind_of(name) == span.kind for name in cities):
            # "TP. Cà Mau" was a city of the province.
            found = [one for one in found if kind_of(one[1]) == span.kind]
        return list(dict.fromkeys(one[1] for one in found))

    def _districts(self, span: _Span | None, province: str) -> list[District]:
        if span is None:
            return []
        became = self.gazetteer.became
        found = [
            one
            for one in self.gazetteer.districts_named[span.key]
            if not province or province in (one.province, became[one.province])
        ]
        if not province and not span.kind:
            # "12 Lê Lợi, An Phú" is meant near us, and not An Giang.
            near = self.home.province if self.home else ""
            found = [one for one in found if became[one.province] == near] if span.apart else []
        return self._fitting(found, span, lambda one: bare(one.name), lambda one: one.name)

    def _of_ward(
        self,
        ward: _Span,
        districts: list[District],
        province: str,
        *others: _Span | None,
    ) -> Iterator[_Way]:
        units, old = self._named(ward)
        if districts:
            units, old = self._in_districts(ward, units, old, districts)
        elif province:
            units, old = self._in_province(ward, units, old, province)
        else:
            units, old = self._anywhere(ward, units, old)
        if not units:
            return
        named = old[0] if old else units[0]
        name = named.name
        if key(bare(name)) != ward.key:
            name = f"{ward.kind} {' '.join(ward.typed)}".strip()
        found = Located(
            rest="",
            units=tuple(units),
            old=tuple(old),
            ward=name,
            districts=tuple(districts),
            province=province,
            assumed=not ward.kind and not districts,
        )
        yield self._way(found, ward, *others)

    def _named(self, span: _Span) -> tuple[list[Unit], list[OldWard]]:
        names = self.gazetteer
        units = self._fitting(names.units_named.get(span.key, ()), span, _bare, _whole)
        old = self._fitting(names.old_wards_named.get(span.key, ()), span, _bare, _whole)
        return units, old

    def _in_districts(
        self, span: _Span, units: list[Unit], old: list[OldWard], districts: list[District]
    ) -> tuple[list[Unit], list[OldWard]]:
        inside = [one for one in old if District(one.district, one.province) in districts]
        if inside:
            return _heirs(inside), inside
        heirs = {unit for one in districts for unit in self.gazetteer.of_district(one)}
        if found := [unit for unit in units if unit in heirs]:
            return found, []
        before = self.gazetteer.before_that.get(span.key, ())
        inside = [one for one in before if District(one.district, one.province) in districts]
        return _heirs(inside), inside

    def _in_province(
        self, span: _Span, units: list[Unit], old: list[OldWard], province: str
    ) -> tuple[list[Unit], list[OldWard]]:
        if not span.kind and not span.apart and span.start and self._only_numbers_before(span.start):
            # "12 Võ Thị Sáu, TP.HCM" is a house in a street.
            return [], []
        here = [unit for unit in units if unit.province == province]
        if here and province in self.gazetteer.provinces:
            return here, []
        became = self.gazetteer.became
        inside = [one for one in old if one.province == province] or [
            one for one in old if became[one.province] == province
        ]
        if inside:
            return _heirs(inside), inside
        before = [one for one in self.gazetteer.before_that.get(span.key, ()) if one.province == province]
        if before and span.kind and not span.key.isdigit():
            return _heirs(before), before
        return [unit for unit in units if unit in set(self.gazetteer.of_province(province))], []

    def _anywhere(
        self, span: _Span, units: list[Unit], old: list[OldWard]
    ) -> tuple[list[Unit], list[OldWard]]:
        """Neither district nor province is named: ours is meant if it can be."""
        home = self.home
        if home is not None and home in units:
            return [home], []
        if ours := [one for one in old if home in one.now]:
            return _heirs(ours), ours
        if span.kind:
            return (units, []) if units else (_heirs(old), old)
        if span.key in self.gazetteer.provinces_named:
            return [], []
        if home is None or not span.apart or (span.start and self._only_numbers_before(0)):
            return [], []
        near = [unit for unit in units if unit.province == home.province]
        if near:
            return near, []
        old = [one for one in old if one.now[0].province == home.province]
        return _heirs(old), old

    def _whole(self, found: Located) -> bool:
        """Is it a district as it was, in its own province?"""
        return any(found.province in ("", one.province) for one in found.districts)

    def _fitting(
        self, found: Sequence[T], span: _Span, name: Callable[[T], str], whole: Callable[[T], str]
    ) -> list[T]:
        """Those whose accents agree and that are of the kind that is said, if there are any such."""
        agreeing = [one for one in found if accents_fit(span.typed, name(one))]
        if len(agreeing) > 1 and self.accented:
            # "Xã Thanh An" is not "Thạnh An" with its accents left out.
            exact = [one for one in agreeing if accents_fit(words_in(name(one)), " ".join(span.typed))]
            agreeing = exact or agreeing
        if not span.kind:
            return agreeing
        agreeing = agreeing or list(found)
        return [one for one in agreeing if kind_of(whole(one)) == span.kind] or agreeing

    def _only_numbers_before(self, at: int) -> bool:
        return at > 0 and all(word.key.isdigit() or len(word.key) == 1 for word in self.words[:at])

    def _way(self, found: Located, *spans: _Span | None) -> _Way:
        """Rated: words explained, what is said to be of its kind, smaller units known."""
        named = [span for span in spans if span is not None]
        explained = sum(span.end - span.start for span in named)
        district = found.districts[0].name if found.districts else ""
        wrong_kind = sum(
            bool(span.kind) and bool(official) and kind_of(official) != span.kind
            for span, official in zip(spans, (found.ward, district, found.province), strict=True)
            if span is not None
        )
        ward = spans[0]
        after = min((span.start for span in spans[1:] if span is not None), default=len(self.words))
        between = (ward.end, after) if ward is not None else (after, after)
        score = (
            explained - wrong_kind - min(between[1] - between[0], 2),
            ward is not None and bool(ward.kind),
            # "Biên Hòa, Đồng Nai" was a city; "Thuận An, TP.HCM" is a ward, and was a city of Bình Dương.
            ward is None and self._whole(found),
            ward is not None,
            sum(bool(span.kind) for span in named),
            -len(found.units),
        )
        return _Way(score, min(span.start for span in named), found, between)


class _Either:
    """Is it the name of a ward, of today or old?"""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer

    def __contains__(self, name: object) -> bool:
        names = self.gazetteer
        return name in names.units_named or name in names.old_wards_named or name in names.before_that


def _bare(one: Unit | OldWard) -> str:
    return bare(one.name)


def _whole(one: Unit | OldWard) -> str:
    return one.name


def _heirs(old: Sequence[OldWard]) -> list[Unit]:
    return list(dict.fromkeys(unit for one in old for unit in one.now))


def _text(address: str, words: Sequence[Word], first: int, last: int) -> str:
    return address[words[first].start : words[last - 1].end] if first < last else ""


def _tidy(text: str) -> str:
    """Without what was to lead on to the next word."""
    return text.strip(" \n\t,.;:-–—(/")


def _marked(address: str, words: Sequence[Word], end: int) -> str:
    """The last name before `end` that is said to be a unit's; empty if none is."""
    for at in range(end - 1, 0, -1):
        for kinds in (WARD, DISTRICT, PROVINCE):
            before = kind_before(words, at, kinds)
            # "Tỉnh lộ 43", "xa lộ Hà Nội".
            if before is None or _no_kind(address, words[before[1]]) or words[at].key == "lo":
                continue
            last = next((n for n in range(at + 1, end) if words[n].breaks), min(end, at + 4))
            return f"{before[0]} {_text(address, words, at, last)}"
    return ""


def _no_kind(address: str, word: Word) -> bool:
    """A letter alone says "phường" only with its full stop: "P. Bình Hòa"."""
    return len(word.key) < 3 and word.key != "xa" and address[word.end : word.end + 1] != "."
