"""The kinds of slots: one function each, from what was written to a value or to why not.

To add a kind: a reader here (or beside), a line in `READERS`, its name in `model.SlotType`, and the wording
of each way to be wrong in ``flows/chung.yml`` (`utter_sai_<kind>`).
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

from rapidfuzz import fuzz

from bot.core.messages import Attachment, Json, Place
from bot.core.text import fold, nfc
from bot.flow.addresses import read_address
from bot.flow.answer import Value, Wrong, vocabulary
from bot.flow.dates import read_date, recheck_date, show_date
from bot.flow.model import Slot
from bot.flow.numbers import read_money, read_number, read_words, show_money, show_number
from bot.flow.openings import full, show_time, taken
from bot.flow.people import mask_digits, read_cccd, read_email, read_name, read_phone, show_phone
from bot.flow.surroundings import Surroundings
from bot.flow.times import read_time

Reader: TypeAlias = Callable[[str, Slot, Surroundings], Value | Wrong]

#: Longest text answer, and longest answer of any other kind. What is longer is not looked at.
TEXT_LIMIT = 500
TEXT_MAX = 1200
SHORT_LIMIT = 200
FILES_LIMIT = 8

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ue000\ue001]")


def clean(text: str) -> str:
    """One Unicode form, no control characters, and none that we use for ourselves."""
    return _CONTROLS.sub("", nfc(text.encode("utf-8", "ignore").decode())).strip()


def read(slot: Slot, text: str, around: Surroundings, place: Place | None = None) -> Value | Wrong:
    """Read an answer in words (or a place) for this slot. Files are `read_files`."""
    if place is not None and slot.type == "place":
        point: dict[str, Json] = {"lat": round(place.latitude, 6), "lon": round(place.longitude, 6)}
        return Value(point, show(slot, point))
    limit = _length_limit(slot)
    if len(text) > limit * 4:
        return Wrong("text_long", {"toi_da": str(limit)})
    text = clean(text)
    if not text:
        return Wrong("file_missing" if slot.type == "file" else "empty")
    if len(text) > limit:
        return Wrong("text_long", {"toi_da": str(limit)})
    found = READERS[slot.type](text, slot, around)
    if isinstance(found, Value) and slot.type == "date":
        return recheck(slot, found.value, around) or found
    return found


def recheck(slot: Slot, value: Json, around: Surroundings) -> Wrong | None:
    """Does an answer taken earlier still hold today?"""
    if slot.type == "date" and isinstance(value, str):
        return recheck_date(value, slot, around) or full(value, slot, around)
    if slot.type == "time" and isinstance(value, str):
        return taken(value, slot, around)
    return None


def still_fits(slot: Slot, value: Json, around: Surroundings) -> bool:
    """Can an answer given to an earlier edition of the form be kept?"""
    if value is None:
        return not slot.required
    match slot.type:
        case "file":
            return isinstance(value, list)
        case "place":
            return isinstance(value, (dict, str))
        case "bool":
            return isinstance(value, bool)
        case "choice":
            return any(choice.id == value for choice in slot.choices)
        case "number" | "money":
            return isinstance(value, int) and isinstance(read(slot, str(value), around), Value)
    return isinstance(value, str) and isinstance(read(slot, value, around), Value)


def show(slot: Slot, value: Json) -> str:
    """A value as people read it."""
    match slot.type, value:
        case _, None:
            return ""
        case "bool", bool():
            return (slot.yes or "Có") if value else (slot.no or "Không")
        case "date", str():
            return show_date(value)
        case "phone", str():
            return show_phone(value)
        case "time", str():
            return show_time(value)
        case "number", int():
            return show_number(value)
        case "money", int():
            return show_money(value)
        case "choice", str():
            return next((choice.title for choice in slot.choices if choice.id == value), value)
        case "place", {"lat": lat, "lon": lon}:
            return f"{lat}, {lon}"
        case "file", list():
            return f"{len(value)} tệp"
    return str(value)


def show_masked(slot: Slot, value: Json) -> str:
    """As `show`, with the middle of what is private hidden: of a text only its long numbers."""
    shown = show(slot, value)
    if not slot.masked or value is None:
        return shown
    if slot.type == "text":
        return _LONG_RUN.sub(lambda found: mask_digits(found[0].replace(" ", "")), shown)
    return mask_digits(shown)


#: A number of a person or an account, longer than a date's parts.
_LONG_RUN = re.compile(r"\d(?: ?\d){5,}")


def read_text(text: str, slot: Slot, around: Surroundings) -> Value | Wrong:
    text = "\n".join(line for line in (" ".join(line.split()) for line in text.splitlines()) if line)
    if slot.min is not None and len(text) < slot.min:
        return Wrong("text_short", {"toi_thieu": str(slot.min)})
    return Value(text, text)


_YES = vocabulary(
    "co dong y ok oke okay oki okie u uh um uhm vang da dung phai duoc yes yep roi chuan chinh xac "
    "nhat tri xac nhan tat nhien chac chan nop gui"
)
_NO = vocabulary("khong ko k hong hok hem kg thoi no chua dung sai khoi huy")
#: "đúng" and "đừng" are one word without accents: only with them can they be told apart.
_NOT = frozenset({"đừng"})
_PARTICLES = vocabulary(
    "a ah em anh chi nhe nha nhen luon thi toi minh la vay the nua do cho qua nay di bac oi"
)


def read_bool(text: str, slot: Slot, around: Surroundings) -> Value | Wrong:
    """ "Đồng ý", "ừ", "dạ có", "không", "thôi": or the words on the slot's own buttons."""
    folded = fold(text).strip(" .!,")
    for answer, title in ((True, slot.yes), (False, slot.no)):
        if title and folded == fold(title):
            return Value(answer, show(slot, answer))
    if folded in ("true", "1"):
        return Value(True, show(slot, True))
    if folded in ("false", "0", "2"):
        return Value(False, show(slot, False))
    words = re.findall(r"\w+", folded)
    accented = set(re.findall(r"\w+", text.lower()))
    said_no = any(word in _NO and word != "dung" for word in words) or bool(_NOT & accented)
    said_yes = any(word in _YES for word in words)
    strange = sum(word not in _YES and word not in _NO and word not in _PARTICLES for word in words)
    if text.endswith("?") or strange > 1 or not (said_yes or said_no) or len(words) > 8:
        return Wrong("bool_unclear")
    return Value(not said_no, show(slot, not said_no))


