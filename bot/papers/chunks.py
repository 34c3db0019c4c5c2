"""PNG and WebP without their notes: rows of named chunks, of which those that are the picture stay."""

from collections.abc import Iterator
from typing import NamedTuple

from bot.core.errors import FileRefused
from bot.papers.orientation import UPRIGHT, orientation_in

#: PNG (W3C, third edition), 5.6: the picture and its colours. Not kept: text, time, EXIF, animation.
_PNG = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"pHYs"}
#: RFC 9649, 2.5 to 2.7. Not kept: EXIF, XMP and unknown ones.
_WEBP = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ICCP", b"ANIM", b"ANMF"}
_VP8X_NOTES = 0b0000_1100


class Cleaned(NamedTuple):
    content: bytes
    #: What its EXIF said (1 to 8), which is no longer in `content`.
    orientation: int = UPRIGHT
    #: Several pictures that take turns.
    animated: bool = False


def clean_png(content: bytes) -> Cleaned:
    """The same picture, up to its end. What was animated becomes its first picture."""
    kept, orientation = [content[:8]], UPRIGHT
    for name, chunk in _png_chunks(content):
        if name == b"eXIf":
            orientation = orientation_in(chunk[8:-4])
        elif name in _PNG:
            kept.append(chunk)
    return Cleaned(b"".join(kept), orientation)


def clean_webp(content: bytes) -> Cleaned:
    """The same picture without EXIF and XMP."""
    kept, orientation, animated = [], UPRIGHT, False
    for name, chunk in _webp_chunks(content):
        if name == b"EXIF":
            orientation = orientation_in(chunk[8:])
        elif name == b"VP8X" and len(chunk) >= 18:
            kept.append(chunk[:8] + bytes([chunk[8] & ~_VP8X_NOTES]) + chunk[9:])
        elif name in _WEBP:
            kept.append(chunk)
        animated = animated or name == b"ANIM"
    body = b"WEBP" + b"".join(kept)
    return Cleaned(b"RIFF" + len(body).to_bytes(4, "little") + body, orientation, animated)


def _png_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while at + 12 <= len(content):
        end = at + 12 + int.from_bytes(content[at : at + 4], "big")
        name = content[at + 4 : at + 8]
        if end > len(content):
            break
        yield name, content[at:end]
        if name == b"IEND":
            return
        at = end
    raise FileRefused("unreadable", "PNG: cut off or damaged")


def _webp_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    total = min(len(content), 8 + int.from_bytes(content[4:8], "little"))
    at = 12
    while at + 8 <= total:
        size = int.from_bytes(content[at + 4 : at + 8], "little")
        end = at + 8 + size + size % 2
        if at + 8 + size > total:
            raise FileRefused("unreadable", "WebP: cut off or damaged")
        yield content[at : at + 4], content[at:end].ljust(end - at, b"\0")
        at = end
