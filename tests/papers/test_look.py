"""One paper in: what it is by its content, within which limits, and never an error but a reason."""

import io
import zlib
from functools import cache
from pathlib import Path

import pypdfium2
import pytest
from fpdf import FPDF
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.core.errors import FileRefused
from bot.papers.kind import kind_of
from bot.papers.look import look
from bot.papers.looked import Limits
from tests.pictures import as_bytes, card, jpeg, page, png

LIMITS = Limits(max_bytes=2_000_000, max_pages=3, max_pixels=4_000_000)
HEIC = (Path(__file__).parent / "the.heic").read_bytes()


@cache
def webp() -> bytes:
    return as_bytes(page(360, 480, lines=9), "WEBP", quality=40)


@cache
def pdf(pages: int = 1) -> bytes:
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(595, 842)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def locked() -> bytes:
    """Opens with a password only."""
    document = FPDF()
    document.add_page()
    document.set_encryption(owner_password="a", user_password="b")
    return bytes(document.output())


def refused(content: bytes, limits: Limits = LIMITS) -> str:
    with pytest.raises(FileRefused) as why:
        look(content, limits)
    return why.value.reason


@pytest.mark.parametrize(
    ("content", "mime"),
    [
        (jpeg, "image/jpeg"),
        (png, "image/png"),
        (webp, "image/webp"),
        (pdf, "application/pdf"),
    ],
)
def test_what_browsers_show_is_kept_byte_for_byte_where_there_is_nothing_to_hide(content, mime):
    looked = look(content(), LIMITS)

    assert (looked.mime, looked.content, looked.pages) == (mime, content(), 1)
    assert (looked.doubt, looked.card) == (None, None)


def test_a_heic_becomes_an_upright_jpeg():
    looked = look(HEIC, LIMITS)

    assert (kind_of(HEIC), looked.mime) == ("image/heic", "image/jpeg")
    with Image.open(io.BytesIO(looked.content)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (800, 600))
    assert looked.card.name == "Lê Thị Hoa"


@pytest.mark.parametrize(
    "content",
    [
        b"MZ" + b"\0" * 99,
        b"<html><script>",
        b"PK\x03\x04" + b"\0" * 99,
        b"x",
        b"\0" * 99,
        as_bytes(page(360, 480, lines=3), "GIF"),
        as_bytes(page(360, 480, lines=3), "TIFF"),
        as_bytes(page(360, 480, lines=3), "BMP"),
        b"%!PS-Adobe-3.0 EPSF-3.0\n",
        b"\0\0\0\x18ftypmp42\0\0\0\0mp41isom" + b"\0" * 40,
    ],
    ids=["exe", "html", "zip", "one byte", "zeros", "gif", "tiff", "bmp", "eps", "mp4"],
)
def test_what_is_neither_picture_nor_pdf_is_refused(content):
    assert refused(content) == "unknown_type"


def test_an_empty_file_and_one_too_large_are_refused():
    assert refused(b"") == "empty"
    assert refused(jpeg() + b"\0", Limits(max_bytes=len(jpeg()))) == "too_large"
    assert look(jpeg(), Limits(max_bytes=len(jpeg()))).content == jpeg()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_too_small_to_read_or_too_large_to_open_is_refused(kind):
    assert refused(as_bytes(Image.new("L", (399, 300), "white"), kind)) == "small"
    assert refused(as_bytes(Image.new("L", (2000, 2001), "white"), kind)) == "pixels"
    assert look(as_bytes(Image.new("L", (2000, 2000), "white"), kind), LIMITS).doubt is None


def test_a_bomb_is_refused_before_it_is_unpacked():
    """A PNG of a few hundred bytes that says it is of ten thousand million dots."""
    header = png()[:16] + (100_000).to_bytes(4, "big") * 2 + png()[24:29]
    crc = zlib.crc32(header[12:29]).to_bytes(4, "big")
    assert refused(header + crc + png()[33:], Limits(max_bytes=10**6)) == "pixels"


@pytest.mark.parametrize("content", [jpeg(), png(), webp(), HEIC], ids=["jpeg", "png", "webp", "heic"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
def test_a_picture_that_was_cut_off_on_its_way_is_refused(content, share):
    assert refused(content[: int(len(content) * share)]) == "unreadable"


def test_a_pdf_that_is_locked_long_broken_or_empty_is_refused():
    assert refused(locked()) == "locked"
    assert refused(pdf(4)) == "pages"
    assert look(pdf(3), LIMITS).pages == 3
    assert refused(pdf()[:200]) == "unreadable"
    assert refused(b"%PDF-1.4\n" + b"\0" * 40) == "unreadable"
    no_pages = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\n"
    )
    assert refused(no_pages) == "unreadable"


def test_a_card_is_read_from_a_page_of_a_pdf():
    scanned = io.BytesIO()
    card(width=1200).save(scanned, "PDF", save_all=True, append_images=[page(600, 800)])
    looked = look(scanned.getvalue(), LIMITS)

    assert (looked.pages, looked.content) == (2, scanned.getvalue())
    assert looked.card.number == "003196001234"


def test_a_pdf_that_takes_for_ever_to_draw_is_taken_without_looking_further(monkeypatch):
    monkeypatch.setattr("bot.papers.pdf._SECONDS", -1)
    scanned = as_bytes(card(width=1200), "PDF")
    assert look(scanned, LIMITS).card is None


# ── whatever comes ──

SEEDS = (jpeg(), png(), webp(), HEIC, pdf(2), as_bytes(page(360, 480, lines=9), progressive=True))


def takes_it_or_says_why(content: bytes) -> None:
    reason = ""
    try:
        looked = look(content, LIMITS)
    except FileRefused as error:
        reason = error.reason
    else:
        assert looked.content
        assert look(looked.content, LIMITS).content == looked.content
    assert reason in {"", "empty", "unknown_type", "unreadable", "small", "pixels", "locked", "pages"}


@settings(max_examples=150, deadline=10_000)
@given(
    st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x20\0\0\0WEBPVP8X", b"%PDF-1.7\n"])
    | st.just(HEIC[:60]),
    st.binary(max_size=300),
)
def test_any_bytes_are_taken_or_refused_with_a_reason(start, rest):
    takes_it_or_says_why(start + rest)


@settings(max_examples=150, deadline=10_000)
@given(st.sampled_from(SEEDS), st.data())
def test_a_damaged_paper_is_taken_or_refused_with_a_reason(seed, data):
    content = bytearray(seed)
    # Headers are where decoders trip: half of the damage is done there.
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, 400) | st.integers(0, len(content) - 1)) % len(content)
        match data.draw(st.sampled_from(["set", "cut", "repeat", "swap"])):
            case "set":
                content[at] = data.draw(st.integers(0, 255))
            case "cut":
                del content[at : at + data.draw(st.integers(1, 40))]
            case "repeat":
                content[at:at] = content[at : at + data.draw(st.integers(1, 40))] or b"\0"
            case "swap":
                content[at : at + 4] = data.draw(st.binary(min_size=4, max_size=4))
    takes_it_or_says_why(bytes(content))


def test_a_jpeg_of_endless_empty_scans_does_not_keep_us_busy():
    whole = as_bytes(page(360, 480, lines=9), progressive=True)
    at = whole.rindex(b"\xff\xda")
    assert refused(whole[:-2] + whole[at:-2] * 200 + b"\xff\xd9") == "unreadable"
