"""A form: the questions that the assistant asks to file a procedure, in the words its YAML uses."""

from enum import StrEnum
from typing import Annotated, Any, Self, TypeAlias

import pydantic
from pydantic import Discriminator, StringConstraints, Tag, field_validator, model_validator

from bot.core.parts import ChoiceId, Id, Part, Text

#: What stands behind "_" in the ids of a block's fields, e.g. ``me`` in ``ho_ten_me``.
Ending = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,20}$")]


class Choice(Part):
    id: ChoiceId
    title: Text


class Rejection(Part):
    """An answer that cannot be taken, and what to say then. The condition speaks of `slots.<field id>`."""

    if_: Text = pydantic.Field(alias="if")
    utter: Text


class FieldType(StrEnum):
    TEXT = "text"
    NAME = "name"
    DATE = "date"
    PHONE = "phone"
    CCCD = "cccd"
    NUMBER = "number"
    MONEY = "money"
    CHOICE = "choice"
    BOOL = "bool"
    ADDRESS = "address"
    FILE = "file"
    EMAIL = "email"


class Field(Part):
    """One question of a form."""

    id: Id
    #: How the review list names it.
    label: Text
    #: The question itself, without its number.
    ask: Text
    type: FieldType
    required: bool = True
    #: Said when the citizen asks "là gì?".
    help: Text | None = None
    example: Text | None = None
    choices: tuple[Choice, ...] = ()
    #: Asked only when this holds, e.g. "slots.muc_dich = 'ket_hon'".
    if_: Text | None = pydantic.Field(default=None, alias="if")
    rejections: tuple[Rejection, ...] = ()
    #: Remembered for the citizen's next form.
    persisted: bool = False
    #: Read back with its middle hidden: 0791…2345.
    mask: bool = False
    #: Numbers: the value. Text: its length. Dates: not used, see `past` and `max_age_days`.
    min: int | None = None
    max: int | None = None
    #: A date that cannot lie ahead.
    past: bool = False
    #: A date that cannot lie further back than this.
    max_age_days: int | None = pydantic.Field(default=None, gt=0)
    #: A birth: how many years old they must be at least.
    min_age: int | None = pydantic.Field(default=None, gt=0, le=120)
    #: Of a date the year, or month and year, is enough (births long ago).
    partial: bool = False
    #: An address that must lie in our ward.
    here: bool = False
    #: Of an address the province or the ward is enough.
    rough: bool = False
    #: An address of a time past: its units are written as they were called then.
    historic: bool = False
    #: More than one file may be sent.
    multiple: bool = False

    @model_validator(mode="after")
    def _fits_its_type(self) -> Self:
        if (self.type is FieldType.CHOICE) != bool(self.choices):
            raise ValueError('choices are given exactly when type is "choice"')
        if (
            self.past or self.max_age_days or self.partial or self.min_age
        ) and self.type is not FieldType.DATE:
            raise ValueError('past, max_age_days, min_age and partial are for type "date"')
        if (self.here or self.rough or self.historic) and self.type is not FieldType.ADDRESS:
            raise ValueError('here, rough and historic are for type "address"')
        if self.multiple and self.type is not FieldType.FILE:
            raise ValueError('multiple is for type "file"')
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError("min is greater than max")
        return self


class Person(Part):
    """Somebody a form is about: which fields say who they are.

    A photo of their identity card fills them, and their number must agree with their birth and sex.
    """

    #: Called in a sentence: "mẹ", "bên nam".
    who: Text
    name: Id
    cccd: Id | None = None
    born: Id | None = None
    #: A choice with the ids ``nam`` and ``nu``.
    sex: Id | None = None
    residence: Id | None = None
    #: Where the form does not ask for the sex because it is plain (mother: ``nu``).
    always: Annotated[str, StringConstraints(pattern="^(nam|nu)$")] | None = None

    @property
    def slots(self) -> frozenset[str]:
        """The fields that say who they are."""
        named = (self.name, self.cccd, self.born, self.sex, self.residence)
        return frozenset(one for one in named if one is not None)


class Use(Part):
    """A block of `data/forms.yml` laid in here. ``{nguoi}`` in its words becomes `who`."""

    use: Id
    #: Put behind the ids of its fields: ``ho_ten`` → ``ho_ten_me``.
    as_: Ending | None = pydantic.Field(default=None, alias="as")
    who: Text | None = None
    #: Only these fields of it, in this order.
    only: tuple[Id, ...] = ()
    #: These may be skipped here.
    optional: tuple[Id, ...] = ()
    #: The sex of its person, where that is plain and not asked.
    always: Annotated[str, StringConstraints(pattern="^(nam|nu)$")] | None = None
    #: What is otherwise here, by field: ``{ngay_sinh: {min_age: 70, help: "…"}}``.
    change: dict[Id, dict[str, Any]] = pydantic.Field(default_factory=dict)
    #: All of it is asked only when this holds.
    if_: Text | None = pydantic.Field(default=None, alias="if")


def _kind(given: Any) -> str:
    used = "use" in given if isinstance(given, dict) else isinstance(given, Use)
    return "~use" if used else "~field"


#: A question, or a block of them.
Line: TypeAlias = Annotated[
    Annotated[Field, Tag("~field")] | Annotated[Use, Tag("~use")], Discriminator(_kind)
]


class AskedPaper(Part):
    """A paper of the procedure that the form collects; written alone as its id."""

    id: Id
    #: What it is called here, if its own name is long.
    label: Text | None = None
    #: Asked only when this holds, and needed then: ``slots.quan_he = 'uy_quyen'``.
    if_: Text | None = pydantic.Field(default=None, alias="if")
    #: May be skipped even then; whoever does not have it yet files all the same.
    optional: bool = False


class Form(Part):
    """The questions the assistant asks to file this procedure here."""

    minutes: int = pydantic.Field(gt=0, le=60)
    intro: Text | None = None
    fields: tuple[Line, ...] = pydantic.Field(min_length=1)
    people: tuple[Person, ...] = ()
    #: Papers of the procedure to collect after the questions.
    papers: tuple[AskedPaper, ...] = ()
    #: What happens next, said once the dossier is filed.
    after: Text | None = None

    @field_validator("papers", mode="before")
    @classmethod
    def _an_id_is_enough(cls, given: Any) -> Any:
        if not isinstance(given, list | tuple):
            return given
        return [{"id": one} if isinstance(one, str) else one for one in given]


class Block(Part):
    """Questions that several forms share, such as those about one person."""

    fields: tuple[Field, ...] = pydantic.Field(min_length=1)
    #: If it is about a person: `who` comes from the form.
    person: Person | None = None


class OtherPapers(Part):
    """One question for all papers that are needed in some cases only; ``{giay_to}`` lists them."""

    label: Text
    ask: Text
    help: Text | None = None


class General(Part):
    """The form of a procedure that has none of its own: these questions, then its papers."""

    minutes: int = pydantic.Field(gt=0, le=60)
    #: ``{thu_tuc}`` is the procedure.
    intro: Text
    fields: tuple[Line, ...] = pydantic.Field(min_length=1)
    people: tuple[Person, ...] = ()
    other_papers: OtherPapers
    #: What happens next, by who decides (`bot.core.procedure.DecidedBy`); ``{co_quan}`` is who.
    after: dict[str, Text]


class Forms(Part):
    """`data/forms.yml`: what forms share."""

    blocks: dict[Id, Block] = pydantic.Field(default_factory=dict)
    general: General | None = None
