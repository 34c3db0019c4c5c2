"""The model on a ward with three procedures."""

from pathlib import Path

import pytest

from components.augment import variants
from components.examples import NONE, Example, Procedure, joined, read_procedures
from components.features import blank_out, names_of
from components.model import Model, learn
from components.text import strip_accents

PROCEDURES = [
    Procedure("khai_sinh", "1.1", "Đăng ký khai sinh", ("Đăng ký khai sinh", "giấy khai sinh", "khai sinh")),
    Procedure("ket_hon", "1.2", "Đăng ký kết hôn", ("Đăng ký kết hôn", "giấy kết hôn", "hôn thú")),
    Procedure("tam_tru", "1.3", "Đăng ký tạm trú", ("Đăng ký tạm trú", "sổ tạm trú", "tạm trú")),
]
PHRASES = {
    "ask_fee": ["THỦ_TỤC bao nhiêu tiền", "lệ phí THỦ_TỤC", "THỦ_TỤC có mất phí không"],
    "ask_documents": ["THỦ_TỤC cần giấy tờ gì", "hồ sơ THỦ_TỤC gồm những gì"],
    "ask_time": ["THỦ_TỤC bao lâu có", "THỦ_TỤC mấy ngày xong"],
}
EXAMPLES = [
    Example("lệ phí bao nhiêu", "ask_fee"),
    Example("bao nhiêu tiền vậy", "ask_fee"),
    Example("cần giấy tờ gì", "ask_documents"),
    Example("bao lâu có", "ask_time"),
    Example("chào anh chị", "greet"),
    Example("trời hôm nay đẹp quá", "out_of_scope"),
    Example("giá vàng hôm nay", "out_of_scope"),
    Example("em bé mới sinh làm giấy gì", "ask_documents", "khai_sinh"),
    Example("tụi em sắp cưới, giấy tờ cần những gì", "ask_documents", "ket_hon"),
    Example("ở trọ thì khai báo mất nhiêu tiền", "ask_fee", "tam_tru"),
    Example("không có procedure này", "ask_fee", "khong_co"),
]


@pytest.fixture(scope="module")
def model() -> Model:
    return learn(EXAMPLES, PROCEDURES, PHRASES)


@pytest.mark.parametrize("change", [str, strip_accents])
@pytest.mark.parametrize(
    ("text", "intent", "procedure"),
    [
        ("làm giấy khai sinh bao nhiêu tiền", "ask_fee", "khai_sinh"),
        ("hôn thú bao lâu có", "ask_time", "ket_hon"),
        ("tạm trú cần giấy tờ gì ạ", "ask_documents", "tam_tru"),
    ],
)
def test_intent_and_procedure(model: Model, change, text: str, intent: str, procedure: str) -> None:
    seen = model.understand(change(text))
    assert seen.intents[0][0] == intent
    assert seen.procedures[0][0].id == procedure
    assert seen.procedures[0][1] > seen.none


def test_a_question_without_a_subject_names_no_procedure(model: Model) -> None:
    seen = model.understand("lệ phí bao nhiêu vậy ạ")
    assert seen.intents[0][0] == "ask_fee"
    assert seen.none > 0.5
    assert NONE not in {one.id for one, _ in seen.procedures}


def test_confidences_are_probabilities(model: Model) -> None:
    seen = model.understand("khai sinh")
    assert sum(share for _, share in seen.intents) == pytest.approx(1, abs=1e-4)
    assert sum(share for _, share in seen.procedures) + seen.none == pytest.approx(1, abs=1e-4)
    assert sorted((share for _, share in seen.procedures), reverse=True) == [
        share for _, share in seen.procedures
    ]


@pytest.mark.parametrize("text", ["", "???", "🙂🙂", "zzzz qqqq", "x" * 100_000])
def test_nonsense_is_answered_too(model: Model, text: str) -> None:
    assert model.understand(text).intents


def test_a_saved_model_says_the_same(model: Model, tmp_path: Path) -> None:
    model.save(tmp_path)
    again = Model.load(tmp_path)
    before, after = model.understand("lệ phí khai sinh"), again.understand("lệ phí khai sinh")
    assert after.intents[0][0] == before.intents[0][0]
    assert after.intents[0][1] == pytest.approx(before.intents[0][1], abs=0.01)
    assert after.procedures[0][0].code == "1.1"


def test_two_trainings_make_the_same_model(model: Model) -> None:
    again = learn(EXAMPLES, PROCEDURES, PHRASES)
    assert (again.intent.classifier.table == model.intent.classifier.table).all()


def test_variants_are_the_same_every_time_and_the_first_has_no_accents() -> None:
    made = list(variants("đăng ký kết hôn cần giấy tờ gì", seed=7))
    assert made == list(variants("đăng ký kết hôn cần giấy tờ gì", seed=7))
    assert made[0].isascii()


def test_names_are_blanked_out_longest_first() -> None:
    names = names_of(["khai sinh", "giấy khai sinh"])
    assert blank_out(["lam", "giay", "khai", "sinh", "o", "dau"], names) == ["lam", "#", "o", "dau"]


def test_every_name_of_a_procedure_is_learnt() -> None:
    texts = {one.text for one in joined(PROCEDURES, PHRASES)}
    assert {"giấy khai sinh", "hôn thú", "tạm trú"} <= texts


def test_a_procedure_without_its_code_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.yml").write_text("id: x\nname: X\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"x\.yml: a procedure needs id, code and name"):
        read_procedures(tmp_path)
