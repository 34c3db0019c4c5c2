"""What a camera notes of where and when is nowhere in what is kept; the picture is, upright and untouched."""

import io
from functools import cache
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from bot.papers.look import look
from bot.papers.looked import Limits
from tests.pictures import as_bytes, card, jpeg, page

LIMITS = Limits(max_bytes=5_000_000)
HEIC = (Path(__file__).parent / "the.heic").read_bytes()
#: Stands in every note that a picture can carry.
MARK = "DAU-VET-CHUP"
XMP = f"<x:xmpmeta><exif:GPSLatitude>{MARK}</exif:GPSLatitude></x:xmpmeta>".encode()
LATITUDE = (10.0, 54.0, 12.34)


def notes(orientation: int = 1) -> bytes:
    exif = Image.Exif()
    exif[0x010E] = exif[0x0131] = MARK
    exif[0x0112] = orientation
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[29] = "N", LATITUDE, MARK
    return exif.tobytes()


@cache
def colours() -> bytes:
    """Made once: a profile holds the second in which it was made."""
    from PIL import ImageCms

    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def dots(content: bytes) -> bytes:
    with Image.open(io.BytesIO(content)) as picture:
        return picture.convert("RGB").tobytes()


def kept_of(content: bytes) -> bytes:
    kept = look(content, LIMITS).content
    assert MARK.encode() not in kept
    with Image.open(io.BytesIO(kept)) as picture:
        assert not picture.getexif().get_ifd(0x8825)
        assert set(picture.getexif()) <= {0x0112}
        assert not {"comment", "xmp", "XML:com.adobe.xmp", "Comment", "photoshop"} & set(picture.info)
    return kept


PAGE = page(360, 480, lines=9)


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_jpeg_keeps_its_dots_and_which_way_is_up_and_nothing_else(orientation, progressive):
    how = {"exif": notes(orientation), "xmp": XMP, "comment": MARK, "progressive": progressive}
    sent = as_bytes(PAGE, icc_profile=colours(), **how)
    kept = kept_of(sent)

    assert dots(kept) == dots(sent)
    with Image.open(io.BytesIO(kept)) as picture:
        assert picture.getexif().get(0x0112, 1) == orientation
        assert picture.info["icc_profile"] == colours()
    assert kept_of(kept) == kept


def test_thumbnails_and_what_follows_a_jpeg_are_gone():
    """Phones append further pictures and films; JFIF and EXIF may hold a small copy of the whole."""
    thumbnail = b"\xff\xe0\x00\x1cJFIF\0\x01\x02\0\0\x01\0\x01\x02\x02" + MARK.encode()
    clean = jpeg()
    sent = clean[:2] + thumbnail + clean[20:] + b"\0\0\0\x18ftypmp42" + MARK.encode()

    assert len(MARK) == 12
    assert kept_of(sent) == clean[:11] + b"\x01\x02" + clean[13:]


def test_a_jpeg_in_four_colours_keeps_what_they_mean():
    sent = as_bytes(PAGE.convert("CMYK"), exif=notes())
    assert dots(kept_of(sent)) == dots(sent)


def test_a_png_keeps_its_dots():
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", MARK)
    text.add_text("Author", MARK, zip=True)
    text.add_itxt("XML:com.adobe.xmp", XMP.decode())
    sent = as_bytes(PAGE.quantize(4), "PNG", pnginfo=text, exif=notes(), icc_profile=colours())
    kept = kept_of(sent)

    assert dots(kept) == dots(sent)
    assert b"iCCP" in kept
    assert b"eXIf" not in kept


def test_a_webp_keeps_its_dots():
    sent = as_bytes(PAGE, "WEBP", lossless=True, exif=notes(), xmp=XMP, icc_profile=colours())
    kept = kept_of(sent)

    assert dots(kept) == dots(sent)
    assert b"ICCP" in kept
    assert b"EXIF" not in kept


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_a_png_or_webp_that_lies_on_its_side_is_turned(kind, orientation):
    upright = card(width=600)
    back = {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}
    sent = as_bytes(upright.transpose(back[orientation]), kind, exif=notes(orientation))
    kept = kept_of(sent)

    with Image.open(io.BytesIO(kept)) as picture:
        assert (picture.format, picture.size) == ("JPEG", upright.size)
        # The portrait is on the left, the code at the upper right.
        assert picture.getexif().get(0x0112, 1) == 1
        assert near(picture.getpixel((120, 225)), (120, 140, 160))


def near(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return all(abs(a - b) < 12 for a, b in zip(one, other, strict=True))


def test_a_heic_keeps_no_notes():
    assert b"GHI-CHU-DAU" in HEIC
    assert b"DAU-XMP" in HEIC
    kept = kept_of(HEIC)

    assert b"GHI-CHU-DAU" not in kept
    assert b"DAU-XMP" not in kept


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_of_what_is_animated_the_first_picture_is_kept(kind):
    second = Image.new("RGB", PAGE.size, "red")
    sent = as_bytes(PAGE, kind, save_all=True, append_images=[second], duration=100, lossless=True)
    kept = kept_of(sent)

    with Image.open(io.BytesIO(kept)) as picture:
        assert getattr(picture, "n_frames", 1) == 1
        assert near(picture.convert("RGB").getpixel((5, 5)), PAGE.getpixel((5, 5)))


def test_what_is_transparent_is_not_taken_for_dark():
    clear = PAGE.convert("RGBA")
    clear.putalpha(0)
    ink = Image.new("RGBA", PAGE.size, (0, 0, 0, 0))
    assert look(as_bytes(ink, "PNG"), LIMITS).doubt is None
    assert look(as_bytes(clear, "PNG"), LIMITS).doubt is None


def test_sixteen_bits_are_seen_as_they_are_shown():
    grey = PAGE.convert("L").convert("I").point(lambda value: value * 256).convert("I;16")
    assert look(as_bytes(grey, "PNG"), LIMITS).doubt is None
    assert look(as_bytes(grey.point(lambda value: value * 0.1), "PNG"), LIMITS).doubt == "dark"
