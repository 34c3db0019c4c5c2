"""What the ward knows, as replies: answers about procedures, fixed sayings, search, "which do you mean?"."""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pydantic

from bot.catalogue.answers import Answer, Answers
from bot.catalogue.beliefs import BeliefFinder
from bot.catalogue.fields import Fields
from bot.catalogue.load import Catalogue
from bot.catalogue.offices import Offices, OtherAgency
from bot.catalogue.wording import Aspect
from bot.core import payload
from bot.core.content import ContentError, check, read_yaml
from bot.core.messages import Button, Reply
from bot.core.procedure import Procedure
from bot.core.text import fold
from bot.services.wording import ButtonWords, buttons, say

#: Sayings the program itself says, whatever understanding asks for.
OURS = (
    "error",
    "clarify",
    "found",
    "unknown_fact",
    "help",
    "elsewhere",
    "belief",
    "belief_beside",
    "holds_unknown",
    "browse",
    "browse_group",
    "browse_more",
    "handover_offered",
    "handover_code",
    "handover_nothing",
    "handover_taken",
    "handover_refused",
    "handover_gone",
)
#: Procedures shown at once when browsing.
PAGE = 8
#: Below this the words of another agency's matter were met by chance.
SURE_ELSEWHERE = 0.6

_COUNT = r"\b(\d{1,3}|mot|hai|ba|bon|nam|sau|bay|tam|chin|muoi) ?(?:%s)\b"
_COPIES = re.compile(_COUNT % "ban|bo")
_PAGES = re.compile(_COUNT % "trang|to")
_IN_WORDS = ("mot", "hai", "ba", "bon", "nam", "sau", "bay", "tam", "chin", "muoi")
#: "xài được mấy tháng", "có giá trị bao lâu": how long a paper holds, not how long one waits for it.
_HOLDS = re.compile(r"\b(?:gia tri|hieu luc|xai duoc|dung duoc|su dung duoc|han su dung|con han|het han)\b")


def copies_and_pages(text: str) -> tuple[int | None, int | None]:
    """How many copies, and how many pages each, a text speaks of: "5 bản, mỗi bản ba trang" → (5, 3)."""

    def count(pattern: re.Pattern[str]) -> int | None:
        for found in pattern.findall(fold(text)):
            number = _IN_WORDS.index(found) + 1 if found in _IN_WORDS else int(found)
            if number:
                return number
        return None

    return count(_COPIES), count(_PAGES)


Search = Callable[[str], Sequence[tuple[str, float]]]


class Saying(pydantic.BaseModel):
    """One fixed answer: its text, and what can be tapped below it."""

    model_config = pydantic.ConfigDict(frozen=True, extra="forbid")

    text: str
    buttons: tuple[ButtonWords, ...] = ()


class _Sayings(pydantic.RootModel[dict[str, Saying]]):
    pass


def load_sayings(path: Path) -> Mapping[str, Saying]:
    """Read ``data/sayings.yml``; ContentError names every mistake with its line."""
    document = read_yaml(path)
    sayings = check(document, _Sayings).root
    problems = [document.problem(f'the saying "{name}" is missing') for name in OURS if name not in sayings]
    for name, saying in sayings.items():
        for index, button in enumerate(saying.buttons):
            if payload.read(button.payload) is None or len(button.payload.encode()) > payload.LIMIT:
                wrong = f'"{button.payload}" is no payload of at most {payload.LIMIT} bytes'
                problems.append(document.problem(wrong, name, "buttons", index))
    if problems:
        raise ContentError(problems)
    return sayings


