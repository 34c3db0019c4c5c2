"""From what was heard to what is to be done: intents, procedures and where the citizen stands → a command."""

from dataclasses import dataclass

from bot.core.commands import (
    Ask,
    AskStatus,
    CallOfficer,
    Cancel,
    CannotHandle,
    Clarify,
    Command,
    Edit,
    Find,
    Say,
    StartFlow,
)
from bot.core.heard import Guess, Heard, Situation
from bot.core.text import is_nonsense
from bot.understanding.control import status_asked

#: Intents that are answered from what the ward makes known and whom it tells.
NEWS = frozenset({"ask_planning", "ask_news", "subscribe", "unsubscribe"})
#: Intents that are answered with a fixed text of the same name in `data/sayings.yml`.
SAID = frozenset(
    {
        "greet",
        "goodbye",
        "thanks",
        "help",
        "menu",
        "affirm",
        "deny",
        "ask_hours",
        "ask_address",
        "account_help",
        "give_feedback",
        "out_of_scope",
    }
)
#: `ask_…` intents that are not about a procedure.
_OF_THE_WARD = frozenset({"ask_hours", "ask_address", "ask_planning", "ask_news"})
#: As many as fit on one screen, and as one can compare.
_MOST_CHOICES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """How sure is sure enough; 0 to 1.

    Read off one fold of the cross-validation (2,700 messages that the model had not learnt from, 2026-11), in
    narrow bands of confidence; `nlu/REPORT.md` shows the same curve for all folds, from each threshold on.
    """

    #: Do what the intent says. From 0.5 to 0.6 half of the intents were right, below it fewer: then asking
    #: is cheaper than a wrong answer.
    intent: float = 0.5
    #: Leave the question in hand for another matter. A wrong interruption swallows an answer, so surer: from
    #: 0.7 on at least 7 in 10 were right, from 0.8 on 95 in 100.
    interrupt: float = 0.7
    #: The procedure is taken as named, though another was talked about. From 0.5 to 0.7 three in four were
    #: right, and nearly all spoke of some procedure.
    named: float = 0.5
    #: Worth offering when nothing is sure. From 0.1 to 0.5 some 58 in 100 were right; below it 15.
    faint: float = 0.1
    #: The second is this near to the first: ask which one. Nearer than 0.2 the first was right in 44 of 100.
    close: float = 0.2


@dataclass(frozen=True, slots=True)
class _Meant:
    """The procedure that is meant; several when it is open which; none when none is likely."""

    procedures: tuple[str, ...]


def decide(
    heard: Heard, situation: Situation, limits: Thresholds, *, subject: str | None, follows: bool
) -> Command:
    """The command for a text when no question of ours is in hand.

    `subject`: the procedure meant when none is named. `follows`: the text names nothing at all, so whatever
    was ranked for it is chance.
    """
    # "bao lâu có" goes on about the subject; "làm lại giấy tờ cho má" opens a matter of its own.
    best = heard.procedures[0].confidence if heard.procedures else 0.0
    opens = heard.intent == "ask_overview" or (heard.intent == "start_dossier" and best >= limits.faint)
    meant = _meant(heard.procedures, limits, None if opens and not follows else subject, follows)
    if heard.confidence < limits.intent:
        return _unsure(heard, meant, limits)
    match heard.intent:
        case "talk_to_officer" | "book_appointment" | "report_problem":
            return _trigger(heard.intent, situation) or CallOfficer()
        case "give_feedback" | "subscribe" | "unsubscribe" as intent:
            return _trigger(intent, situation) or Say(intent)
        case "dossier_status":
            return status_asked(heard.text) or AskStatus()
        case "cancel":
            return Cancel()
        case "correct":
            return Edit()
        case "start_dossier":
            return _file(meant, situation)
        case intent if intent.startswith("ask_") and intent not in _OF_THE_WARD:
            return _ask(intent.removeprefix("ask_"), meant)
        case "ask_address" if subject and follows:
            return Ask("where", subject)  # "ở đâu vậy" after talking about a procedure
        case "out_of_scope" if is_nonsense(heard.text):
            return CannotHandle()  # the model knows no other word for what means nothing
        case intent if intent in SAID | NEWS:
            # "account_help" has a guide of its own; a ward may add others
            return _trigger(intent, situation) or Say(intent)
        case intent:
            # an intent of a flow that was added without us
            return _trigger(intent, situation) or _unsure(heard, meant, limits)


def _meant(guesses: tuple[Guess, ...], limits: Thresholds, subject: str | None, follows: bool) -> _Meant:
    if subject and follows:
        return _Meant((subject,))
    best = guesses[0].confidence if guesses else 0.0
    if subject and best < limits.named:
        return _Meant((subject,))
    if best < limits.faint:
        return _Meant(())
    near = tuple(
        one.id for one in guesses if one.confidence >= limits.faint and best - one.confidence <= limits.close
    )
    if len(near) > 1 and subject in near:
        return _Meant((subject,))
    if len(near) == 1 and best < limits.named:
        # alone, but not sure: offered beside what comes next
        near = tuple(one.id for one in guesses if one.confidence >= limits.faint)
    return _Meant(near[:_MOST_CHOICES])


def _ask(aspect: str, meant: _Meant) -> Command:
    match meant.procedures:
        case ():
            return Say("which_procedure")
        case (procedure,):
            return Ask(aspect, procedure)
        case several:
            return Clarify(aspect, several)


def _file(meant: _Meant, situation: Situation) -> Command:
    match meant.procedures:
        case ():
            return Say("which_form")
        case (procedure,):
            flow = situation.forms.get(procedure)
            return StartFlow(flow) if flow else Ask("overview", procedure)
        case several:
            return Clarify("start", several)


def _unsure(heard: Heard, meant: _Meant, limits: Thresholds) -> Command:
    """The intent is not clear. A procedure that is clearly named is still worth an answer."""
    best = heard.procedures[0] if heard.procedures else None
    if best is None or best.confidence < limits.faint:
        return CannotHandle()
    if best.confidence >= limits.named:
        return _ask("overview", meant)
    return Find(heard.text)


def _trigger(intent: str, situation: Situation) -> StartFlow | None:
    flow = situation.triggers.get(intent)
    return StartFlow(flow) if flow else None
