"""The sentences around dossiers, from ``data/dossiers.yml``, checked when loaded."""

from pathlib import Path
from string import Formatter

import pydantic

from bot.core import payload
from bot.core.content import ContentError, Document, Problem, check, read_yaml
from bot.core.dossier import NEEDS_REASON, Status
from bot.core.messages import Button
from bot.core.text import nfc


class Part(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(frozen=True, extra="forbid")


class StatusWords(Part):
    #: As lists show it.
    name: str
    #: The button with which an officer moves a dossier here.
    button: str
    #: What its resident is told; empty: nothing.
    notice: str


class ButtonWords(Part):
    title: str
    payload: str


class AskedStatus(Part):
    none: str
    unknown_code: str
    one: str
    reason: str
    due: str
    overdue: str
    appointment: str
    #: By status, for a filing: how it stands and what comes next.
    progress: dict[Status, str] = {}
    #: For one that waits for papers; `{so}` is the number of the code, among several.
    supplement: tuple[ButtonWords, ...]
    withdraw: tuple[ButtonWords, ...]
    withdraw_which: tuple[ButtonWords, ...]
    #: Filed from another account.
    look_up: tuple[ButtonWords, ...]
    look_up_any: tuple[ButtonWords, ...]
    buttons: tuple[ButtonWords, ...] = ()


class LookupWords(Part):
    """What is said to who looks a dossier up by its code."""

    found: str
    #: The code, or the digits: which of them is not said.
    unknown: str
    too_many: str


class RoutingWords(Part):
    """What officers hear of a dossier that nobody has taken up yet."""

    #: On the card: the desk it is forwarded to, who is invited, who next, and who leads them.
    desk: str
    invite: str
    again: str
    head: str
    #: In private: to whoever is invited, and to who leads.
    you: str
    you_lead: str


class CardWords(Part):
    title: str
    kinds: dict[str, str]
    body: str
    status: str
    by_resident: str
    reason: str
    open_on_desk: str
    choose_reason: str
    other_reason: str
    back: str
    ask_reason: str
    supplemented: str
    call: str
    postponed: str
    #: By the clock.
    before: str
    passed: str
    nobody: str


class OfficerWords(Part):
    not_linked: str
    linked: str
    bad_code: str
    not_permitted: str
    too_late: str
    not_allowed: str
    needs_reason: str
    moved: str
    gone: str
    bad_day: str
    day_not_later: str


class DossierWords(Part):
    """Everything that is said about dossiers, to residents and to officers."""

    statuses: dict[Status, StatusWords]
    notice_buttons: dict[Status, tuple[ButtonWords, ...]] = {}
    reasons: dict[Status, tuple[str, ...]] = {}
    #: What has to be given again, and what was.
    again: str
    said_again: str
    apology: str
    #: Said without an officer, only where the settings want it.
    apology_by_itself: str
    status: AskedStatus
    lookup: LookupWords
    routing: RoutingWords
    no_due: str
    #: The due date of what nobody has received yet.
    not_received_yet: str
    #: Who works on it, when no name is known.
    officer: str
    card: CardWords
    officers: OfficerWords


#: What a sentence may name.
KNOWN = {
    "ma_ho_so", "thu_tuc", "ly_do", "can_bo", "han_tra", "luc", "trang_thai", "loai", "nguoi_nop", "so_tep",
    "nut", "ghi_chu", "cac_phan", "so", "noi", "phu_trach",
    "ward.name", "ward.address", "ward.counter", "ward.phone", "ward.hours",
}  # fmt: skip


def load_words(path: Path) -> DossierWords:
    """Read and check the sentences; ContentError names every mistake with its line."""
    document = read_yaml(path)
    words = check(document, DossierWords)
    problems = list(unknown_names(document, document.value, ()))
    for status in Status:
        if status not in words.statuses:
            problems.append(document.problem(f'status "{status}" has no wording', "statuses"))
    for status in NEEDS_REASON:
        if not words.reasons.get(status):
            problems.append(document.problem(f'status "{status}" needs template reasons', "reasons"))
    for status, buttons in words.notice_buttons.items():
        for index, button in enumerate(buttons):
            if payload.read(button.payload) is None:
                problems.append(
                    document.problem(
                        f'"{button.payload}" is no payload', "notice_buttons", status.value, index
                    )
                )
    if problems:
        raise ContentError(problems)
    return words


def say(sentence: str, **values: str) -> str:
    """A sentence with its names filled in; what is not given stays out."""
    return nfc(Formatter().vformat(sentence, (), _Values(values)).strip())


def buttons(words: tuple[ButtonWords, ...], **values: str) -> tuple[Button, ...]:
    return tuple(Button(title=b.title, payload=say(b.payload, **values)) for b in words)


class _Values(dict[str, str]):
    """Names with a dot (``ward.name``) are kept under that name."""

    def __missing__(self, key: str) -> "str | _Dotted":
        return _Dotted(self, key)


class _Dotted:
    def __init__(self, values: dict[str, str], prefix: str) -> None:
        self._values = values
        self._prefix = prefix

    def __getattr__(self, name: str) -> str:
        return self._values.get(f"{self._prefix}.{name}", "")

    def __format__(self, spec: str) -> str:
        return ""


def unknown_names(document: Document, value: object, at: tuple[str | int, ...]) -> list[Problem]:
    """Every name in braces that no sentence may have, in all the texts of this part of a document."""
    if isinstance(value, dict):
        return [p for key, inner in value.items() for p in unknown_names(document, inner, (*at, key))]
    if isinstance(value, list):
        return [p for i, inner in enumerate(value) for p in unknown_names(document, inner, (*at, i))]
    if not isinstance(value, str):
        return []
    try:
        named = [name for _, name, _, _ in Formatter().parse(value) if name is not None]
    except ValueError:
        return [document.problem("a brace is not closed", *at)]
    return [
        document.problem(f"{{{name}}} is not known here; known: {', '.join(sorted(KNOWN))}", *at)
        for name in named
        if name not in KNOWN
    ]
