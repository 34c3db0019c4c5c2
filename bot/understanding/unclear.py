"""Which messages were not understood, and may be kept for an officer to say what was meant."""

from bot.core.commands import CannotHandle, Clarify, Command, Find, Say
from bot.core.heard import Heard, Situation

#: Who tells a longer story tells of themselves, and nothing can be learnt from it as a whole.
LONGEST = 300
#: "Which procedure?" and "not the ward's matter" are proper answers when they are given with this certainty.
SURE = 0.8


def is_unclear(heard: Heard, situation: Situation, command: Command) -> bool:
    """Was this text read without finding out what is meant?

    What answers a form's question is personal and never kept; in a guide nothing is typed but new questions.
    """
    if len(heard.text) > LONGEST or (situation.collecting and not situation.light):
        return False
    match command:
        case CannotHandle() | Clarify() | Find():
            return True
        case Say("which_procedure" | "out_of_scope"):
            return heard.confidence < SURE
    return False
