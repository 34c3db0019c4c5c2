"""What reading an answer gives: its value, or what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.core.messages import Json


@dataclass(frozen=True, slots=True)
class Remark:
    """What is said of an answer that is taken. The wording of a kind is the response `utter_luu_y_<kind>`."""

    kind: str
    #: What the wording may name, as `context.…`.
    details: Mapping[str, str] = field(default_factory=dict)

    @property
    def utter(self) -> str:
        return f"utter_luu_y_{self.kind}"


@dataclass(frozen=True, slots=True)
class Value:
    """An answer, normalised: ISO date, digits, a choice's id, a list of file ids, …"""

    value: Json
    #: As people read it: 05/11/2026, "Nữ".
    shown: str
    #: What we made of it beyond what was written, so that it can be put right.
    remark: Remark | None = None


@dataclass(frozen=True, slots=True)
class Wrong:
    """An answer that cannot be taken. The wording of a kind is the response `utter_sai_<kind>`."""

    kind: str
    #: What the wording may name beside the slot's own limits, as `context.…`.
    details: Mapping[str, str] = field(default_factory=dict)

    @property
    def utter(self) -> str:
        return f"utter_sai_{self.kind}"

    @property
    def meant(self) -> bool:
        """Was it clearly meant as an answer (31/02/2026), and not something else altogether?"""
        return self.kind not in NOT_MEANT


#: Kinds that may be right after all: taken when the answer is given again.
DOUBTS = frozenset({"cccd_born", "cccd_sex", "file_dark", "file_blurred"})

#: Kinds that say no more than "this is not an answer to the question".
NOT_MEANT = frozenset(
    {
        "empty",
        "text_long",
        "text_short",
        "name_signs",
        "name_one_word",
        "name_long",
        "bool_unclear",
        "choice_unknown",
        "number_unreadable",
        "money_unreadable",
        "date_unreadable",
        "phone_unreadable",
        "cccd_unreadable",
        "email_unreadable",
        "address_short",
        "file_missing",
        "place_short",
        "time_unreadable",
    }
)


def vocabulary(text: str) -> frozenset[str]:
    """A set of words, written as one line of them."""
    return frozenset(text.split())
