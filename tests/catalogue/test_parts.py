"""Long answers are cut between lines, and nothing is lost."""

from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.parts import parts

LINES = st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n\r"), max_size=60), max_size=40)


@given(LINES, st.integers(20, 200))
def test_every_line_stays_whole_and_in_order(lines, longest):
    cut = parts("\n".join(lines), longest)
    told = [line for part in cut for line in part.split("\n") if line]
    assert told == [line for line in lines if line]


@given(LINES, st.integers(80, 200))
def test_a_part_is_hardly_longer_than_it_may_be(lines, longest):
    for part in parts("\n".join(lines), longest):
        assert len(part) <= longest * 9 // 8 + 2


def test_a_short_text_is_one_part():
    assert parts("một\nhai", 300) == ["một\nhai"]
