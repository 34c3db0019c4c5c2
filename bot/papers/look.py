"""One paper, looked at: bytes in; what it is, the bytes to keep and what they show out."""

from bot.core.errors import FileRefused
from bot.papers import pdf, picture
from bot.papers.kind import PDF, kind_of
from bot.papers.looked import Limits, Looked


def look(content: bytes, limits: Limits) -> Looked:
    """Tell by its content what this is, clean it and judge it. Slow: not for the event loop.

    FileRefused if it cannot be kept at all. What may be illegible is kept with its `doubt`.
    """
    if not content:
        raise FileRefused("empty")
    if len(content) > limits.max_bytes:
        raise FileRefused("too_large", str(len(content)))
    mime = kind_of(content)
    if mime is None:
        raise FileRefused("unknown_type")
    if mime == PDF:
        return pdf.look(content, limits)
    return picture.look(content, mime, limits)
