"""Texts that need no model: huỷ, quay lại, sửa …, là gì vậy, gặp cán bộ, a dossier's code, a greeting."""

import re

from bot.core.codes import code_and_digits
from bot.core.commands import (
    AskStatus,
    Back,
    CallOfficer,
    Cancel,
    Command,
    Edit,
    Explain,
    MoveOver,
    Pause,
    Restart,
    Resume,
    Skip,
    StartFlow,
    TakeOver,
)
from bot.core.heard import Collecting, Situation
from bot.understanding.correction import correction, names_slot
from bot.understanding.words import Said, Words

_COMMANDS: dict[str, Command] = {
    "cancel": Cancel(),
    "back": Back(),
    "skip": Skip(),
    "restart": Restart(),
    "resume": Resume(),
    "pause": Pause(),
    "edit": Edit(),
    "explain": Explain(),
    "dossier_status": AskStatus(),
    "move_over": MoveOver(),
}
#: "tiep ABCDE-FGHKM": the code of `services.handover`, typed or pasted.
_HANDOVER = re.compile(r"ti[eếê]p[\s:]+([a-z0-9]{5})[\s-]?([a-z0-9]{5})[.!]?", re.IGNORECASE)


def handover_code(text: str) -> str | None:
    """The code from another account, if that is all the text says."""
    found = _HANDOVER.fullmatch(text.strip())
    code = f"{found[1]}{found[2]}" if found else ""
    # Every code has a digit: "tiếp giấy khai" is none.
    return code if any(letter.isdigit() for letter in code) else None


def status_asked(text: str) -> AskStatus | None:
    """The question where a dossier stands that a code in the text is, with the digits behind it."""
    code, digits = code_and_digits(text)
    return AskStatus(code, digits) if code else None


def command_of(name: str, situation: Situation) -> Command:
    """The command by its name in `data/rules.yml`."""
    if name == "talk_to_officer":
        flow = situation.triggers.get(name)
        return StartFlow(flow) if flow else CallOfficer()
    return _COMMANDS[name]


def control(said: Said, situation: Situation, words: Words) -> Command | None:
    """The command that the text plainly is; None if it is something else."""
    if code := handover_code(said.text):
        return TakeOver(code)
    if (name := words.whole(words.commands, said)) is not None:
        return command_of(name, situation)
    if (flow := words.whole(words.starts, said)) is not None:
        return StartFlow(flow)
    collecting = situation.collecting
    if collecting is not None and (found := _in_form(said, collecting, situation, words)):
        return found
    if (collecting is not None or situation.flow) and not situation.light:
        return correction(said, situation.labels, words)
    return None


def _in_form(said: Said, collecting: Collecting, situation: Situation, words: Words) -> Command | None:
    if (name := words.whole(words.in_form, said)) is not None:
        return _COMMANDS[name]
    optional = not collecting.required and collecting.type not in ("bool", "choice")
    if optional and words.whole(words.nothing_to_say, said) is not None:
        return Skip()
    # "số định danh là gì vậy" while asking for it
    told = words.without_courtesy(said.words)
    for last in range(len(told) - 1, 0, -1):
        if words.in_form.whole(told[last:]) == "explain" and names_slot(
            Said(said.text, told[:last]), collecting.slot, situation.labels, words
        ):
            return Explain()
    return None
