"""What a form of ours sent, read up to a limit: the desk takes in sentences, never files."""

from urllib.parse import parse_qsl

from starlette.requests import Request

from bot.core.text import nfc

MOST_BYTES = 64 * 1024
_MOST_FIELDS = 200


class TooMuch(Exception):
    """More than any form of ours sends."""


async def read(request: Request) -> dict[str, str]:
    """The fields by name; lines end with a line feed, letters are composed."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise TooMuch
    try:
        pairs = parse_qsl(
            body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS
        )
    except ValueError:
        raise TooMuch from None
    return {name: _clean(value) for name, value in pairs}


def _clean(text: str) -> str:
    text = nfc(text.replace("\r\n", "\n"))
    return "".join(c for c in text if c == "\n" or c.isprintable() or c == "\t")