#: What people say for the titles of common choices.
_ALSO = {
    "nu": ("gai",),
    "nam": ("trai",),
    "khong": ("ko", "khong co"),
    "cho toi": ("cho tui", "cho minh", "ban than"),
    "cho con": ("con trai", "con gai", "con toi"),
    "cho con toi": ("con trai", "con gai", "con toi", "con cua toi"),
    "cho cha me": ("cho cha", "cho me", "cho ma", "cho tia", "cho bo", "me toi", "ma toi", "cha toi"),
    "cho ong ba": ("cho ong", "ong noi", "ong ngoai", "ba noi", "ba ngoai"),
    "cho vo, chong": ("cho vo", "cho chong", "vo toi", "chong toi"),
    "xong, buoc tiep": ("xong roi", "da xong", "lam roi", "duoc roi", "tiep tuc", "buoc sau", "ok"),
    "toi bi vuong": ("vuong", "khong duoc", "ko duoc", "chua duoc", "chua xong", "khong biet lam", "bi loi"),
}
_ORDINAL = re.compile(r"^(?:so|cau|cai|muc|chon|y|cau so|cai thu|thu)?\s*(\d{1,2}|[a-z ]{2,12})$")


def read_choice(text: str, slot: Slot, around: Surroundings) -> Value | Wrong:
    """One of the choices: by its id, its title, its number, or nearly so."""
    folded = fold(text).strip(" .!,\"'“”()[]")
    titles = {choice.id: fold(choice.title) for choice in slot.choices}
    for choice in slot.choices:
        if text == choice.id or folded == titles[choice.id] or folded == fold(choice.id):
            return Value(choice.id, choice.title)
    if (ordinal := _ORDINAL.match(folded)) is not None:
        number = int(ordinal[1]) if ordinal[1].isdigit() else read_words(ordinal[1]) or 0
        if 1 <= number <= len(slot.choices):
            return Value(slot.choices[number - 1].id, slot.choices[number - 1].title)
    for found in (_named_in(folded, titles), _beginning(folded, titles), _near(folded, titles)):
        if len(found) == 1:
            return Value(found[0], show(slot, found[0]))
    if slot.yes or slot.no:
        said = read_bool(text, replace(slot, yes="", no=""), around)
        if isinstance(said, Value) and (meant := slot.yes if said.value else slot.no):
            return Value(meant, show(slot, meant))
    return Wrong("choice_unknown")


def _named_in(folded: str, titles: dict[str, str]) -> list[str]:
    """Choices whose title (or another word for it) stands in the text."""
    around = f" {folded} "
    found = [
        one
        for one, title in titles.items()
        if any(f" {word} " in around for word in (title, *_ALSO.get(title, ())))
    ]
    # "Khác huyện" names "Khác" too: the longer title is meant.
    return [
        one
        for one in found
        if not any(titles[one] != titles[other] and titles[one] in titles[other] for other in found)
    ]


def _beginning(folded: str, titles: dict[str, str]) -> list[str]:
    if len(folded) < 3:
        return []
    return [one for one, title in titles.items() if title.startswith(folded) or f" {folded} " in f" {title} "]


def _near(folded: str, titles: dict[str, str]) -> list[str]:
    if len(folded) < 4:
        return []
    return [one for one, title in titles.items() if fuzz.ratio(folded, title) >= 84]


def read_place(text: str, slot: Slot, around: Surroundings) -> Value | Wrong:
    """Where something is, in words."""
    place = " ".join(text.split())
    if len(place.split()) < 2:
        return Wrong("place_short")
    return Value(place, place)


def read_file(text: str, slot: Slot, around: Surroundings) -> Value | Wrong:
    """Words where a photo was asked for."""
    return Wrong("file_missing")


def read_files(files: Sequence[Attachment], have: int, slot: Slot) -> tuple[list[str], list[Wrong]]:
    """The files that can be taken, after `have` others, and what is wrong with the rest."""
    limit = min(slot.max or FILES_LIMIT, FILES_LIMIT)
    taken: list[str] = []
    wrong: list[Wrong] = []
    for one in files:
        if one.refused is not None or one.file is None:
            wrong.append(Wrong(f"file_{one.refused or 'gone'}"))
        elif have + len(taken) >= limit:
            wrong.append(Wrong("file_many", {"toi_da": str(limit)}))
        else:
            taken.append(one.file)
    return taken, list({one.kind: one for one in wrong}.values())


def _length_limit(slot: Slot) -> int:
    if slot.type == "text":
        return min(slot.max or TEXT_LIMIT, TEXT_MAX)
    return SHORT_LIMIT


READERS: dict[str, Reader] = {
    "text": read_text,
    "name": read_name,
    "bool": read_bool,
    "number": read_number,
    "money": read_money,
    "choice": read_choice,
    "date": read_date,
    "phone": read_phone,
    "cccd": read_cccd,
    "email": read_email,
    "address": read_address,
    "file": read_file,
    "place": read_place,
    "time": read_time,
}
