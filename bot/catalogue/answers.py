"""Answers about a procedure: a short answer first, the rest behind buttons, source and date on each."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from bot.catalogue.fees import fee_for
from bot.catalogue.offices import Offices
from bot.catalogue.parts import parts
from bot.catalogue.wording import FEE_UNKNOWN, Aspect, Follow, Sentence, Wording
from bot.core import payload
from bot.core.counters import Counters
from bot.core.messages import Button
from bot.core.procedure import About, DecidedBy, Fee, FeeState, Paper, Procedure, Way

#: Related procedures offered at once.
_MOST_RELATED = 3
#: Nobody types a longer name into a search field.
_READABLE = 120
#: Which part of a procedure's file an aspect speaks of.
PARTS = {
    Aspect.DOCUMENTS: About.PAPERS,
    Aspect.FEE: About.FEE,
    Aspect.TIME: About.TIME,
    Aspect.WHERE: About.WAYS,
    Aspect.HOW_ONLINE: About.WAYS,
    Aspect.ELIGIBILITY: About.CONDITIONS,
    Aspect.STEPS: About.STEPS,
    Aspect.RESULT: About.RESULT,
    Aspect.LEGAL: About.LAW,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What to say, on whatever channel."""

    text: str
    buttons: tuple[Button, ...] = ()
    #: There is a further part, behind the first button.
    more: bool = False


