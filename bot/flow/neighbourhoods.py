"""The part of an address below the ward: regular spelling, and the khu phố of our own ward."""

import re

from bot.core.places import Home, key
from bot.flow.answer import Wrong

#: What people write without accents or cut short where only one thing can be meant.
_SPELLINGS = (
    (re.compile(r"\b(?:kp(?![^\W\d_])\.?|khu\s*pho\b|khu phố\b)\s*", re.IGNORECASE), "khu phố "),
    (re.compile(r"(?<!\w)(?:đ|đg)\.\s*(?=\w)", re.IGNORECASE), "đường "),
    (re.compile(r"\bduong so (?=\d)", re.IGNORECASE), "đường số "),
    (re.compile(r"\bso nha (?=\d)", re.IGNORECASE), "số nhà "),
    (re.compile(r"\bap (?=\d)", re.IGNORECASE), "ấp "),
    (re.compile(r"\bto (?=\d)", re.IGNORECASE), "tổ "),
    (re.compile(r"\bhem (?=\d)", re.IGNORECASE), "hẻm "),
    (re.compile(r"\bthon (?=\d)", re.IGNORECASE), "thôn "),
    # A comma before what is a part of its own.
    (re.compile(r"(?<=\w) (?=khu phố )"), ", "),
)
_KHU_PHO = re.compile(r"(?:^|(?<=, ))khu phố (?P<name>[^,]*)")


def regular(rest: str) -> str:
    """ "12 duong so 3 kp.2" → "12 đường số 3, khu phố 2"."""
    for written, meant in _SPELLINGS:
        rest = written.sub(meant, rest)
    return re.sub(r"\s*,[\s,]*", ", ", " ".join(rest.split())).strip(" ,.;:-–—(/")


def named_neighbourhood(rest: str, home: Home) -> str | Wrong:
    """The same with the name of our khu phố as it is spelt; Wrong if there is none of that name."""
    known = {key(name): name for name in home.neighbourhoods}
    found = _KHU_PHO.search(rest)
    if found is None:
        return _without_its_kind(rest, known)
    words = found["name"].split()
    for length in range(len(words), 0, -1):
        name = known.get(key(" ".join(words[:length])))
        if name is not None:
            more = " ".join(words[length:])
            named = f"khu phố {name}" + (f", {more}" if more else "")
            return rest[: found.start()] + named + rest[found.end() :]
    if home.complete and words:
        return Wrong(
            "address_khu_pho", {"don_vi": f"khu phố {found['name']}", "cac_don_vi": ", ".join(known.values())}
        )
    return rest


def _without_its_kind(rest: str, known: dict[str, str]) -> str:
    """ "12 đường số 3, bình đức 1": one of its parts is the name of a khu phố."""
    parts = rest.split(", ")
    for at, part in enumerate(parts):
        if not part.isdigit() and (name := known.get(key(part))) is not None:
            return ", ".join([*parts[:at], f"khu phố {name}", *parts[at + 1 :]])
    return rest
