"""What is asked of a paper and what is found."""

from dataclasses import dataclass

from bot.core.messages import IdCard


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """More than this is refused."""

    max_bytes: int
    #: Of a PDF.
    max_pages: int = 30
    #: Phones take 50 million; beyond this a picture needs more memory than a paper is worth.
    max_pixels: int = 65_000_000
    #: The longer side of a picture: on less nobody reads a paper.
    min_side: int = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A paper that can be kept: `content` is what to keep, not what came."""

    mime: str
    content: bytes
    pages: int = 1
    #: It opens, but perhaps nobody can read it: ``dark`` · ``blurred``.
    doubt: str | None = None
    #: The identity card whose QR code it shows.
    card: IdCard | None = None
