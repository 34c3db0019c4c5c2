"""A photograph of a paper: opened with care, freed of what its camera noted, judged, its QR code read."""

import io
import warnings
from typing import NamedTuple

import pi_heif
from PIL import Image

from bot.core.errors import FileRefused
from bot.papers.chunks import Cleaned, clean_png, clean_webp
from bot.papers.codes import card_on
from bot.papers.jpeg import clean_jpeg
from bot.papers.kind import HEIC, JPEG, PNG, WEBP
from bot.papers.legible import doubt_of
from bot.papers.looked import Limits, Looked
from bot.papers.orientation import UPRIGHT

# Small files that unpack to gigabytes are an error, not a remark in the log.
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)
pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)

#: The only decoder that may be tried.
_FORMATS = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP", HEIC: "HEIF"}
#: What is judged need not be larger: on so many dots a card's code is read from across a page.
_ENOUGH = 4000
_QUALITY = 92
#: What has to be done to a picture that says it lies so (Exif 3.0, 4.6.5, tag 0x0112).
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class _Opened(NamedTuple):
    """What is kept, and the picture in grey for judging it."""

    mime: str
    content: bytes
    grey: Image.Image


def look(content: bytes, mime: str, limits: Limits) -> Looked:
    """JPEG, PNG and WebP are kept dot for dot. HEIC, which browsers do not show, becomes a JPEG, and so does
    a WebP that was animated (its first picture) and a PNG or WebP that says which way to turn it.

    Without EXIF (with its places), XMP, comments and thumbnails; a JPEG keeps which way is up.
    """
    opened = _open(content, mime, limits)
    card = card_on(opened.grey)
    # Where a machine could read the smallest print, people can read the rest.
    doubt = None if card is not None else doubt_of(opened.grey)
    return Looked(mime=opened.mime, content=opened.content, doubt=doubt, card=card)


def _open(content: bytes, mime: str, limits: Limits) -> _Opened:
    try:
        return _decode(content, mime, limits)
    except FileRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise FileRefused("pixels", str(error)) from error
    except Exception as error:
        # Decoders raise whatever they stumble over; whichever it is, the picture cannot be shown.
        raise FileRefused("unreadable", f"{mime}: {type(error).__name__}") from error


def _decode(content: bytes, mime: str, limits: Limits) -> _Opened:
    if mime == JPEG:
        content = clean_jpeg(content)
        with _picture(content, mime, limits) as picture:
            # Light alone, and no more of it than is needed: a third of the time.
            picture.draft("L", (_ENOUGH, _ENOUGH))
            return _Opened(mime, content, _grey(picture))
    if mime == HEIC:
        cleaned = Cleaned(content)
    else:
        cleaned = clean_png(content) if mime == PNG else clean_webp(content)
    with _picture(cleaned.content, mime, limits) as picture:
        if mime == HEIC or cleaned.animated or cleaned.orientation != UPRIGHT:
            anew = _as_jpeg(picture, cleaned.orientation)
            return _Opened(JPEG, anew, _grey(picture))
        return _Opened(mime, cleaned.content, _grey(picture))


def _picture(content: bytes, mime: str, limits: Limits) -> Image.Image:
    """The picture, its dots not yet read: its size is looked at first."""
    picture = Image.open(io.BytesIO(content), formats=(_FORMATS[mime],))
    width, height = picture.size
    if width * height > limits.max_pixels:
        raise FileRefused("pixels", f"{width} x {height}")
    if max(width, height) < limits.min_side:
        raise FileRefused("small", f"{width} x {height}")
    return picture


def _as_jpeg(picture: Image.Image, orientation: int) -> bytes:
    upright = picture if orientation == UPRIGHT else picture.transpose(_TURNS[orientation])
    out = io.BytesIO()
    _on_white(upright, "RGB").save(
        out, "JPEG", quality=_QUALITY, icc_profile=picture.info.get("icc_profile"), exif=b"", comment=b""
    )
    return out.getvalue()


def _grey(picture: Image.Image) -> Image.Image:
    """Its light, on at most twice what is enough. Reads every dot: what is cut off fails here."""
    picture.load()
    if picture.mode.startswith("I"):
        picture = picture.point(lambda value: value / 256)  # 16 bits
    grey = _on_white(picture, "L")
    times = max(grey.size) // _ENOUGH
    return grey.reduce(times) if times > 1 else grey


def _on_white(picture: Image.Image, mode: str) -> Image.Image:
    """What is transparent is shown on white, as browsers show it."""
    if not picture.has_transparency_data:
        return picture if picture.mode == mode else picture.convert(mode)
    if picture.mode not in ("LA", "RGBA"):
        picture = picture.convert("RGBA")
    page = Image.new(mode, picture.size, "white")
    page.paste(picture.convert(mode), mask=picture.getchannel("A"))
    return page
