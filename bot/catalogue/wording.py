"""The sentences of answers about procedures, read from `data/answers.yml` and checked."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from string import Formatter
from typing import Literal, Self

import pydantic
from pydantic import ConfigDict, model_validator

from bot.core.content import check, filled, read_yaml
from bot.core.parts import Id, Part, Text
from bot.core.procedure import DecidedBy, FeeState, TimeUnit


class Aspect(StrEnum):
    """What one can ask of a procedure."""

    OVERVIEW = "overview"
    DOCUMENTS = "documents"
    FEE = "fee"
    TIME = "time"
    WHERE = "where"
    HOW_ONLINE = "how_online"
    ELIGIBILITY = "eligibility"
    STEPS = "steps"
    RESULT = "result"
    LEGAL = "legal"
    QUESTIONS = "questions"


class Sentence(StrEnum):
    """Every sentence an answer may use; `_GAPS` says which gaps each one may have."""

    SOURCE = "source"
    OVERVIEW = "overview"
    ALSO_CALLED = "also_called"
    OVERVIEW_MORE = "overview_more"
    DOCUMENTS = "documents"
    DOCUMENTS_NONE = "documents_none"
    DOCUMENTS_SOMETIMES = "documents_sometimes"
    DOCUMENTS_PRESENT = "documents_present"
    PAPER = "paper"
    PAPER_WHEN = "paper_when"
    PAPER_FORM = "paper_form"
    PAPER_ORIGINAL = "paper_original"
    PAPER_COPY = "paper_copy"
    FEE = "fee"
    FEE_AMOUNT = "fee_amount"
    FEE_AMOUNT_PER = "fee_amount_per"
    FEE_CASE = "fee_case"
    FEE_FREE = "fee_free"
    FEE_SILENT = "fee_silent"
    FEE_NOT_LOOKED_UP = "fee_not_looked_up"
    FEE_TARIFF = "fee_tariff"
    FEE_TARIFF_BAND = "fee_tariff_band"
    FEE_TARIFF_LAST = "fee_tariff_last"
    FEE_TARIFF_CAP = "fee_tariff_cap"
    FEE_COUNTED = "fee_counted"
    FEE_COUNTED_COPIES = "fee_counted_copies"
    TIME = "time"
    TIME_VALUE = "time_value"
    TIME_SAME_DAY = "time_same_day"
    TIME_BY_SLIP = "time_by_slip"
    TIME_SILENT = "time_silent"
    TIME_NOT_LOOKED_UP = "time_not_looked_up"
    TIME_NOTED = "time_noted"
    WAY = "way"
    WAY_SHORT = "way_short"
    WHERE = "where"
    WHERE_WAYS = "where_ways"
    OFFICE_HOURS = "office_hours"
    OFFICE_PHONE = "office_phone"
    HOW_ONLINE = "how_online"
    HOW_ONLINE_OWN = "how_online_own"
    HOW_ONLINE_SAFE = "how_online_safe"
    HOW_ONLINE_LEVEL = "how_online_level"
    HOW_ONLINE_NO = "how_online_no"
    ELIGIBILITY = "eligibility"
    APPLICANTS = "applicants"
    CONDITIONS = "conditions"
    ELIGIBILITY_SILENT = "eligibility_silent"
    STEPS = "steps"
    STEPS_SILENT = "steps_silent"
    RESULT = "result"
    RESULT_SILENT = "result_silent"
    RESULT_UNKNOWN = "result_unknown"
    RESULT_NOT_LOOKED_UP = "result_not_looked_up"
    LEGAL = "legal"
    LEGAL_SILENT = "legal_silent"
    QUESTIONS = "questions"
    QUESTIONS_NONE = "questions_none"
    QUESTION = "question"
    NOT_LOOKED_UP = "not_looked_up"
    MORE = "more"


_GAPS: dict[Sentence, str] = {
    Sentence.SOURCE: "name as_of law",
    Sentence.OVERVIEW: "name code decided_by result time fee",
    Sentence.ALSO_CALLED: "names",
    Sentence.DOCUMENTS: "name list",
    Sentence.DOCUMENTS_NONE: "name",
    Sentence.DOCUMENTS_SOMETIMES: "list",
    Sentence.DOCUMENTS_PRESENT: "list",
    Sentence.PAPER: "paper count",
    Sentence.PAPER_WHEN: "when",
    Sentence.PAPER_FORM: "form",
    Sentence.PAPER_ORIGINAL: "number",
    Sentence.PAPER_COPY: "number",
    Sentence.FEE: "name fee",
    Sentence.FEE_AMOUNT: "amount",
    Sentence.FEE_AMOUNT_PER: "amount unit",
    Sentence.FEE_CASE: "when fee",
    Sentence.FEE_SILENT: "who",
    Sentence.FEE_NOT_LOOKED_UP: "who",
    Sentence.FEE_TARIFF: "list",
    Sentence.FEE_TARIFF_BAND: "price first last",
    Sentence.FEE_TARIFF_LAST: "price first",
    Sentence.FEE_TARIFF_CAP: "amount",
    Sentence.FEE_COUNTED: "copies pages each total",
    Sentence.FEE_COUNTED_COPIES: "copies each total",
    Sentence.TIME: "name time",
    Sentence.TIME_VALUE: "value unit",
    Sentence.TIME_SILENT: "who",
    Sentence.TIME_NOT_LOOKED_UP: "who",
    Sentence.TIME_NOTED: "time",
    Sentence.WAY: "way says",
    Sentence.WAY_SHORT: "way says",
    Sentence.WHERE: "name office address",
    Sentence.WHERE_WAYS: "ways",
    Sentence.OFFICE_HOURS: "hours",
    Sentence.OFFICE_PHONE: "phone",
    Sentence.HOW_ONLINE: "name official_name code portal url",
    Sentence.HOW_ONLINE_OWN: "name list",
    Sentence.HOW_ONLINE_LEVEL: "level",
    Sentence.HOW_ONLINE_NO: "name",
    Sentence.ELIGIBILITY: "name",
    Sentence.APPLICANTS: "list",
    Sentence.CONDITIONS: "list",
    Sentence.ELIGIBILITY_SILENT: "name",
    Sentence.STEPS: "name list",
    Sentence.STEPS_SILENT: "name",
    Sentence.RESULT: "name result",
    Sentence.RESULT_SILENT: "name",
    Sentence.LEGAL: "name list",
    Sentence.LEGAL_SILENT: "name",
    Sentence.QUESTIONS: "name list",
    Sentence.QUESTIONS_NONE: "name",
    Sentence.QUESTION: "ask answer",
    Sentence.NOT_LOOKED_UP: "name",
    Sentence.MORE: "name",
}


class Follow(StrEnum):
    """Buttons that are no aspect."""

    FILE = "file"
    APPOINTMENT = "appointment"
    #: The next part of a long answer.
    MORE = "more"


class FlowButton(Part):
    """A button that begins a conversation."""

    title: Text
    flow: Id


class Wording(pydantic.BaseModel):
    """`data/answers.yml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sentences: dict[Sentence, Text]
    buttons: dict[Aspect | Follow, Text]
    #: Conversations offered below the answer on filing online.
    online_flows: tuple[FlowButton, ...] = ()
    #: Which aspects are offered below an answer, most wanted first.
    follow_ups: dict[Aspect, tuple[Aspect, ...]]
    units: dict[TimeUnit, Text]
    ways: dict[Literal["online", "post", "counter"], Text]
    levels: dict[Literal["mot_phan", "toan_trinh"], Text]
    #: Who decides, when nobody else is named in the procedure's file.
    decided_by: dict[DecidedBy, Text]
    #: The same, short and in the middle of a sentence.
    short_names: dict[DecidedBy, Text]
    #: A longer answer is given in parts, the rest behind a button. In letters; a line is never cut.
    longest: int = pydantic.Field(default=1000, ge=300, le=3000)
    #: How many buttons one answer may have.
    most_buttons: int = pydantic.Field(default=6, ge=1, le=10)

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        wanted: list[tuple[str, object, object]] = [
            ("sentences", Sentence, self.sentences),
            ("buttons", [*Aspect, *Follow], self.buttons),
            ("follow_ups", Aspect, self.follow_ups),
            ("units", TimeUnit, self.units),
            ("ways", ("online", "post", "counter"), self.ways),
            ("levels", ("mot_phan", "toan_trinh"), self.levels),
            ("short_names", DecidedBy, self.short_names),
            ("decided_by", [who for who in DecidedBy if who is not DecidedBy.OTHER], self.decided_by),
        ]
        for part, all_keys, given in wanted:
            missing = [str(key) for key in all_keys if key not in given]  # type: ignore[attr-defined,operator]
            if missing:
                raise ValueError(f"{part}: {', '.join(missing)} is missing")
        for name, text in self.sentences.items():
            allowed = _GAPS.get(name, "").split()
            for gap in _gaps(name, text):
                if gap not in allowed:
                    can = ", ".join(f"{{{word}}}" for word in allowed) or "none"
                    raise ValueError(f"sentences.{name}: the gap {{{gap}}} is not known; possible: {can}")
        return self

    def say(self, sentence: Sentence, **gaps: object) -> str:
        return self.sentences[sentence].format(**gaps)


def _gaps(name: str, text: str) -> list[str]:
    try:
        parts = list(Formatter().parse(text))
    except ValueError as error:
        raise ValueError(f"sentences.{name}: {error}") from None
    if any(spec or conversion for _, _, spec, conversion in parts):
        raise ValueError(f"sentences.{name}: a gap is only a word in braces")
    return [gap for _, gap, _, _ in parts if gap is not None]


def load_wording(path: Path, facts: Mapping[str, str]) -> Wording:
    """Read and check `data/answers.yml`, with ``{ward.name}`` and the like filled in from `facts`.

    `ContentError` with file and line otherwise.
    """
    return check(filled(read_yaml(path), facts), Wording)


#: The states of a fee that have a sentence of their own.
FEE_UNKNOWN = {FeeState.SILENT: Sentence.FEE_SILENT, FeeState.NOT_LOOKED_UP: Sentence.FEE_NOT_LOOKED_UP}
