"""Reading the body of a request, up to a limit."""

from starlette.requests import Request

#: How much we read and throw away of a body that is too long.
THROWN_AWAY = 200_000_000


class TooLarge(Exception):
    """The body is longer than we take. Nothing of it was kept."""


async def body_of(request: Request, limit: int) -> bytes:
    """The whole body; raises TooLarge as early as it can be known."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > limit:
        raise TooLarge
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise TooLarge
        parts.append(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


async def throw_away(request: Request) -> None:
    """Read what is still on its way: a server that closes on unread bytes resets the connection, and the
    client never sees the answer."""
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > THROWN_AWAY:
            return
