"""A JPEG without what its camera wrote about the place and the hour, its picture untouched.

ITU-T T.81, Annex B: a file is a row of segments, each ``FF xx`` and a length; after "start of scan" come
coded bytes until the next marker.
"""

import re
from collections.abc import Iterator

from bot.core.errors import FileRefused
from bot.papers.orientation import UPRIGHT, exif_saying, orientation_in

_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_APP0, _EXIF, _ICC, _ADOBE = 0xE0, 0xE1, 0xE2, 0xEE
_COMMENT = 0xFE
#: In coded bytes FF is followed by 00, by another FF, or by a restart marker; anything else ends them.
_END_OF_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
#: A picture comes in ten scans or so. Thousands of empty ones would keep a decoder busy for hours.
_MAX_SCANS = 100


def clean_jpeg(content: bytes) -> bytes:
    """The same picture without EXIF, XMP, comments, thumbnails and whatever follows its end (other pictures,
    films). Which way is up is the one thing kept of them."""
    kept, orientation = [], UPRIGHT
    for marker, segment in _segments(content):
        if marker == _EXIF and segment[4:10] == b"Exif\0\0" and orientation == UPRIGHT:
            orientation = orientation_in(segment[4:])
        elif (one := _kept(marker, segment)) is not None:
            kept.append(one)
    if orientation != UPRIGHT:
        body = exif_saying(orientation)
        # JFIF's segment, where there is one, comes first.
        first = 1 if kept and kept[0][1] == _APP0 else 0
        kept.insert(first, b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body)
    return b"\xff\xd8" + b"".join(kept) + b"\xff\xd9"


def _kept(marker: int, segment: bytes) -> bytes | None:
    """The segment as it is kept: what colours mean, and everything that is the picture itself."""
    body = segment[4:]
    if marker == _APP0:
        if body[:5] != b"JFIF\0" or len(body) < 14:
            return None
        # Version, unit and density; no thumbnail.
        return b"\xff\xe0\x00\x10" + body[:12] + b"\0\0"
    if marker == _ICC:
        return segment if body.startswith(b"ICC_PROFILE\0") else None
    if marker == _ADOBE:
        # How three or four channels are to be understood.
        return b"\xff\xee\x00\x0e" + body[:12] if body.startswith(b"Adobe") and len(body) >= 12 else None
    if 0xE0 <= marker <= 0xEF or marker == _COMMENT:
        return None
    return segment


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """(marker, the segment as it stands), from the beginning to the end of the picture; a scan's segment
    holds its coded bytes too."""
    at, scans = 2, 0
    while True:
        while content[at : at + 2] == b"\xff\xff":  # fill
            at += 1
        if at + 4 > len(content) or content[at] != 0xFF:
            # Every byte of a whole picture is accounted for up to "end of image".
            if content[at : at + 2] == b"\xff\xd9":
                return
            raise FileRefused("unreadable", "JPEG: cut off or damaged")
        marker = content[at + 1]
        if marker == _EOI:
            return
        length = int.from_bytes(content[at + 2 : at + 4], "big")
        end = at + 2 + length
        if length < 2 or marker == _SOI or marker < 0xC0 or 0xD0 <= marker <= 0xD7:
            raise FileRefused("unreadable", "JPEG: damaged")
        if marker == _SOS:
            scans += 1
            if scans > _MAX_SCANS:
                raise FileRefused("unreadable", "JPEG: too many scans")
            found = _END_OF_SCAN.search(content, end)
            if found is None:
                raise FileRefused("unreadable", "JPEG: cut off")
            end = found.start()
        yield marker, content[at:end]
        at = end
