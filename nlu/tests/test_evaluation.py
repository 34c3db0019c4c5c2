"""What the report counts."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from components.examples import NONE, Example, Procedure
from components.model import Understood
from evaluation.folds import folds, twins
from evaluation.tally import Guess, Tally, bars, calibration_error, cuts, share
from evaluation.trying import of_table

NLU = Path(__file__).resolve().parents[1]
KHAI_SINH = Procedure("khai_sinh", "1.1", "Đăng ký khai sinh", ())
KET_HON = Procedure("ket_hon", "1.2", "Đăng ký kết hôn", ())


def said(intent: str, *ranked: Procedure, none: float = 0.1) -> Understood:
    sure = [0.6, 0.2, 0.1, 0.05]
    return Understood([(intent, 0.9), ("greet", 0.1)], list(zip(ranked, sure, strict=False)), none)


def test_twins_are_found_whatever_their_accents() -> None:
    group = twins(["làm khai sinh ở đâu", "lam khai sinh o dau", "giá vàng hôm nay", "🙂"])
    assert group[0] == group[1]
    assert len(set(group)) == 3


def test_no_twin_of_a_test_is_among_the_lessons() -> None:
    texts = [f"câu số {n} về việc {'abcdefgh'[n % 8] * 5}" for n in range(40)]
    examples = [Example(text, f"intent_{n % 3}") for n, text in enumerate([*texts, *map(str.upper, texts)])]
    group = twins([one.text for one in examples])
    tested = []
    for rest, test in folds(examples, 4):
        assert not set(group[rest]) & set(group[test])
        tested += list(test)
    assert sorted(tested) == list(range(80))


def test_right_and_wrong_answers_are_counted() -> None:
    tally = Tally()
    tally.note("a", said("ask_fee", KHAI_SINH, KET_HON), "ask_fee", ["khai_sinh"])
    tally.note("b", said("ask_time", KHAI_SINH, KET_HON), "ask_fee", ["ket_hon"])
    tally.note("c", said("out_of_scope", KHAI_SINH, none=0.7), "out_of_scope", [NONE])
    tally.note("d", said("out_of_scope", KHAI_SINH), "greet", [NONE])
    tally.note("e", said("ask_fee", KHAI_SINH), None, ["khai_sinh", NONE])
    assert share(tally.intents) == 0.5
    assert share(tally.procedures) == 0.5
    assert share(tally.in_three) == 1
    assert tally.none == [True, False]
    assert tally.recognised == [True]
    assert share(tally.refused) == pytest.approx(1 / 3)
    assert tally.confused["ask_fee", "ask_time"] == 1
    assert {one.text for one in tally.mistakes} == {"b", "d"}


def test_calibration_error_is_the_mean_distance() -> None:
    honest = [Guess(True, 0.75)] * 3 + [Guess(False, 0.75)]
    assert calibration_error(honest) == pytest.approx(0)
    boastful = [Guess(True, 1.0), Guess(False, 1.0)]
    assert calibration_error(boastful) == pytest.approx(0.5)
    assert [bar.count for bar in bars(boastful + honest)] == [4, 2]
    assert calibration_error([]) == 0


def test_a_cut_answers_less_and_more_rightly() -> None:
    guesses = [Guess(True, 0.9), Guess(True, 0.6), Guess(False, 0.4)]
    low, high = cuts(guesses, (0.0, 0.5))
    assert (low.answered, round(low.right, 2)) == (1, 0.67)
    assert (round(high.answered, 2), high.right) == (0.67, 1)
    assert np.isnan(cuts(guesses, (0.95,))[0].right)


def test_a_table_names_our_procedures_and_leaves_other_codes(tmp_path: Path) -> None:
    file = tmp_path / "t.tsv"
    file.write_text("text\tcodes\taspect\nA?\t1.1|9.9\tfee\nB?\tNONE\tother\n", encoding="utf-8")
    assert list(of_table(file, [KHAI_SINH])) == [
        ("A?", "ask_fee", ["khai_sinh", NONE]),
        ("B?", None, [NONE]),
    ]


def test_the_curve_is_drawn(tmp_path: Path) -> None:
    # In a process of its own: in this one a placeholder stands in for the library that draws.
    file = tmp_path / "c.png"
    code = (
        "import sys; from pathlib import Path; from evaluation.chart import draw; "
        "from evaluation.tally import Bar; "
        "draw(Path(sys.argv[1]), {'ý định': [Bar(0.3, 0.2, 5), Bar(0.9, 0.95, 20)]})"
    )
    subprocess.run([sys.executable, "-c", code, str(file)], cwd=NLU, check=True)
    assert file.read_bytes().startswith(b"\x89PNG")
