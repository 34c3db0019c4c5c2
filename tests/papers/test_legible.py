"""Photos as residents take them: what nobody can read is doubted, and nothing else."""

import pytest
from PIL import Image

from bot.papers.look import look
from bot.papers.looked import Limits
from tests.pictures import as_bytes, blurred, card, darker, noisy, page

LIMITS = Limits(max_bytes=5_000_000)
WIDTH, HEIGHT = 1500, 2000


def doubt(picture: Image.Image, quality: int = 80) -> str | None:
    return look(as_bytes(picture, quality=quality), LIMITS).doubt


def smeared(picture: Image.Image, dots: int) -> Image.Image:
    """A hand that moved sideways."""
    narrow = picture.resize((picture.width // dots, picture.height), Image.Resampling.BOX)
    return narrow.resize(picture.size, Image.Resampling.BILINEAR)


SHEET = page(WIDTH, HEIGHT, lines=45)
READABLE = {
    "a page": SHEET,
    "small print": page(WIDTH, HEIGHT, lines=75),
    "a form with few lines": page(WIDTH, HEIGHT, lines=3),
    "a little soft": blurred(SHEET, 2),
    "in the evening": darker(SHEET, 0.35),
    "in the evening, by a cheap camera": noisy(darker(SHEET, 0.5), 60),
    "pale print on thermal paper": page(WIDTH, HEIGHT, lines=40, ink=185, paper=235),
    "a carbon copy": page(WIDTH, HEIGHT, lines=40, ink=120, paper=170),
    "an empty page on a table": page(WIDTH, HEIGHT, lines=0),
    "nothing but white": Image.new("RGB", (WIDTH, HEIGHT), (245, 243, 240)),
    "white and noise": noisy(Image.new("RGB", (WIDTH, HEIGHT), (225, 225, 220)), 60),
    "a card": card(width=1600),
    "a card without its code in focus": blurred(card(width=1600), 2.5),
    "from an old phone": page(480, 640, lines=22),
    "passed on by a chat": page(960, 1280, lines=40),
}


@pytest.mark.parametrize("what", READABLE)
def test_what_can_be_read_is_taken(what):
    assert doubt(READABLE[what]) is None


def test_a_photo_that_was_passed_on_and_squeezed_again_is_taken():
    assert doubt(page(960, 1280, lines=40), quality=25) is None


@pytest.mark.parametrize("picture", [SHEET, page(WIDTH, HEIGHT, lines=45, ink=185), card(width=1600)])
@pytest.mark.parametrize("radius", [7, 9, 14])
def test_what_is_out_of_focus_is_doubted(picture, radius):
    assert doubt(blurred(picture, radius)) == "blurred"


def test_what_moved_is_doubted():
    assert doubt(smeared(SHEET, 25)) == "blurred"


@pytest.mark.parametrize("times", [0.0, 0.08, 0.15])
def test_what_was_taken_in_the_dark_is_doubted(times):
    assert doubt(darker(SHEET, times)) == "dark"


def test_a_card_whose_code_can_be_read_is_not_doubted():
    dim = darker(card(width=1600), 0.18)
    looked = look(as_bytes(dim, quality=95), LIMITS)

    assert looked.card is not None
    assert looked.doubt is None
