"""QR codes on a picture, as far as they are a citizen's identity card."""

from collections.abc import Iterator

import zxingcpp
from PIL import Image, ImageFilter

from bot.core.messages import IdCard
from bot.papers.card import read_card

#: Most cards are photographed from near and read on a small picture; the whole one is the second try.
_FIRST = 1600
_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


def card_on(grey: Image.Image) -> IdCard | None:
    """The identity card on this picture, whichever way it lies; of two, none: we cannot know whose it is."""
    for picture in _versions(grey):
        found = {card for text in _texts(picture) if (card := read_card(text)) is not None}
        if found:
            return found.pop() if len(found) == 1 else None
    return None


def _versions(grey: Image.Image) -> Iterator[Image.Image]:
    longer = max(grey.size)
    if longer > _FIRST * 1.3:
        yield grey.resize(
            (max(1, grey.width * _FIRST // longer), max(1, grey.height * _FIRST // longer)),
            Image.Resampling.BOX,
        )
    yield grey
    if longer <= _FIRST * 1.3:
        # Passed on by a chat, a code has hardly two dots for each of its own.
        sharp = grey.filter(ImageFilter.UnsharpMask(2, 200, 0))
        yield sharp
        yield sharp.resize((grey.width * 2, grey.height * 2), Image.Resampling.BICUBIC)


def _texts(grey: Image.Image) -> Iterator[str]:
    for code in zxingcpp.read_barcodes(grey, formats=_QR, try_invert=False):
        try:
            # The bytes themselves: which letters they are is guessed wrong for Vietnamese.
            yield code.bytes.decode("utf-8")
        except UnicodeDecodeError:
            continue