class Answers:
    """Speaks about procedures in the ward's wording."""

    def __init__(
        self,
        wording: Wording,
        offices: Offices,
        names: Mapping[str, str],
        counters: Counters | None = None,
    ) -> None:
        """`names`: what every procedure is called, by id. `counters`: where one can book for it."""
        self._counters = counters
        self._names = names
        self._say = wording.say
        self._wording = wording
        self._offices = offices
        self._aspects: dict[Aspect, Callable[[Procedure], str]] = {
            Aspect.OVERVIEW: self._overview,
            Aspect.DOCUMENTS: self._documents,
            Aspect.FEE: self._fee,
            Aspect.TIME: self._time,
            Aspect.WHERE: self._where,
            Aspect.HOW_ONLINE: self._how_online,
            Aspect.ELIGIBILITY: self._eligibility,
            Aspect.STEPS: self._steps,
            Aspect.RESULT: self._result,
            Aspect.LEGAL: self._legal,
            Aspect.QUESTIONS: self._questions,
        }

    def answer(
        self, procedure: Procedure, aspect: Aspect, *, part: int = 1, can_file: bool = False
    ) -> Answer:
        """The answer to one aspect, or a later part of it (counted from 1; one past the end is the last).

        `can_file`: the procedure can be filed with the assistant now.
        """
        cut = parts(self._aspects[aspect](procedure), self._wording.longest)
        part = min(max(part, 1), len(cut))
        text = cut[part - 1]
        if part > 1:
            text = f"{self._say(Sentence.MORE, name=procedure.name)}\n{text}"
        more = []
        if part < len(cut):
            further = payload.write("Ask", aspect.value, procedure.id, str(part + 1))
            more = [Button(title=self._wording.buttons[Follow.MORE], payload=further)]
        buttons = (*more, *self._buttons(procedure, aspect, can_file))[: self._wording.most_buttons]
        return Answer(f"{text}\n\n{self.source(procedure, aspect)}", buttons, more=bool(more))

    def count_fee(
        self, procedure: Procedure, copies: int, pages: int, *, can_file: bool = False
    ) -> Answer | None:
        """What `copies` copies of `pages` pages cost; None if it is not charged by the page or the copy."""
        counted = fee_for(procedure, copies, pages)
        if counted is None:
            return None
        said = self._say(
            Sentence.FEE_COUNTED_COPIES if counted.pages is None else Sentence.FEE_COUNTED,
            copies=copies,
            pages=counted.pages,
            each=dong(counted.each),
            total=dong(counted.total),
        )
        told = [said, self._tariff(procedure), *_once([procedure.fee_note])]
        text = "\n".join(line for line in told if line)
        text = f"{text}\n\n{self.source(procedure, Aspect.FEE)}"
        return Answer(text, self._buttons(procedure, Aspect.FEE, can_file))

    def source(self, procedure: Procedure, aspect: Aspect = Aspect.OVERVIEW) -> str:
        """Where the facts of this aspect come from, and of which month."""
        law = f" · {procedure.law[0]}" if procedure.law else ""
        source = procedure.source_of(PARTS.get(aspect))
        return self._say(Sentence.SOURCE, name=source.name, as_of=source.month, law=law)

    def short_fee(self, procedure: Procedure) -> str:
        """The fee in one line."""
        if procedure.tariff:
            return self._tariff(procedure)
        if not procedure.ways:
            return self._fee_of(procedure, Fee(state=FeeState.NOT_LOOKED_UP))
        return _in_one_line(self._by_way(procedure, self._fee_by, Sentence.WAY_SHORT))

    def short_time(self, procedure: Procedure) -> str:
        """The time limit in one line; says so where there is more to know of it."""
        if not procedure.ways:
            return self._time_unknown(procedure)
        line = _in_one_line(self._by_way(procedure, self._time_of, Sentence.WAY_SHORT))
        if any(way.time and way.time.note for way in procedure.ways):
            return self._say(Sentence.TIME_NOTED, time=line.rstrip("."))
        return line

    # -- one aspect each ------------------------------------------------------------------------

    def _overview(self, procedure: Procedure) -> str:
        said = self._say(
            Sentence.OVERVIEW,
            name=procedure.name,
            code=procedure.code,
            decided_by=self._decided_by(procedure),
            result=procedure.result or self._say(self._result_unknown(procedure)),
            time=self.short_time(procedure),
            fee=self.short_fee(procedure),
        )
        names = ", ".join(procedure.names[:4])
        called = [self._say(Sentence.ALSO_CALLED, names=names)] if names else []
        return "\n".join([said, *called, self._say(Sentence.OVERVIEW_MORE)])

    def _documents(self, procedure: Procedure) -> str:
        if About.PAPERS in procedure.not_looked_up:
            return self._not_looked_up(procedure)
        left = [paper for paper in procedure.papers if not paper.present]
        always = [self._paper(paper) for paper in left if paper.required]
        sometimes = [self._paper(paper) for paper in left if not paper.required]
        present = [self._paper(paper) for paper in procedure.papers if paper.present]
        parts = [
            self._say(Sentence.DOCUMENTS, name=procedure.name, list=_numbered(always))
            if always
            else self._say(Sentence.DOCUMENTS_NONE, name=procedure.name)
        ]
        if sometimes:
            parts.append(self._say(Sentence.DOCUMENTS_SOMETIMES, list=_dotted(sometimes)))
        if present:
            parts.append(self._say(Sentence.DOCUMENTS_PRESENT, list=_dotted(present)))
        if procedure.papers_note:
            parts.append(procedure.papers_note)
        return "\n".join(parts)

    def _fee(self, procedure: Procedure) -> str:
        lines = [self._tariff(procedure)] if procedure.tariff else self._by_way(procedure, self._fee_by)
        notes = [*(way.fee.note for way in procedure.ways), procedure.fee_note]
        lines = lines or [self._fee_of(procedure, Fee(state=FeeState.NOT_LOOKED_UP))]
        return self._say(Sentence.FEE, name=procedure.name, fee="\n".join([*lines, *_once(notes)]))

    def _time(self, procedure: Procedure) -> str:
        lines = self._by_way(procedure, self._time_of) or [self._time_unknown(procedure)]
        notes = _once(way.time.note for way in procedure.ways if way.time)
        return self._say(Sentence.TIME, name=procedure.name, time="\n".join([*lines, *notes]))

    def _where(self, procedure: Procedure) -> str:
        office = self._offices.taking_in(procedure)
        ways = [f"{self._wording.ways[way.how]}. {way.note or ''}".strip() for way in procedure.ways]
        said = [
            self._say(
                Sentence.WHERE,
                name=procedure.name,
                office=office.name,
                address=f", {office.address}" if office.address else "",
            )
        ]
        if ways:
            said.append(self._say(Sentence.WHERE_WAYS, ways=_dotted(_once(ways))))
        if office.hours:
            said.append(self._say(Sentence.OFFICE_HOURS, hours=office.hours))
        if office.phone:
            said.append(self._say(Sentence.OFFICE_PHONE, phone=office.phone))
        if office.note:
            said.append(office.note)
        return "\n".join(said)

    def _how_online(self, procedure: Procedure) -> str:
        if About.WAYS in procedure.not_looked_up:
            return self._not_looked_up(procedure)
        online = next((way for way in procedure.ways if way.how == "online"), None)
        if online is None:
            return self._say(Sentence.HOW_ONLINE_NO, name=procedure.name)
        parts = [self._online_steps(procedure, online)]
        if online.level:
            level = self._wording.levels[online.level]
            parts.append(self._say(Sentence.HOW_ONLINE_LEVEL, level=level))
        # That it is filed on the portal was said in the first line.
        if online.note and online.note != f"Nộp trên {self._offices.portal.name}.":
            parts.append(online.note)
        parts.append(self._say(Sentence.HOW_ONLINE_SAFE))
        return "\n".join(parts)

    def _online_steps(self, procedure: Procedure, online: Way) -> str:
        if online.steps:
            return self._say(Sentence.HOW_ONLINE_OWN, name=procedure.name, list=_numbered(online.steps))
        return self._say(
            Sentence.HOW_ONLINE,
            name=procedure.name,
            official_name=procedure.official_name
            if len(procedure.official_name) <= _READABLE
            else procedure.name,
            code=procedure.code,
            portal=self._offices.portal.name,
            url=self._offices.portal.url,
        )

    def _eligibility(self, procedure: Procedure) -> str:
        if not procedure.applicants and not procedure.conditions:
            if {About.APPLICANTS, About.CONDITIONS} & set(procedure.not_looked_up):
                return self._not_looked_up(procedure)
            return self._say(Sentence.ELIGIBILITY_SILENT, name=procedure.name)
        parts = [self._say(Sentence.ELIGIBILITY, name=procedure.name)]
        if procedure.applicants:
            parts.append(self._say(Sentence.APPLICANTS, list=_dotted(procedure.applicants)))
        if procedure.conditions:
            parts.append(self._say(Sentence.CONDITIONS, list=_dotted(procedure.conditions)))
        return "\n".join(parts)

    def _steps(self, procedure: Procedure) -> str:
        if not procedure.steps:
            if About.STEPS in procedure.not_looked_up:
                return self._not_looked_up(procedure)
            return self._say(Sentence.STEPS_SILENT, name=procedure.name)
        return self._say(Sentence.STEPS, name=procedure.name, list=_numbered(procedure.steps))

    def _result(self, procedure: Procedure) -> str:
        if not procedure.result:
            if About.RESULT in procedure.not_looked_up:
                return self._not_looked_up(procedure)
            return self._say(Sentence.RESULT_SILENT, name=procedure.name)
        return self._say(Sentence.RESULT, name=procedure.name, result=procedure.result)

    def _legal(self, procedure: Procedure) -> str:
        if not procedure.law:
            if About.LAW in procedure.not_looked_up:
                return self._not_looked_up(procedure)
            return self._say(Sentence.LEGAL_SILENT, name=procedure.name)
        return self._say(Sentence.LEGAL, name=procedure.name, list=_dotted(procedure.law))

    def _questions(self, procedure: Procedure) -> str:
        if not procedure.questions:
            return self._say(Sentence.QUESTIONS_NONE, name=procedure.name)
        asked = [self._say(Sentence.QUESTION, ask=one.ask, answer=one.answer) for one in procedure.questions]
        return self._say(Sentence.QUESTIONS, name=procedure.name, list="\n".join(asked))

    def _result_unknown(self, procedure: Procedure) -> Sentence:
        asked = About.RESULT in procedure.not_looked_up
        return Sentence.RESULT_NOT_LOOKED_UP if asked else Sentence.RESULT_UNKNOWN

    def _not_looked_up(self, procedure: Procedure) -> str:
        return self._say(Sentence.NOT_LOOKED_UP, name=procedure.name)

    # -- pieces ---------------------------------------------------------------------------------

    def _decided_by(self, procedure: Procedure) -> str:
        if procedure.decided_by is DecidedBy.OTHER:
            return procedure.decided_by_name or ""
        return self._wording.decided_by[procedure.decided_by]

    def _paper(self, paper: Paper) -> str:
        counts = []
        if paper.original:
            counts.append(self._say(Sentence.PAPER_ORIGINAL, number=paper.original))
        if paper.copies:
            counts.append(self._say(Sentence.PAPER_COPY, number=paper.copies))
        count = f" ({', '.join(counts)})" if counts else ""
        said = self._say(Sentence.PAPER, paper=paper.name, count=count)
        if paper.form:
            said += " " + self._say(Sentence.PAPER_FORM, form=paper.form)
        if paper.when:
            said += " " + self._say(Sentence.PAPER_WHEN, when=paper.when)
        return said

    def _by_way(
        self,
        procedure: Procedure,
        says: Callable[[Procedure, Way], str],
        sentence: Sentence = Sentence.WAY,
    ) -> list[str]:
        """One line when all ways agree, else a line for each."""
        said: dict[str, list[str]] = {}
        for way in procedure.ways:
            ways = said.setdefault(says(procedure, way), [])
            if (name := self._wording.ways[way.how]) not in ways:
                ways.append(name)
        if len(said) == 1:
            return list(said)
        return [self._say(sentence, way=" / ".join(ways), says=text) for text, ways in said.items()]

    def _fee_by(self, procedure: Procedure, way: Way) -> str:
        return self._fee_of(procedure, way.fee)

    def _fee_of(self, procedure: Procedure, fee: Fee) -> str:
        if fee.state is not FeeState.KNOWN:
            return self._say(FEE_UNKNOWN[fee.state], who=self._wording.short_names[procedure.decided_by])
        if fee.amount is not None:
            return self._amount(fee.amount, fee.unit)
        cases = (
            self._say(Sentence.FEE_CASE, when=case.when, fee=self._amount(case.amount, case.unit).rstrip("."))
            for case in fee.cases
        )
        return "; ".join(cases)

    def _amount(self, amount: int, unit: str | None) -> str:
        if amount == 0:
            return self._say(Sentence.FEE_FREE)
        if unit:
            return self._say(Sentence.FEE_AMOUNT_PER, amount=dong(amount), unit=unit)
        return self._say(Sentence.FEE_AMOUNT, amount=dong(amount))

    def _tariff(self, procedure: Procedure) -> str:
        tariff = procedure.tariff
        if tariff is None:
            return ""
        lines = []
        for band, after in zip(tariff.bands, [*tariff.bands[1:], None], strict=True):
            price = dong(band.price)
            if after is None:
                lines.append(self._say(Sentence.FEE_TARIFF_LAST, price=price, first=band.from_page))
            else:
                last = after.from_page - 1
                lines.append(
                    self._say(Sentence.FEE_TARIFF_BAND, price=price, first=band.from_page, last=last)
                )
        if tariff.cap:
            lines.append(self._say(Sentence.FEE_TARIFF_CAP, amount=dong(tariff.cap)))
        return self._say(Sentence.FEE_TARIFF, list=", ".join(lines))

    def _time_of(self, procedure: Procedure, way: Way) -> str:
        time = way.time
        if time is None:
            return self._time_unknown(procedure)
        if time.same_day:
            return self._say(Sentence.TIME_SAME_DAY)
        if time.value is None or time.unit is None:
            return self._say(Sentence.TIME_BY_SLIP)
        return self._say(Sentence.TIME_VALUE, value=time.value, unit=self._wording.units[time.unit])

    def _time_unknown(self, procedure: Procedure) -> str:
        asked = About.TIME in procedure.not_looked_up
        sentence = Sentence.TIME_NOT_LOOKED_UP if asked else Sentence.TIME_SILENT
        return self._say(sentence, who=self._wording.short_names[procedure.decided_by])

    def _counter(self, procedure: Procedure) -> str | None:
        """What books a half hour at the counter of its field; None if no counter of the ward takes it."""
        if self._counters is None or self._offices.taking_in(procedure) is not self._offices.offices[0]:
            return None
        counter = self._counters.of_field(procedure.field)
        return payload.write("StartFlow", self._counters.flow, quay=counter.id) if counter else None

    def _buttons(self, procedure: Procedure, aspect: Aspect, can_file: bool) -> tuple[Button, ...]:
        titles = self._wording.buttons
        buttons = []
        if can_file:
            buttons.append(
                Button(title=titles[Follow.FILE], payload=payload.write("StartFlow", procedure.id))
            )
        if procedure.appointment_flow:
            buttons.append(
                Button(
                    title=titles[Follow.APPOINTMENT],
                    payload=payload.write("StartFlow", procedure.appointment_flow),
                )
            )
        elif (counter := self._counter(procedure)) is not None:
            buttons.append(Button(title=titles[Follow.APPOINTMENT], payload=counter))
        if aspect is Aspect.HOW_ONLINE and _has(procedure, aspect):
            buttons += [
                Button(title=one.title, payload=payload.write("StartFlow", one.flow))
                for one in self._wording.online_flows
            ]
        if aspect is Aspect.QUESTIONS:
            buttons += [
                Button(title=self._names[one], payload=payload.write("Ask", Aspect.OVERVIEW.value, one))
                for one in procedure.related[:_MOST_RELATED]
            ]
        for other in self._wording.follow_ups[aspect]:
            if other is not aspect and _has(procedure, other):
                buttons.append(
                    Button(title=titles[other], payload=payload.write("Ask", other.value, procedure.id))
                )
        return tuple(buttons)


