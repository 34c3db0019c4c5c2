"""What a tap means: a button's payload, or a slash command, turned into a command."""

import re

from bot.core import payload
from bot.core.commands import (
    Ask,
    AskStatus,
    Back,
    Browse,
    CallOfficer,
    Cancel,
    CannotHandle,
    Clarify,
    Command,
    CorrectSlot,
    Edit,
    Explain,
    Find,
    Follow,
    MoveOver,
    News,
    Pause,
    Read,
    Restart,
    Resume,
    Say,
    SetSlot,
    Skip,
    StartFlow,
    TakeOver,
    Topics,
    Unfollow,
)

#: Buttons have 64 bytes; a REST client may write a whole answer into one.
LONGEST = 2_000
#: What people, and Telegram's menu of commands, send after a slash.
_SLASH: dict[str, Command] = {
    "start": Say("greet"),
    "session_start": Say("greet"),
    "menu": Say("menu"),
    "thutuc": Say("menu"),
    "help": Say("help"),
    "trogiup": Say("help"),
    "huy": Cancel(),
    "cancel": Cancel(),
    "hoso": AskStatus(),
    "dossier_status": AskStatus(),
    "tracuu": StartFlow("tra_cuu_ho_so"),
    "canbo": CallOfficer(),
    "talk_to_officer": CallOfficer(),
    "tiep": Resume(),
    "resume": Resume(),
    "sua": Edit(),
    "restart": Restart(),
    "back": Back(),
}
#: Payloads without values.
_PLAIN: dict[str, Command] = {
    "Edit": Edit(),
    "Cancel": Cancel(),
    "Back": Back(),
    "Skip": Skip(),
    "Restart": Restart(),
    "Pause": Pause(),
    "Resume": Resume(),
    "Explain": Explain(),
    "CallOfficer": CallOfficer(),
    "MoveOver": MoveOver(),
    "Browse": Browse(),
    "News": News(),
    "Topics": Topics(),
    "Unfollow": Unfollow(),
    "CannotHandle": CannotHandle(),
}
#: "/hoso", "/start@MotCuaBot abc"
_SLASHED = re.compile(r"/([a-z_]{2,30})(?:@\w+)?(?:\s.*)?", re.DOTALL)
#: The link that moves an unfinished form here: a deep link of Telegram's, or of the web page.
_STARTED = re.compile(r"/start(?:@\w+)? tiep_([A-Za-z0-9]{10})")
_ID = re.compile(r"[a-z][a-z0-9_]{0,59}")
_PAGE = re.compile(r"[1-9][0-9]?")
#: Most procedures a question "which one?" can offer.
MOST_CHOICES = 4


def tapped(text: str) -> Command | None:
    """The command of a payload; None if it is none of ours. Whoever sends it may have made it up, so ids
    look like ids, but only the flows and the catalogue know whether they exist."""
    if len(text) > LONGEST:
        return None
    text = text.strip()
    if started := _STARTED.fullmatch(text):
        return TakeOver(started[1])
    if slashed := _SLASHED.fullmatch(text):
        return _SLASH.get(slashed[1])
    call = payload.read(text)
    if call is None:
        return None
    if not call.args and not call.named and (plain := _PLAIN.get(call.name)):
        return plain
    return _with_values(call)


def _with_values(call: payload.Call) -> Command | None:
    match call.name, call.args:
        case "SetSlots", () if len(call.named) == 1:
            [(slot, value)] = call.named.items()
            return SetSlot(slot, value, tapped=True) if _ID.fullmatch(slot) else None
        case "StartFlow", (flow,) if _are_ids(flow, *call.named):
            return StartFlow(flow, call.named)
        case "CorrectSlot", (slot,) if _are_ids(slot) and not call.named:
            return CorrectSlot(slot)
        case "Ask", (aspect, procedure) if _are_ids(aspect, procedure):
            return Ask(aspect, procedure)
        case "Ask", (aspect, procedure, part) if _are_ids(aspect, procedure) and _PAGE.fullmatch(part):
            return Ask(aspect, procedure, int(part))
        case (("Browse" | "News"), (one, *page)) if _are_ids(one) and _is_page(page):
            kind = Browse if call.name == "Browse" else News
            return kind(one, int(page[0]) if page else 1)
        case "Read", (entry,) if _are_ids(entry):
            return Read(entry)
        case "Follow", (topic,) if _are_ids(topic):
            return Follow(topic)
        case "Unfollow", (topic,) if _are_ids(topic):
            return Unfollow(topic)
        case "Clarify", (aspect, *procedures) if procedures and _are_ids(aspect, *procedures):
            return Clarify(aspect, tuple(procedures[:MOST_CHOICES]))
        case "AskStatus", ():
            return AskStatus()
        case "AskStatus", (code,) if 0 < len(code) <= 40:
            return AskStatus(code.upper())
        case "Say", (response,) if _are_ids(response):
            return Say(response)
        case "Find", (words,) if words.strip():
            return Find(words.strip())
    return None


def _is_page(rest: list[str]) -> bool:
    return not rest or (len(rest) == 1 and _PAGE.fullmatch(rest[0]) is not None)


def _are_ids(*texts: str) -> bool:
    return all(_ID.fullmatch(text) for text in texts)
