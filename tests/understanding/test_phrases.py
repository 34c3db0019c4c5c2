"""Set phrases are found however they are typed, and only they."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.text import strip_accents
from bot.understanding.phrases import Phrases, Spelling

SPELLING = Spelling({"ko": "không", "sđt": "số điện thoại"})
PHRASES = Phrases(SPELLING, {"stop": ["thôi", "huỷ", "thôi không làm nữa"], "phone": ["số điện thoại"]})


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("thôi", "stop"),
        ("THÔI!", "stop"),
        ("thoi", "stop"),
        ("thoiii", "stop"),
        ("thôi ko làm nữa", "stop"),
        ("thoi khong lam nua", "stop"),
        ("thôi không lam nưa", "stop"),  # half the accents
        ("hủy", "stop"),
        ("huy", "stop"),
        ("sđt", "phone"),
        ("so dien thoai", "phone"),
        ("thời", None),
        ("thối", None),
        ("hụy", None),
        ("thôi nào", None),
        ("", None),
    ],
)
def test_a_letter_with_an_accent_must_agree_and_a_bare_one_agrees_with_all(typed, name):
    assert PHRASES.whole(SPELLING.words(typed)) == name


def test_the_longest_phrase_is_found_first_and_inside_a_text_too():
    found = list(PHRASES.within(SPELLING.words("dạ thôi không làm nữa, sđt sai")))

    assert [(match.name, match.first, match.last) for match in found] == [
        ("stop", 1, 5),
        ("stop", 1, 2),
        ("phone", 5, 8),
    ]


@given(st.text(max_size=200))
def test_every_word_stands_where_it_says(text):
    for word in SPELLING.words(text):
        assert 0 <= word.start < word.end <= len(text)
        assert word.bare


@given(st.sampled_from(["thôi", "huỷ", "thôi không làm nữa", "số điện thoại"]), st.data())
def test_any_letters_may_lack_their_accents(phrase, data):
    kept = data.draw(st.lists(st.booleans(), min_size=len(phrase), max_size=len(phrase)))
    typed = "".join(a if keep else strip_accents(a) for a, keep in zip(phrase, kept, strict=True))

    assert PHRASES.whole(SPELLING.words(typed)) == PHRASES.whole(SPELLING.words(phrase))
