"""The language of buttons: ``/Name(value, key=value)``, made and read in one place.

Values are words without ``,()="`` or JSON strings in double quotes. Telegram gives a button 64 bytes.
"""

import json
import re
from dataclasses import dataclass, field

LIMIT = 64

_CALL = re.compile(r"/(?P<name>[A-Za-z]+)(?:\((?P<inside>.*)\))?", re.DOTALL)
_PART = re.compile(
    r"""\s*(?:(?P<key>[A-Za-z_][A-Za-z0-9_]*)\s*=\s*)?(?P<value>"(?:[^"\\]|\\.)*"|[^,()="]*?)\s*(?:,|$)""",
    re.DOTALL,
)
_PLAIN = re.compile(r'[^,()="\s](?:[^,()="]*[^,()="\s])?')


@dataclass(frozen=True, slots=True)
class Call:
    """A payload, taken apart: ``/Ask(fee,ket_hon)`` → name ``Ask``, args ``("fee", "ket_hon")``."""

    name: str
    args: tuple[str, ...] = ()
    named: dict[str, str] = field(default_factory=dict)

    def arg(self, index: int, default: str = "") -> str:
        return self.args[index] if index < len(self.args) else default


def write(name: str, *args: str, **named: str) -> str:
    """The payload for a button. Whether it fits in `LIMIT` bytes is the caller's care."""
    parts = [_quote(value) for value in args] + [f"{key}={_quote(value)}" for key, value in named.items()]
    return f"/{name}({','.join(parts)})" if parts else f"/{name}"


def read(payload: str) -> Call | None:
    """Take a payload apart; None if it is not one. Whoever taps may have forged it: trust no value."""
    call = _CALL.fullmatch(payload.strip())
    if call is None:
        return None
    inside, args, named, at = call["inside"] or "", [], {}, 0
    while at < len(inside):
        part = _PART.match(inside, at)
        if part is None or part.end() == at:
            return None
        value = part["value"]
        if value.startswith('"'):
            try:
                value = str(json.loads(value, strict=False))
            except ValueError:
                return None
        if part["key"]:
            named[part["key"]] = value
        else:
            args.append(value)
        at = part.end()
    return Call(call["name"], tuple(args), named)


def _quote(value: str) -> str:
    return value if _PLAIN.fullmatch(value) else json.dumps(value, ensure_ascii=False)
