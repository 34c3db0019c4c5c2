"""Labelled messages as Rasa's examples: safe, sorted, each text once, and read back as written."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.config import ROOT
from bot.core.content import ContentError
from bot.core.intents import INTENTS
from bot.core.text import gist
from bot.understanding.labelled import (
    Example,
    Standing,
    as_typed,
    join,
    read_examples,
    standing_elsewhere,
    written,
)

FEE = Example("ask_fee", "dang_ky_khai_sinh", "tiền làm giấy cho bé hết nhiêu")
HELLO = Example("greet", "", "ê bot ơi")
PROCEDURES = frozenset({"dang_ky_khai_sinh", "dang_ky_khai_tu"})


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("- - hỏi giấy", "hỏi giấy"),
        ("hỏi\ngiấy\tkia\u2028ở\x85đâu", "hỏi giấy kia ở đâu"),
        ('[giấy](paper) [kia]{"entity": "x"} [nọ][{}]', '[giấy] (paper) [kia] {"entity": "x"} [nọ] [{}]'),
        ("gọi [tên][số điện thoại] nha", "gọi Nguyễn Văn A 0900000000 nha"),
        ("số của em 0912345678", "số của em 0900000000"),
        ("phí: a {b} & *c # d | e \\n ${HOME}", "phí: a {b} & *c # d | e \\n ${HOME}"),
    ],
)
def test_a_message_is_made_safe(text, typed):
    assert as_typed(text) == typed


@given(st.lists(st.tuples(st.sampled_from(["", "dang_ky_khai_sinh"]), st.text(max_size=60)), max_size=6))
def test_what_is_written_is_read_back(tmp_path_factory, given_):
    file = tmp_path_factory.getbasetemp() / "labelled.yml"
    examples = {Example("ask_fee", procedure, as_typed(text)) for procedure, text in given_ if gist(text)}
    file.write_text(written(examples), encoding="utf-8")

    assert read_examples(file) == sorted(examples)
    # as Rasa and the evaluation read it
    blocks = yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"] or []
    lines = [line for block in blocks for line in block["examples"].split("\n") if line]
    assert [line.removeprefix("- ") for line in lines] == [one.text for one in sorted(examples)]


def test_blocks_are_sorted_by_intent_and_procedure_and_the_order_given_does_not_matter():
    other = Example("ask_fee", "dang_ky_khai_sinh", "bé mới sinh đóng bao nhiêu")
    general = Example("ask_fee", "", "đóng bao nhiêu")
    text = written([HELLO, FEE, other, general])

    assert text == written([general, other, FEE, HELLO])
    assert yaml.safe_load(text) == {
        "version": "3.1",
        "nlu": [
            {"intent": "ask_fee", "examples": "- đóng bao nhiêu\n"},
            {
                "intent": "ask_fee",
                "metadata": {"procedure": "dang_ky_khai_sinh"},
                "examples": "- bé mới sinh đóng bao nhiêu\n- tiền làm giấy cho bé hết nhiêu\n",
            },
            {"intent": "greet", "examples": "- ê bot ơi\n"},
        ],
    }


def test_what_stands_in_the_file_is_kept_as_it_is_written_there():
    joined = join([Example("greet", "", "Ê bot ơi!"), FEE], [HELLO], {}, PROCEDURES)

    assert joined.examples == (FEE, HELLO)
    assert (joined.new, joined.changed, joined.left_out) == (1, 0, ())
    again = join([FEE], joined.examples, {}, PROCEDURES)
    assert (again.examples, again.new, again.changed) == (joined.examples, 0, 0)


def test_the_latest_label_holds():
    first, last = Example("ask_time", "", "cái đó sao"), Example("ask_where", "", "cai do sao")
    joined = join([first, last, Example("help", "", "ê bot ơi")], [HELLO], {}, PROCEDURES)

    assert joined.examples == (last, Example("help", "", "ê bot ơi"))
    assert (joined.new, joined.changed) == (1, 1)


def test_what_stands_elsewhere_or_names_no_procedure_is_left_out_and_said():
    gone = Example("ask_fee", "thu_tuc_da_bo", "phí cái kia")
    elsewhere = {
        gist(FEE.text): Standing(FEE, Path("a.yml")),
        gist(HELLO.text): Standing(Example("help", "", HELLO.text), Path("b.yml")),
    }
    joined = join([FEE, gone, HELLO], [HELLO], elsewhere, PROCEDURES)

    assert joined.examples == ()
    assert [
        (one.example, one.standing and one.standing.file.name, one.contradicts) for one in joined.left_out
    ] == [
        (HELLO, "b.yml", True),
        (FEE, "a.yml", False),
        (gone, None, False),
    ]


def test_the_examples_of_the_ward_are_read_but_for_the_file_itself():
    folder = ROOT / "data" / "nlu"
    everything = standing_elsewhere(folder, folder / "labelled.yml")
    without = standing_elsewhere(folder, folder / "chat.yml")

    assert len(everything) > 5000
    assert {one.example.intent for one in everything.values()} == INTENTS
    assert gist("hẹn gặp lại") in everything.keys() - without.keys()


def test_a_file_that_is_no_yaml_is_said_so_with_its_line(tmp_path):
    file = tmp_path / "labelled.yml"
    file.write_text("nlu:\n- intent: greet\n  examples: [a]\n", encoding="utf-8")
    with pytest.raises(ContentError, match=r"labelled\.yml:3"):
        read_examples(file)

    file.write_text("", encoding="utf-8")
    assert read_examples(file) == []
