"""The reader of content files tells authors the line of every mistake, and never falls over."""

from contextlib import suppress
from pathlib import Path

import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.content import ContentError, check, parse_yaml, read_yaml, suggest
from bot.core.procedure import Part

HERE = Path("flows/thu.yml")


class Inner(Part):
    ten: str
    so: int = 0


class Outer(Part):
    id: str
    parts: tuple[Inner, ...] = pydantic.Field(default=(), min_length=1)
    one: Inner | None = None


def mistakes(text: str) -> list[str]:
    with pytest.raises(ContentError) as caught:
        check(parse_yaml(HERE, text), Outer)
    return [str(problem) for problem in caught.value.problems]


def test_a_document_knows_its_lines():
    document = parse_yaml(HERE, "a: 1\nb:\n  - x: 1\n    y: 2\n  - x: 3\n")
    assert document.value == {"a": 1, "b": [{"x": 1, "y": 2}, {"x": 3}]}
    assert [document.line("a"), document.line("b"), document.line("b", 0, "y")] == [1, 2, 4]
    assert document.line("b", 1, "nothing", "here") == 5


def test_a_key_that_stands_twice_is_told_with_both_lines():
    assert mistakes("id: a\nparts: []\nid: b\n") == [
        'flows/thu.yml:3  The key "id" stands here twice; first on line 1.'
    ]


def test_a_misspelt_key_is_told_with_the_right_one():
    said = mistakes("id: a\nparts:\n  - ten: x\n    sso: 1\n")
    assert said == ['flows/thu.yml:4  The key "sso" is not known here. Did you mean "so"?']


def test_all_mistakes_are_told_at_once():
    said = mistakes("parts:\n  - so: x\none: 5\n")
    assert [line.split("  ")[0] for line in said] == [
        "flows/thu.yml:1",
        "flows/thu.yml:2",
        "flows/thu.yml:2",
        "flows/thu.yml:3",
    ]


def test_a_list_with_bad_items_is_not_called_empty():
    assert not any("is empty" in line for line in mistakes("id: a\nparts:\n  - so: 1\n"))
    assert mistakes("id: a\nparts: []\n") == ["flows/thu.yml:2  parts is empty."]


def test_a_number_where_text_belongs_asks_for_quotes():
    assert mistakes("id: 1.001193\nparts: [{ten: a}]\n") == [
        "flows/thu.yml:1  id must be text; put it in quotes."
    ]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("no", "no"),
        ("on", "on"),
        ("true", True),
        ("0274", "0274"),
        ("12:30", "12:30"),
        ("17", 17),
        ("2026-07-01", "2026-07-01"),
        ("~", None),
        ("1.5", 1.5),
        ("1_000", "1_000"),
        ("<<", "<<"),
    ],
)
def test_plain_words_are_read_without_surprises(written, read):
    assert parse_yaml(HERE, f"x: {written}").value == {"x": read}


def test_text_is_brought_to_one_form():
    assert parse_yaml(HERE, "ho\u0302: ha\u0300").value == {"hô": "hà"}


@pytest.mark.parametrize(
    "text",
    [
        "a: [1",
        "a: &x 1\nb: *x",
        "&a [*a]",
        "a: !!python/object:os.system x",
        "? [a]\n: b",
        "a\tb: \x01",
        "[" * 5000,
        "a: !!int chín",
        "--- 1\n--- 2",
        "a: {b: c",
    ],
)
def test_what_we_do_not_use_is_refused_with_its_line(text):
    with pytest.raises(ContentError) as caught:
        parse_yaml(HERE, text)
    assert all(problem.line >= 1 and problem.message for problem in caught.value.problems)


def test_a_file_that_is_not_utf8_or_not_there_is_told(tmp_path):
    (tmp_path / "x.yml").write_bytes(b"a: 1\nb: \xff\n")
    with pytest.raises(ContentError, match=r"x\.yml:2  This is not UTF-8"):
        read_yaml(tmp_path / "x.yml")
    with pytest.raises(ContentError, match="Cannot be read"):
        read_yaml(tmp_path / "y.yml")


def test_suggestions_come_only_for_near_words():
    assert suggest("xac_nhn", ["xac_nhan", "huy"]) == ' Did you mean "xac_nhan"?'
    assert suggest("zzz", ["xac_nhan", "huy"]) == ""


YAMLISH = st.text(alphabet="ab:- \n{}[]&*!|>'\"#?,%@0.~\t", max_size=60)


@given(st.one_of(st.text(max_size=60), YAMLISH))
def test_no_text_at_all_makes_it_fall_over(text):
    with suppress(ContentError):
        document = parse_yaml(HERE, text)
        assert document.line("a", 0) >= 1
        check(document, Outer)