class Knowledge:
    def __init__(
        self,
        *,
        catalogue: Catalogue,
        answers: Answers,
        sayings: Mapping[str, Saying],
        facts: Mapping[str, str],
        fileable: frozenset[str],
        search: Search,
        others: Mapping[str, OtherAgency],
        search_others: Search,
        fields: Fields,
        beliefs: BeliefFinder,
        offices: Offices,
    ) -> None:
        self._catalogue = catalogue
        self._answers = answers
        self._sayings = sayings
        unknown = sayings["unknown_fact"].text
        self._facts = {name: fact or unknown for name, fact in facts.items()}
        own = [one for one in offices.offices if not one.elsewhere]
        told = {
            "hours": [(one.name, one.hours) for one in own],
            "addresses": [(one.name, one.address) for one in own],
        }
        for name, lines in told.items():
            self._facts[f"offices.{name}"] = "\n".join(f"• {who}: {it or unknown}" for who, it in lines)
        self._fileable = fileable
        self._search = search
        self._others = others
        self._search_others = search_others
        self._fields = fields
        self._beliefs = beliefs

    def ask(
        self, aspect: str, procedure: str, text: str = "", *, part: int = 1, busy: bool = False
    ) -> tuple[Reply, ...]:
        """The answer about one procedure; with copies and pages in the text, the fee is counted.

        `busy`: a form is in hand, so only the rest of a long answer is offered, and no other matter.
        """
        known = self._catalogue.get(procedure)
        if known is None or aspect not in set(Aspect):
            return (self.say("help"),)
        can_file = procedure in self._fileable
        answer: Answer | None = None
        if aspect == Aspect.FEE and part == 1:
            copies, pages = copies_and_pages(text)
            if copies or pages:
                answer = self._answers.count_fee(known, copies or 1, pages or 1, can_file=can_file)
        if answer is None:
            answer = self._answers.answer(known, Aspect(aspect), part=part, can_file=can_file)
        said = answer.text
        if aspect == Aspect.TIME and _HOLDS.search(fold(text)):
            said = self._holds(known)
        if belief := self._beliefs.find(text):
            said = say(self._sayings["belief_beside"].text, answer=said, belief=belief.answer)
        offered = answer.buttons[:1] if answer.more else ()
        return (Reply(text=said, buttons=offered if busy else answer.buttons),)

    def _holds(self, procedure: Procedure) -> str:
        """How long its paper holds, if its file tells."""
        told = [f"{one.ask}\n{one.answer}" for one in procedure.questions if _HOLDS.search(fold(one.ask))]
        return "\n\n".join(told) or say(self._sayings["holds_unknown"].text, name=procedure.name)

    def belief(self, text: str) -> Reply | None:
        """What holds now, if the text speaks of something that no longer does."""
        belief = self._beliefs.find(text)
        if belief is None:
            return None
        saying = self._sayings["belief"]
        facts = {"belief": belief.answer, "source": belief.source.name, "as_of": belief.source.month}
        return Reply(text=say(saying.text, **facts), buttons=buttons(saying.buttons, **self._facts))

    def browse(self, group_id: str | None, page: int) -> Reply:
        """The groups of fields; or a page of the procedures of one."""
        group = self._fields.get(group_id) if group_id else None
        if group is None:
            groups = [
                Button(title=one.name, payload=payload.write("Browse", one.id)) for one in self._fields.groups
            ]
            return self._with(self._sayings["browse"], groups)
        found = self._fields.within(group, self._catalogue.procedures.values())
        page = min(max(page, 1), max(1, -(-len(found) // PAGE)))
        shown = [
            Button(title=one.name, payload=payload.write("Ask", "overview", one.id))
            for one in found[(page - 1) * PAGE : page * PAGE]
        ]
        if page * PAGE < len(found):
            title = say(self._sayings["browse_more"].text, rest=str(len(found) - page * PAGE))
            shown.append(Button(title=title, payload=payload.write("Browse", group.id, str(page + 1))))
        saying = self._sayings["browse_group"]
        text = say(saying.text, group=group.name, number=str(len(found)))
        return Reply(text=text, buttons=(*shown, *buttons(saying.buttons, **self._facts)))

    def clarify(self, aspect: str, procedures: Sequence[str]) -> Reply:
        """Ask which of these they mean, with a button each."""
        known = [p for p in (self._catalogue.get(one) for one in procedures) if p is not None]
        offered = [
            Button(
                title=one.name,
                payload=payload.write("StartFlow", one.id)
                if aspect == "start" and one.id in self._fileable
                else payload.write("Ask", "overview" if aspect == "start" else aspect, one.id),
            )
            for one in known
        ]
        return self._with(self._sayings["clarify"], offered)

    def find(self, text: str) -> Reply | None:
        """The procedures that fit these words; None if none does."""
        found = [self._catalogue.get(procedure) for procedure, _ in self._search(text)]
        offered = [
            Button(title=one.name, payload=payload.write("Ask", "overview", one.id)) for one in found if one
        ]
        return self._with(self._sayings["found"], offered[:5]) if offered else None

    def elsewhere(self, text: str) -> Reply | None:
        """Whose matter it is, if these words name one that is not the ward's."""
        found = self._search_others(text)
        if not found or found[0][1] < SURE_ELSEWHERE:
            return None
        matter, saying = self._others[found[0][0]], self._sayings["elsewhere"]
        own = buttons(saying.buttons, **self._facts)
        link = (Button(title=saying.text, url=matter.url),) if matter.url else ()
        return Reply(text=matter.text, buttons=(*link, *own))

    def say(self, name: str) -> Reply:
        """A fixed answer. An unknown name is one more way not to have understood."""
        saying = self._sayings.get(name) or self._sayings["help"]
        return self._with(saying, [])

    def _with(self, saying: Saying, offered: list[Button]) -> Reply:
        own = buttons(saying.buttons, **self._facts)
        return Reply(text=say(saying.text, **self._facts), buttons=(*offered, *own))
