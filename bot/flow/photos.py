"""Photos that come: those nobody asked for yet, doubtful ones, and those that show an identity card."""

from bot.core.commands import SetSlot
from bot.core.messages import Attachment
from bot.flow import slots as reading
from bot.flow.answer import Wrong
from bot.flow.cards import PATTERN as CARD
from bot.flow.cards import card_offer
from bot.flow.model import Slot
from bot.flow.path import path
from bot.flow.refusing import wrong_text
from bot.flow.running import run
from bot.flow.talk import Talk


def doubt_of(talk: Talk, slot: Slot, said: SetSlot) -> Wrong | None:
    """A picture that perhaps cannot be read is asked for again, once."""
    doubt = next((one.doubt for one in said.files if one.doubt is not None), None)
    return None if doubt is None or talk.stack[-1].doubted == slot.id else Wrong(f"file_{doubt}")


def page_with_card(talk: Talk, pages: tuple[str, ...], files: tuple[Attachment, ...]) -> bool:
    """The page is taken, and first we ask whose card it shows."""
    before = talk.set(pages=talk.stack[-1].pages)
    talk.set(pages=pages, failures=0)
    if offer_card(talk, files):
        return True
    talk.stack[-1] = before
    return False


def offer_card(talk: Talk, files: tuple[Attachment, ...], **context: str) -> bool:
    """Ask whose identity card this is, if it is one and the form asks for its holder. Did we ask?"""
    offer = card_offer(talk, files)
    if not offer:
        return False
    talk.note("read an identity card")
    pattern = talk.flows.flows[CARD]
    talk.push(pattern, {}, **offer, **context)
    run(talk, pattern.first)
    return True


def keep_files(talk: Talk, said: SetSlot) -> None:
    """Files that were not asked for wait for the next question that wants some."""
    frame = talk.stack[-1]
    taken = _taken(talk, said, len(talk.files) if talk.flow.pattern else len(frame.early))
    if not taken:
        return
    if talk.flow.pattern:
        talk.files = (*talk.files, *taken)
    else:
        talk.set(early=(*frame.early, *taken))
    wanted = any(
        talk.flow.slots[one.target].type == "file" and one.target not in frame.slots
        for one in path(talk.flow, frame.slots, talk.context(frame))
    )
    wanted = wanted or talk.flow.pattern
    talk.lead("utter_da_giu_anh" if wanted else "utter_khong_can_anh", so_anh=str(len(taken)))


def keep_outside(talk: Talk, said: SetSlot) -> None:
    """Files that came while nothing is in hand."""
    taken = _taken(talk, said, len(talk.files))
    if taken:
        talk.files = (*talk.files, *taken)
        talk.say("utter_da_giu_anh_ngoai", so_anh=str(len(talk.files)))


def _taken(talk: Talk, said: SetSlot, held: int) -> list[str]:
    """The files that can be kept beside so many others; what is wrong with the rest leads what is said."""
    slot = Slot(id="", type="file", multiple=True)
    taken, wrong = reading.read_files(said.files, held, slot)
    for one in wrong:
        talk.leads.append(wrong_text(talk, slot, one))
    if taken:
        talk.note(f"kept {len(taken)} files")
    return taken
