from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.flow.conditions import ConditionError, parse

SLOTS = {
    "tuoi": 17,
    "ten": "Lê Thị Hoa",
    "ngay": "2026-11-30",
    "dong_y": True,
    "ds": ["a", "b"],
    "rong": None,
}


@pytest.mark.parametrize(
    ("source", "holds"),
    [
        ("slots.tuoi >= 18", False),
        ("slots.tuoi < 18 and slots.dong_y", True),
        ("not slots.dong_y or slots.tuoi = 17", True),
        ("not (slots.dong_y or slots.tuoi = 17)", False),
        ("slots.ten contains 'Hoa'", True),
        ("slots.ds contains 'b'", True),
        ("slots.ds contains 'c'", False),
        ('slots.ten matches "^Lê .+"', True),
        (r'slots.ngay matches "^\d{4}-\d{2}-\d{2}$"', True),
        ("slots.ngay > '2026-11-24'", True),
        ("slots.rong is null", True),
        ("slots.chua_co is null", True),
        ("slots.ten is not null", True),
        ("slots.ten != 'x'", True),
        ("slots.ten > 5", False),
        ("slots.dong_y = 1", False),
        ("slots.tuoi = 17.0", True),
        ("context.kenh = 'web'", True),
        ("NOT slots.dong_y", False),
        ("not not slots.dong_y", True),
        ("true", True),
        ("slots.tuoi > -3", True),
        (r"slots.ten = 'It\'s'", False),
    ],
)
def test_a_condition_means_what_it_says(source, holds):
    assert parse(source).holds(SLOTS, {"kenh": "web"}) is holds


@pytest.mark.parametrize(
    ("born", "years", "holds"),
    [
        ("1951-11-25", 75, True),
        ("1951-11-26", 75, False),
        ("1951", 75, True),
        ("1952", 75, False),
        ("1951-11", 75, True),
        ("1951-12", 75, False),
        ("2008-02-29", 18, True),
        (None, 18, False),
        ("hôm qua", 18, False),
        (1951, 75, False),
    ],
)
def test_an_age_is_counted_in_full_years_today(born, years, holds):
    condition = parse(f"slots.sinh aged {years}")
    assert condition.holds({"sinh": born}, {"hom_nay": "2026-11-25"}) is holds
    assert condition.names() == {("slots", "sinh")}


@pytest.mark.parametrize(
    ("died", "born", "before", "after"),
    [
        ("1970", "1970-05-01", False, False),
        ("1970-05", "1970-05-01", False, False),
        ("1970-05-01", "1970", False, False),
        ("1969", "1970-05-01", True, False),
        ("1970-04", "1970-05-01", True, False),
        ("1970-06", "1970-05-01", False, True),
        ("1971", "1970-05-01", False, True),
        ("1970-04-30", "1970-05-01", True, False),
        ("197", "1970-05-01", True, False),
    ],
)
def test_of_two_dates_only_what_both_say_is_compared(died, born, before, after):
    slots = {"mat": died, "sinh": born}
    assert parse("slots.mat < slots.sinh").holds(slots, {}) is before
    assert parse("slots.mat > slots.sinh").holds(slots, {}) is after


@pytest.mark.parametrize("years", ["0", "121", "1.5", "'75'", "true", "slots.b", "null"])
def test_an_age_is_a_whole_number_of_years(years):
    with pytest.raises(ConditionError, match="whole number of years"):
        parse(f"slots.sinh aged {years}")


@pytest.mark.parametrize(
    ("source", "position"),
    [
        ("", 0),
        ("slots.a =", 9),
        ("slots.a = xa", 10),
        ("(slots.a", 8),
        ("slots.a slots.b", 8),
        ("slots.a & 1", 8),
        ("ten = 1", 0),
        ("slots.a = 'open", 10),
        ("slots.a matches slots.b", 16),
        ("slots.a matches '('", 16),
        ("slots.a matches '(a+)+$'", 16),
        ("slots.a matches '(a*|b)*'", 16),
        ("slots.a matches '(a{1,50}){2,9}'", 16),
        ("slots.a matches '.*.*.*.*'", 16),
        (r"slots.a matches '(a)\1'", 16),
        ("slots.a matches '(?=a)'", 16),
        ("slots.a matches '" + "a" * 201 + "'", 16),
    ],
)
def test_a_mistake_has_a_position(source, position):
    with pytest.raises(ConditionError) as caught:
        parse(source)
    assert caught.value.position == position


def test_deep_nesting_is_refused_and_not_a_crash():
    with pytest.raises(ConditionError, match="deeply"):
        parse("(" * 500 + "true" + ")" * 500)


def test_the_names_in_a_condition_are_known():
    names = parse("slots.a = 1 and not (context.b or slots.c contains 'x')").names()
    assert names == {("slots", "a"), ("context", "b"), ("slots", "c")}


def test_an_allowed_pattern_ends_on_a_nasty_text():
    assert not parse("slots.a matches 'a*a*a*b'").holds({"a": "a" * 100_000}, {})


VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(), st.lists(st.text())
)
NAMES = st.sampled_from(["slots.a", "slots.b", "context.c"])
LITERALS = st.one_of(
    st.sampled_from(["true", "false", "null"]),
    st.integers(-(10**6), 10**6).map(str),
    st.text(alphabet="abcđê 1", max_size=5).map(lambda text: f"'{text}'"),
)
COMPARISONS = st.builds(
    lambda left, sign, right: f"{left} {sign} {right}",
    NAMES,
    st.sampled_from(["=", "!=", "is", ">", ">=", "<", "<=", "contains"]),
    st.one_of(NAMES, LITERALS),
)
CONDITIONS = st.recursive(
    st.one_of(COMPARISONS, NAMES),
    lambda inside: st.one_of(
        inside.map(lambda one: f"not {one}"),
        st.builds(lambda a, word, b: f"({a} {word} {b})", inside, st.sampled_from(["and", "or"]), inside),
    ),
    max_leaves=8,
)


@given(CONDITIONS, st.fixed_dictionaries({"a": VALUES, "b": VALUES}), VALUES)
def test_any_condition_holds_or_not_for_any_values(source, slots, context):
    condition = parse(source)
    assert condition.holds(slots, {"c": context}) is not parse(f"not ({source})").holds(slots, {"c": context})


@given(st.text())
def test_any_text_is_a_condition_or_a_condition_error(text):
    with suppress(ConditionError):
        parse(text)


@given(st.text(alphabet="a()*+?{}[]|\\d.,12^$", max_size=30), st.text(max_size=50))
def test_any_pattern_is_refused_or_safe(pattern, text):
    quoted = pattern.replace("\\", "\\\\").replace("'", "")
    try:
        condition = parse(f"slots.a matches '{quoted}'")
    except ConditionError:
        return
    condition.holds({"a": text}, {})
