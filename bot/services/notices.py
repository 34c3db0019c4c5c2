"""What the ward says of its own accord, from ``data/notices.yml``, checked when loaded."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.core import payload
from bot.core.content import ContentError, Document, Problem, check, read_yaml
from bot.services.wording import ButtonWords, Part, unknown_names

#: The longest code a dossier can have: ``H29.118.001.002-261123-0004``.
_LONGEST_CODE = "H29.118.001.002-261123-0004"


class AppointmentWords(Part):
    day_before: str
    hour_before: str
    buttons: tuple[ButtonWords, ...]
    status_buttons: tuple[ButtonWords, ...]
    moved: str
    cancelled: str
    missed: str
    again: tuple[ButtonWords, ...]
    cancelled_by_resident: str


class ReportWords(Part):
    #: By the kind of the dossier.
    answered: dict[str, str]
    buttons: tuple[ButtonWords, ...]
    needs_text: str


class RatingWords(Part):
    #: By the kind of the dossier; a kind that is not here is not asked about.
    ask: dict[str, str]
    buttons: tuple[ButtonWords, ...]
    call: str


class NoticeWords(Part):
    """Reminders, changes of appointments, answers to reports, and the question after a result."""

    appointment: AppointmentWords
    report: ReportWords
    rating: RatingWords


def load_notices(path: Path) -> NoticeWords:
    """Read and check the sentences; ContentError names every mistake with its line."""
    document = read_yaml(path)
    words = check(document, NoticeWords)
    problems = [*unknown_names(document, document.value, ()), *_payloads(document, document.value, ())]
    if problems:
        raise ContentError(problems)
    return words


def _payloads(document: Document, value: Any, at: tuple[str | int, ...]) -> Iterator[Problem]:
    """Every button can be read, and is short enough with the longest code in it."""
    if isinstance(value, list):
        for number, one in enumerate(value):
            yield from _payloads(document, one, (*at, number))
    elif isinstance(value, dict):
        for key, one in value.items():
            if key == "payload":
                filled = str(one).replace("{ma_ho_so}", _LONGEST_CODE)
                if payload.read(filled) is None:
                    yield document.problem(f'"{one}" is no payload', *at, key)
                elif len(filled.encode()) > payload.LIMIT:
                    yield document.problem(f'"{one}" is too long for a button', *at, key)
            else:
                yield from _payloads(document, one, (*at, key))
