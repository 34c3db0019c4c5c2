"""Holds a person's number against what else is said of them.

The fourth digit of a citizen's number tells century and sex, the two after it the year of birth
(Nghị định 137/2015/NĐ-CP, Điều 13; the structure stands in Luật Căn cước 2023 too).
"""

from collections.abc import Iterable, Mapping

from bot.core.form import Person
from bot.core.messages import Json
from bot.flow.answer import Wrong
from bot.flow.dates import show_date
from bot.flow.model import Flow


def disagreement(flow: Flow, slot: str, slots: Mapping[str, Json]) -> Wrong | None:
    """What does not fit together now that `slot` is answered (its answer is among `slots`)."""
    for person in _with(flow.people, slot):
        number = slots.get(person.cccd or "")
        if not isinstance(number, str) or len(number) != 12:
            continue
        born = slots.get(person.born or "")
        year = birth_year(number)
        if isinstance(born, str) and born[:4] != str(year):
            said = {"nguoi": person.who, "nam_theo_so": str(year), "gia_tri": show_date(born)}
            return Wrong("cccd_born", said)
        sex = slots.get(person.sex or "", person.always)
        if isinstance(sex, str) and sex in _SEXES and sex != sex_of(number):
            said = {"nguoi": person.who, "gioi_theo_so": _SEXES[sex_of(number)]}
            return Wrong("cccd_sex", said)
    return None


_SEXES = {"nam": "nam", "nu": "nữ"}


def birth_year(number: str) -> int:
    """The year of birth in a number of twelve digits."""
    return 1900 + 100 * (int(number[3]) // 2) + int(number[4:6])


def sex_of(number: str) -> str:
    """``nam`` or ``nu``, as the choices of forms have it."""
    return "nu" if int(number[3]) % 2 else "nam"


def _with(people: Iterable[Person], slot: str) -> list[Person]:
    return [one for one in people if slot in (one.cccd, one.born, one.sex)]
