"""Makes a flow of a procedure's `form:`: consent, fields, papers, "check your answers", the dossier."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path

from bot.core.content import ContentError, Problem
from bot.core.form import AskedPaper, Field, Form, Forms, Person
from bot.core.messages import Choice
from bot.core.payload import LIMIT, write
from bot.core.procedure import Paper, Procedure
from bot.flow.blocks import Misuse, lay
from bot.flow.conditions import Condition, ConditionError, parse
from bot.flow.general import general_form, has_general_form
from bot.flow.model import END, Branch, Flow, Flows, Rejection, Response, Slot, Step
from bot.flow.wording import CONTEXT, read_template

#: The two questions that every form has.
CONSENT, REVIEW = "dong_y", "kiem_tra"


def compile_forms(procedures: Iterable[Procedure], shared: Forms | None = None) -> Flows:
    """A flow for every procedure that has a form or, being filed online, takes the general one.

    `shared`: what forms share, ``data/forms.yml``. `ContentError` names what the forms get wrong.
    """
    shared = shared or Forms()
    flows: dict[str, Flow] = {}
    problems: list[Problem] = []
    for procedure in procedures:
        if procedure.form is not None:
            maker = _Maker(procedure, procedure.form, shared)
        elif shared.general is not None and has_general_form(procedure):
            form, last = general_form(procedure, shared.general)
            maker = _Maker(procedure, form, shared, last)
        else:
            continue
        flows[procedure.id] = maker.flow()
        problems += maker.problems
    if problems:
        raise ContentError(problems)
    return Flows(flows=flows, forms={id_: id_ for id_ in flows})


def edition(steps: Iterable[Step], slots: Iterable[Slot]) -> str:
    """A short name for what a flow asks and accepts; wording does not change it."""
    return blake2b(repr((tuple(steps), tuple(slots))).encode(), digest_size=5).hexdigest()


class _Maker:
    """Compiles one form, and collects what is wrong with it."""

    def __init__(self, procedure: Procedure, form: Form, shared: Forms, last: tuple[Field, ...] = ()) -> None:
        """`last`: questions that come after the papers."""
        self.procedure = procedure
        self.form = form
        self.shared = shared
        self.last = last
        self.path = Path("data/procedures") / f"{procedure.id}.yml"
        self.problems: list[Problem] = []
        self.slots: dict[str, Slot] = {
            CONSENT: Slot(id=CONSENT, type="bool", label="Đồng ý"),
            REVIEW: Slot(id=REVIEW, type="bool", label="Kiểm tra"),
        }
        self.responses: dict[str, Response] = {}

    def flow(self) -> Flow:
        asked, people = self._laid()
        fields = [self._field(field) for field in asked]
        papers = [self._paper(paper, one) for paper, one in self._papers()]
        last = [self._field(field) for field in self.last]
        steps = _chain([*self._opening(), *fields, *papers, *last, *self._closing()])
        for step in steps:
            self._check_names(step)
        return Flow(
            id=self.procedure.id,
            name=self.procedure.name,
            description=self.procedure.official_name,
            first=steps[0].id,
            steps={step.id: step for step in steps},
            slots=self.slots,
            responses=self.responses,
            people=people,
            persisted=frozenset(field.id for field in asked if field.persisted),
            metadata={
                "procedure": self.procedure.id,
                "kind": "ho_so",
                "progress": True,
                "minutes": self.form.minutes,
            },
            version=edition(steps, self.slots.values()),
        )

    def _laid(self) -> tuple[tuple[Field, ...], tuple[Person, ...]]:
        """The questions with every block laid in, and whom they are about."""
        try:
            laid, people = lay(self.form.fields, self.shared.blocks)
        except Misuse as error:
            self._wrong(str(error))
            return (), ()
        people = (*people, *self.form.people)
        known = {field.id for field in laid}
        for person in people:
            for name in sorted(person.slots - known):
                self._wrong(f'people: "{person.who}" speaks of the field "{name}", which is not asked.')
        return laid, people

    def _opening(self) -> Iterator[Step]:
        if self.form.intro:
            self._say("utter_gioi_thieu", self.form.intro)
            yield Step(id="gioi_thieu", kind="action", target="utter_gioi_thieu")
        agreed = parse(f"slots.{CONSENT}")
        yield Step(
            id=CONSENT,
            kind="collect",
            target=CONSENT,
            utter="utter_xin_dong_y",
            consent=True,
            next=(Branch("bat_dau", agreed), Branch("thoi")),
        )
        yield Step(id="thoi", kind="action", target="utter_thoi", next=(Branch(END),))
        yield Step(id="bat_dau", kind="noop")

    def _closing(self) -> Iterator[Step]:
        yield Step(id=REVIEW, kind="collect", target=REVIEW, utter="utter_kiem_tra_lai", review=True)
        yield Step(id="nop", kind="action", target="action_open_dossier")
        yield Step(id="da_nhan", kind="action", target="utter_da_nhan_ho_so")
        if self.form.after:
            self._say("utter_sau_khi_nop", self.form.after)
            yield Step(id="sau_khi_nop", kind="action", target="utter_sau_khi_nop")

    def _field(self, field: Field) -> Step:
        self._add(
            Slot(
                id=field.id,
                type=field.type.value,
                label=field.label,
                required=field.required,
                help=field.help or "",
                example=field.example or "",
                choices=tuple(Choice(id=one.id, title=one.title) for one in field.choices),
                min=field.min,
                max=field.max,
                past=field.past,
                max_age_days=field.max_age_days,
                min_age=field.min_age,
                partial=field.partial,
                here=field.here,
                rough=field.rough,
                historic=field.historic,
                multiple=field.multiple,
                mask=field.mask,
            )
        )
        self._say(f"utter_ask_{field.id}", field.ask)
        return Step(
            id=field.id,
            kind="collect",
            target=field.id,
            utter=f"utter_ask_{field.id}",
            when=self._condition(field.id, field.if_) if field.if_ else None,
            rejections=tuple(self._rejections(field)),
        )

    def _rejections(self, field: Field) -> Iterator[Rejection]:
        for number, rejection in enumerate(field.rejections, 1):
            condition = self._condition(field.id, rejection.if_)
            if condition is not None:
                utter = f"utter_tu_choi_{field.id}_{number}"
                self._say(utter, rejection.utter)
                yield Rejection(condition, utter)

    def _papers(self) -> Iterator[tuple[Paper, AskedPaper]]:
        known = {paper.id: paper for paper in self.procedure.papers}
        for asked in self.form.papers:
            if asked.id in known:
                yield known[asked.id], asked
            else:
                self._wrong(f'The form asks for the paper "{asked.id}", which the procedure does not have.')

    def _paper(self, paper: Paper, asked: AskedPaper) -> Step:
        # A paper may have the id of a field; as slots they are told apart.
        slot = f"giay_{paper.id}" if paper.id in self.slots else paper.id
        needed = asked.if_ is not None
        self._add(
            Slot(
                id=slot,
                type="file",
                label=asked.label or paper.name,
                required=not asked.optional and (needed or (paper.required and paper.when is None)),
                help=paper.when or "",
                multiple=True,
                paper=paper.id,
            )
        )
        if paper.when is None:
            utter = "utter_hoi_giay_to"
        else:
            # A paper always asked for may have a remark; for one that is not, it says in which case.
            always = paper.required or (needed and not asked.optional)
            utter = "utter_hoi_giay_to_ghi_chu" if always else "utter_hoi_giay_to_neu"
        when = self._condition(slot, asked.if_) if asked.if_ else None
        return Step(id=slot, kind="collect", target=slot, utter=utter, when=when)

    def _add(self, slot: Slot) -> None:
        if slot.id in self.slots:
            self._wrong(f'"{slot.id}" is asked for twice; "{CONSENT}" and "{REVIEW}" belong to every form.')
        longest = max((len(one.id) for one in slot.choices), default=5)
        size = len(write("SetSlots", **{slot.id: "x" * longest}).encode())
        if size > LIMIT:
            self._wrong(f'A button of "{slot.id}" has {size} bytes; {LIMIT} are allowed. Use shorter ids.')
        self.slots[slot.id] = slot

    def _say(self, name: str, text: str) -> None:
        self.responses[name] = Response(read_template(text))

    def _condition(self, asked: str, source: str) -> Condition | None:
        try:
            return parse(source)
        except ConditionError as error:
            self._wrong(f'The condition of "{asked}" cannot be read: {error}.')
            return None

    def _check_names(self, step: Step) -> None:
        conditions = [one.condition for one in step.rejections] + ([step.when] if step.when else [])
        named = {name for condition in conditions for name in condition.names()}
        response = self.responses.get(step.utter or step.target)
        for utter in [response, *(self.responses.get(one.utter) for one in step.rejections)]:
            named |= {part for part in (utter.text if utter else ()) if isinstance(part, tuple)}
        for space, name in sorted(named):
            if name not in (self.slots if space == "slots" else CONTEXT):
                self._wrong(f'"{step.id}" speaks of {space}.{name}, which does not exist.')

    def _wrong(self, message: str) -> None:
        self.problems.append(Problem(self.path, 1, message))


def _chain(steps: list[Step]) -> list[Step]:
    """Each step leads to the next one, unless it says otherwise."""
    following = [step.id for step in steps[1:]] + [END]
    return [
        step if step.next else replace(step, next=(Branch(after),))
        for step, after in zip(steps, following, strict=True)
    ]
