"""Texts are cut where a reader would cut them, and nothing of them is lost."""

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.text import clean, split, units


@given(st.text("ab 👶\n", max_size=300), st.integers(2, 40))
def test_parts_fit_and_nothing_but_space_is_lost(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert all(0 < units(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_the_best_gap_is_an_empty_line_then_a_line_then_a_space() -> None:
    assert split("một hai\nba\n\nbốn năm", 14) == ["một hai\nba", "bốn năm"]
    assert split("một hai\nba bốn", 12) == ["một hai", "ba bốn"]
    assert split("một hai ba", 8) == ["một hai", "ba"]
    assert split("mộthaiba", 4) == ["mộth", "aiba"]


@given(st.text(st.characters()))
def test_clean_text_can_be_stored(text: str) -> None:
    cleaned = clean(text)
    assert "\x00" not in cleaned
    assert cleaned.encode().decode() == cleaned == clean(cleaned)
