"""A procedure of the one-stop desk, in the words its YAML file uses. The schema authors write against."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self

import pydantic
from pydantic import StringConstraints, field_validator, model_validator

from bot.core.form import Form
from bot.core.parts import Id, Part, Text

Code = Annotated[str, StringConstraints(pattern=r"^\d\.\d{6}$")]
AsOf = Annotated[str, StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?$")]


class DecidedBy(StrEnum):
    UBND_PHUONG = "ubnd_phuong"
    CONG_AN_PHUONG = "cong_an_phuong"
    OTHER = "other"


class Paper(Part):
    """One paper of the dossier."""

    id: Id
    name: Text
    #: How many originals and copies stay with the desk.
    original: int = pydantic.Field(default=0, ge=0)
    copies: int = pydantic.Field(default=0, ge=0)
    #: In which case it is needed; empty means always.
    when: Text | None = None
    #: Number of the official form, e.g. "Mẫu CT01, Thông tư 53/2025/TT-BCA".
    form: Text | None = None
    form_url: Text | None = None
    required: bool = True
    #: Shown at the desk and taken home again (xuất trình), not left there.
    present: bool = False
    #: A photo or a file of it can be sent when filing online.
    upload: bool = False


class TimeUnit(StrEnum):
    NGAY = "ngay"
    NGAY_LAM_VIEC = "ngay_lam_viec"
    GIO = "gio"
    THANG = "thang"


class Time(Part):
    """How long one way of filing takes: a number with its unit, the same day, or what the slip says."""

    value: int | None = pydantic.Field(default=None, gt=0)
    unit: TimeUnit | None = None
    #: Done on the day it is received.
    same_day: bool = False
    #: The source gives no unit, so only the appointment slip (phiếu hẹn) can say.
    by_slip: bool = False
    note: Text | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if (self.value is None) != (self.unit is None):
            raise ValueError("a time needs both value and unit, or neither")
        if (self.value is not None) + self.same_day + self.by_slip != 1:
            raise ValueError("a time is exactly one of: value with unit, same_day: true, by_slip: true")
        return self


class FeeState(StrEnum):
    KNOWN = "known"
    #: The source was read and names no fee. That is not "free".
    SILENT = "silent"
    NOT_LOOKED_UP = "not_looked_up"


class FeeCase(Part):
    """What is paid in one case of several."""

    when: Text
    #: In đồng.
    amount: int = pydantic.Field(ge=0)
    unit: Text | None = None


class Fee(Part):
    state: FeeState
    #: In đồng. 0 means the source says that nothing is charged.
    amount: int | None = pydantic.Field(default=None, ge=0)
    #: What one amount buys, e.g. "bản" or "trang"; empty: the whole dossier.
    unit: Text | None = None
    #: In place of `amount`, where it depends on the case.
    cases: tuple[FeeCase, ...] = ()
    note: Text | None = None

    @model_validator(mode="after")
    def _known_has_an_amount(self) -> Self:
        stated = (self.amount is not None) + bool(self.cases)
        if stated != (self.state is FeeState.KNOWN):
            raise ValueError("a fee has an amount, or cases, exactly when its state is known")
        return self


class Way(Part):
    """One way to file, with its own time and fee."""

    how: Literal["online", "post", "counter"]
    level: Literal["mot_phan", "toan_trinh"] | None = None
    time: Time | None = None
    fee: Fee = Fee(state=FeeState.NOT_LOOKED_UP)
    note: Text | None = None
    #: Steps of this way alone, told in place of the usual ones.
    steps: tuple[Text, ...] = ()


class Band(Part):
    """From this page on, a page costs this much, until the next band begins."""

    from_page: int = pydantic.Field(ge=1)
    price: int = pydantic.Field(ge=0)


class Tariff(Part):
    """A fee that is counted by the page."""

    bands: tuple[Band, ...] = pydantic.Field(min_length=1)
    #: The most one copy can cost.
    cap: int | None = pydantic.Field(default=None, gt=0)

    @field_validator("bands")
    @classmethod
    def _bands_rise_from_one(cls, bands: tuple[Band, ...]) -> tuple[Band, ...]:
        starts = [band.from_page for band in bands]
        if starts[0] != 1 or starts != sorted(set(starts)):
            raise ValueError("bands must begin at from_page 1 and rise")
        return bands


class Question(Part):
    """A question people often ask, and its answer."""

    ask: Text
    answer: Text


class Source(Part):
    """Where the facts come from and when they were read."""

    name: Text
    #: "2026-07" or "2026-08-06".
    as_of: AsOf
    url: Text | None = None

    @field_validator("as_of", mode="before")
    @classmethod
    def _date_as_text(cls, value: object) -> object:
        return value.isoformat() if isinstance(value, date) else value

    @property
    def month(self) -> str:
        """As people write it: "07/2026"."""
        year, month = self.as_of.split("-")[:2]
        return f"{month}/{year}"


class About(StrEnum):
    """The parts of a procedure that a source can speak of, by their names in the file."""

    APPLICANTS = "applicants"
    CONDITIONS = "conditions"
    PAPERS = "papers"
    WAYS = "ways"
    TIME = "time"
    FEE = "fee"
    RESULT = "result"
    STEPS = "steps"
    LAW = "law"


class FurtherSource(Source):
    """A source of some parts alone, where it says more or newer things than the main one."""

    about: tuple[About, ...] = pydantic.Field(min_length=1)


class Procedure(Part):
    """What the ward knows of one procedure."""

    id: Id
    #: The national code, in quotes: "1.001193".
    code: Code
    name: Text
    official_name: Text
    #: What people call it: "giấy độc thân", "sao y".
    names: tuple[Text, ...] = ()
    #: Lĩnh vực.
    field: Text
    decided_by: DecidedBy
    #: Who decides, when decided_by is "other".
    decided_by_name: Text | None = None
    #: The office of data/offices.yml that takes it in, when that is not the one of `decided_by`.
    handed_in_at: Id | None = None
    applicants: tuple[Text, ...] = ()
    conditions: tuple[Text, ...] = ()
    papers: tuple[Paper, ...] = ()
    #: Something true of the papers as a whole.
    papers_note: Text | None = None
    ways: tuple[Way, ...] = ()
    #: What holds for the fee whatever the way.
    fee_note: Text | None = None
    tariff: Tariff | None = None
    result: Text | None = None
    steps: tuple[Text, ...] = ()
    #: The first one is named with every answer, so put the one that matters most first.
    law: tuple[Text, ...] = ()
    related: tuple[Id, ...] = ()
    questions: tuple[Question, ...] = ()
    source: Source
    #: Sources of single parts; each part's answer names its own.
    further_sources: tuple[FurtherSource, ...] = ()
    #: Parts that no source we have describes. Left empty, and said to be so; an empty part that is not
    #: listed here means that the source was read and is silent.
    not_looked_up: tuple[About, ...] = ()
    form: Form | None = None
    #: The flow that books a visit to the counter for it.
    appointment_flow: Id | None = None

    @model_validator(mode="after")
    def _other_is_named(self) -> Self:
        if (self.decided_by is DecidedBy.OTHER) != (self.decided_by_name is not None):
            raise ValueError('decided_by_name is given exactly when decided_by is "other"')
        return self

    @model_validator(mode="after")
    def _open_parts_are_empty(self) -> Self:
        for part in self.not_looked_up:
            if self._states(part):
                raise ValueError(f"not_looked_up names {part}, but the file states it")
        for part, needed in ((About.PAPERS, self.papers or self.papers_note), (About.WAYS, self.ways)):
            if not needed and part not in self.not_looked_up:
                raise ValueError(f"{part} is empty: state it, or name it in not_looked_up")
        for one in self.further_sources:
            for part in one.about:
                if not self._states(part):
                    raise ValueError(f"further_sources speaks of {part}, which the file does not state")
        return self

    def _states(self, part: About) -> bool:
        """Whether the file says anything of this part."""
        match part:
            case About.TIME:
                return any(way.time for way in self.ways)
            case About.FEE:
                return self.tariff is not None or any(
                    way.fee.state is not FeeState.NOT_LOOKED_UP for way in self.ways
                )
        return bool(getattr(self, part.value))

    def source_of(self, part: About | None) -> Source:
        """Where this part comes from; None: the procedure as a whole."""
        return next((one for one in self.further_sources if part in one.about), self.source)
