"""A card's QR code, found on photos that are turned, far away, noisy, bent by a cheap lens, or in company."""

import io
import random
from datetime import date

import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.papers.look import look
from bot.papers.looked import Limits
from tests.pictures import as_bytes, blurred, card, darker, noisy

LIMITS = Limits(max_bytes=9_000_000)


def number_on(picture: Image.Image, quality: int = 80) -> str | None:
    found = look(as_bytes(picture, quality=quality), LIMITS).card
    return found.number if found else None


@pytest.mark.parametrize("angle", [0, 17, 90, 180, 233, 270])
def test_whichever_way_the_card_lies(angle):
    assert number_on(card(width=1400).rotate(angle, expand=True, fillcolor=(96, 84, 70))) == "003196001234"


@pytest.mark.parametrize(
    "picture",
    [
        card(width=640),
        card(width=3000, share=0.3),
        blurred(card(width=1600), 1.5),
        noisy(card(width=1600), 80),
        darker(card(width=1600), 0.3),
        card(width=1600).transform(
            (1600, 1200),
            Image.Transform.QUAD,
            (60, 0, 0, 1200, 1600, 1100, 1500, 80),
            Image.Resampling.BILINEAR,
        ),
    ],
    ids=["small", "far", "soft", "noisy", "dim", "from the side"],
)
def test_from_a_cheap_phone(picture):
    assert number_on(picture) == "003196001234"


def side_by_side(*pictures: Image.Image) -> Image.Image:
    whole = Image.new("RGB", (sum(one.width for one in pictures), pictures[0].height))
    left = 0
    for one in pictures:
        whole.paste(one, (left, 0))
        left += one.width
    return whole


def code(text: str, side: int) -> Image.Image:
    out = io.BytesIO()
    segno.make(text, micro=False).save(out, kind="png", scale=6, border=4)
    page = Image.new("RGB", (side, side), "white")
    page.paste(Image.open(out).convert("RGB"), (20, 20))
    return page


def test_another_code_beside_it_does_not_disturb():
    one = card(width=1000)
    assert number_on(side_by_side(one, code("https://vneid.gov.vn", one.height))) == "003196001234"


def test_of_two_cards_none_is_chosen():
    other = card("003088001234||Nguyễn Văn Bình|02011988|Nam|Bình Hòa|01022023", width=1000)
    both = side_by_side(card(width=1000), other)
    assert number_on(both) is None
    assert number_on(side_by_side(card(width=1000), card(width=1000))) == "003196001234"


def test_other_codes_are_no_card():
    assert number_on(code("https://vneid.gov.vn", 600)) is None
    assert number_on(code("003196001234", 600)) is None


@settings(max_examples=25, deadline=None)
@given(
    born=st.dates(date(1930, 1, 1), date(2012, 12, 31)),
    man=st.booleans(),
    name=st.sampled_from(["Lê Thị Hoa", "Nguyễn Hoàng Thiên Ân", "H'Hen Niê", "ĐỖ THỊ QUỲNH NHƯ"]),
    place=st.sampled_from(["Bình Hòa", "12/4A đường ĐT 743C, khu phố Bình Đức 1, Bình Hòa, TP. Hồ Chí Minh"]),
    parents=st.sampled_from(["", "||Lê Văn Cha|Trần Thị Mẹ|"]),
    angle=st.integers(0, 359),
    soft=st.floats(0, 0.9),
    light=st.floats(0.45, 1.3),
    seed=st.integers(0, 999),
)
def test_every_card_is_read_from_its_photo(born, man, name, place, parents, angle, soft, light, seed):
    century = 2 * (born.year // 100 - 19) + (not man)
    number = f"003{century}{born.year % 100:02}{random.Random(seed).randrange(10**6):06}"
    text = (
        f"{number}||{name}|{born:%d%m%Y}|{'Nam' if man else 'Nữ'}|{place}|{date(2021, 4, 25):%d%m%Y}{parents}"
    )
    photo = card(text, width=1300).rotate(
        angle, Image.Resampling.BILINEAR, expand=True, fillcolor=(96, 84, 70)
    )
    found = look(as_bytes(darker(blurred(photo, soft), light), quality=70), LIMITS).card

    assert (found.number, found.name, found.born, found.residence) == (number, name, born.isoformat(), place)