def dong(amount: int) -> str:
    """As it is written here: 200000 → "200.000 đồng"."""
    return f"{amount:,}".replace(",", ".") + " đồng"


def _has(procedure: Procedure, aspect: Aspect) -> bool:
    """Whether a button for it would lead to more than "the source does not say"."""
    match aspect:
        case Aspect.ELIGIBILITY:
            return bool(procedure.applicants or procedure.conditions)
        case Aspect.STEPS:
            return bool(procedure.steps)
        case Aspect.QUESTIONS:
            return bool(procedure.questions or procedure.related)
        case Aspect.LEGAL:
            return bool(procedure.law)
        case Aspect.RESULT:
            return bool(procedure.result)
        case Aspect.DOCUMENTS:
            return About.PAPERS not in procedure.not_looked_up
        case Aspect.HOW_ONLINE:
            return any(way.how == "online" for way in procedure.ways)
    return True


def _numbered(lines: Iterable[str]) -> str:
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))


def _dotted(lines: Iterable[str]) -> str:
    return "\n".join(f"• {line}" for line in lines)


def _in_one_line(lines: Iterable[str]) -> str:
    return "; ".join(line.rstrip(".") for line in lines) + "."


def _once(lines: Iterable[str | None]) -> list[str]:
    return list(dict.fromkeys(line for line in lines if line))
