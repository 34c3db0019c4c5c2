"""A new model is tried through Rasa before it is used. Here: a ward with three procedures, really trained."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

import train
from components.examples import Example
from shelf import Shelf, Tried, sha256
from trial import Trial, counted, judge, read_trial

GOOD, OTHER = "a" * 16, "b" * 16
PROCEDURES = {
    "khai_sinh": ("Đăng ký khai sinh", ["giấy khai sinh", "khai sinh"]),
    "ket_hon": ("Đăng ký kết hôn", ["giấy kết hôn", "hôn thú"]),
    "tam_tru": ("Đăng ký tạm trú", ["sổ tạm trú", "tạm trú"]),
}
PHRASES = {
    "ask_fee": ["THỦ_TỤC bao nhiêu tiền", "lệ phí THỦ_TỤC", "THỦ_TỤC có mất phí không"],
    "ask_documents": ["THỦ_TỤC cần giấy tờ gì", "hồ sơ THỦ_TỤC gồm những gì"],
    "ask_time": ["THỦ_TỤC bao lâu có", "THỦ_TỤC mấy ngày xong"],
}
EXAMPLES = [
    ("ask_fee", "tam_tru", ["ở trọ thì khai báo mất nhiêu tiền", "tạm trú tốn nhiêu"]),
    ("ask_fee", None, ["lệ phí bao nhiêu", "bao nhiêu tiền vậy"]),
    ("ask_documents", "khai_sinh", ["em bé mới sinh làm giấy gì", "khai sinh đem theo giấy gì"]),
    ("ask_documents", "ket_hon", ["tụi em sắp cưới, giấy tờ cần những gì"]),
    ("ask_time", None, ["bao lâu có", "mấy bữa xong"]),
    ("greet", None, ["chào anh chị", "xin chào", "em chào ạ"]),
    ("out_of_scope", None, ["trời hôm nay đẹp quá", "giá vàng hôm nay"]),
]
MESSAGES = [
    ("ask_fee", "khai_sinh", ["làm giấy khai sinh bao nhiêu tiền ạ"]),
    ("ask_fee", "ket_hon", ["lệ phí giấy kết hôn"]),
    ("ask_documents", "tam_tru", ["sổ tạm trú cần giấy tờ gì vậy em"]),
    ("ask_time", "ket_hon", ["hôn thú mấy ngày xong"]),
    ("greet", None, ["chào anh chị nha"]),
    ("ask_fee", "nuoi_bo_cau", ["của một thủ tục phường không có"]),
]


def write(file: Path, blocks: list, **more: object) -> None:
    nlu = [
        {
            "intent": intent,
            **({"metadata": {"procedure": procedure}} if procedure else {}),
            "examples": "".join(f"- {text}\n" for text in texts),
        }
        for intent, procedure, texts in blocks
    ]
    lookups = [
        {"lookup": name, "examples": "".join(f"- {text}\n" for text in texts)}
        for name, texts in more.pop("phrases", {}).items()
    ]
    content = {"version": "3.1", **more, "nlu": [*nlu, *lookups]}
    file.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the small ward."""
    home = tmp_path_factory.mktemp("ward")
    (home / "procedures").mkdir()
    for number, (name, (title, names)) in enumerate(PROCEDURES.items()):
        entry = {"id": name, "code": f"1.{number}", "name": title, "names": names}
        (home / "procedures" / f"{name}.yml").write_text(yaml.safe_dump(entry, allow_unicode=True))
    (home / "nlu").mkdir()
    write(home / "nlu" / "examples.yml", EXAMPLES, phrases=PHRASES)
    write(home / "trial.yml", MESSAGES, floor={"intent": 0.8, "procedure": 0.8})
    config = yaml.safe_load((train.ROOT / "config.yml").read_text(encoding="utf-8"))
    kept = {key: config[key] for key in ("recipe", "language", "assistant_id", "policies")}
    pipeline = [dict(part) for part in config["pipeline"]]
    pipeline[-1]["procedures"] = str(home / "procedures")
    (home / "config.yml").write_text(yaml.safe_dump({**kept, "pipeline": pipeline}))
    return home


@pytest.fixture(autouse=True)
def _here(ward: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train, "CONFIG", ward / "config.yml")
    monkeypatch.setattr(train, "EXAMPLES", ward / "nlu")
    monkeypatch.setattr(train, "PROCEDURES", ward / "procedures")
    monkeypatch.setattr(train, "TRIAL", ward / "trial.yml")


@pytest.fixture(scope="module")
def trained(ward: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one model, trained and tried for all tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(train, "CONFIG", ward / "config.yml")
        patch.setattr(train, "EXAMPLES", ward / "nlu")
        patch.setattr(train, "PROCEDURES", ward / "procedures")
        patch.setattr(train, "TRIAL", ward / "trial.yml")
        folder = tmp_path_factory.mktemp("trained")
        assert train.bring_up(Shelf(folder), GOOD) == 0
    return folder


@pytest.fixture
def shelf(trained: Path, tmp_path: Path) -> Shelf:
    """A copy of that folder."""
    for file in trained.iterdir():
        if file.is_file():
            (tmp_path / file.name).write_bytes(file.read_bytes())
    return Shelf(tmp_path)


def with_figures(shelf: Shelf, name: str, **tried: object) -> None:
    """As if the model had understood so much; a model of that name is made if there is none."""
    card = shelf.card(GOOD)
    assert card is not None
    if name != GOOD:
        shelf.archive(name).write_bytes(name.encode())
        card = replace(card, model=name, sha256=sha256(shelf.archive(name)))
    shelf.put(shelf.archive(name), replace(card, tried=replace(card.tried, **tried)))


def test_the_card_says_what_the_model_made_of_the_trial(shelf: Shelf) -> None:
    card = shelf.card(GOOD)
    assert card is not None
    assert (card.tried.messages, card.tried.with_procedure) == (5, 4), "the ward has no such sixth procedure"
    assert (card.tried.intent, card.tried.procedure, card.tried.first_three) == (1.0, 1.0, 1.0)
    assert 0 < card.tried.ms <= card.tried.ms_95
    assert card.sha256 == sha256(shelf.archive(GOOD))
    assert card.trained[:2] == "20"
    assert card.refused == card.tried.wrong == []
    now = shelf.in_use()
    assert now is not None
    assert (now.model, now.before) == (GOOD, "")
    left = {file.name for file in shelf.folder.iterdir()}
    assert left - {".lock"} == {f"{GOOD}.tar.gz", f"{GOOD}.json", "in-use.json"}


def test_a_model_that_learnt_nonsense_is_refused_with_examples_and_the_old_one_stays(
    shelf: Shelf, ward: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    turned = dict(zip(PHRASES, [*list(PHRASES.values())[1:], PHRASES["ask_fee"]], strict=True))
    (tmp_path / "nonsense").mkdir()
    write(tmp_path / "nonsense" / "examples.yml", EXAMPLES, phrases=turned)
    monkeypatch.setattr(train, "EXAMPLES", tmp_path / "nonsense")

    assert train.bring_up(shelf, OTHER) == train.REFUSED

    now, card = shelf.in_use(), shelf.card(OTHER)
    assert now is not None
    assert now.model == GOOD
    assert card is not None
    assert "Mô hình mới hiểu đúng ý" in card.refused[0]
    assert "ít nhất phải được 80,0 %" in card.refused[0]
    assert any("mô hình đang dùng được 100,0 %" in line for line in card.refused)
    assert any("«lệ phí giấy kết hôn»: đúng ra là ask_fee / ket_hon" in line for line in card.refused)
    assert card.refused[0] in capsys.readouterr().out

    # Told again at the next start, without a new training; and taken by who insists.
    monkeypatch.setattr(train, "train", None)
    assert train.bring_up(shelf, OTHER) == train.REFUSED
    assert train.bring_up(shelf, OTHER, anyway=True) == 0
    now = shelf.in_use()
    assert now is not None
    assert (now.model, now.before) == (OTHER, GOOD)


@pytest.mark.parametrize("fate", ["changed", "gone", "without a card"])
def test_an_archive_that_is_not_ours_counts_as_missing(
    shelf: Shelf, fate: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    match fate:
        case "changed":
            shelf.archive(GOOD).write_bytes(shelf.archive(GOOD).read_bytes() + b"\0")
        case "gone":
            shelf.archive(GOOD).unlink()
        case "without a card":
            (shelf.folder / f"{GOOD}.json").unlink()

    class Called(Exception):
        pass

    def called(*_: object) -> Path:
        raise Called

    monkeypatch.setattr(train, "train", called)
    with pytest.raises(Called):
        train.bring_up(shelf, GOOD)


def test_a_present_model_goes_back_into_use_unless_another_was_chosen_by_hand(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(train, "train", None)  # nothing to train
    with_figures(shelf, OTHER)
    tried = train.tried_again
    monkeypatch.setattr(train, "tried_again", lambda shelf, name: tried(shelf, GOOD))  # it can be read
    in_use = shelf.folder / "in-use.json"
    in_use.write_text(json.dumps({"model": OTHER, "before": GOOD, "by_hand": True}))
    assert train.bring_up(shelf, GOOD) == 0
    now = shelf.in_use()
    assert now is not None
    assert now.model == OTHER

    # but not if it can no longer be read, nor if nobody chose it
    monkeypatch.setattr(train, "tried_again", tried)
    assert train.bring_up(shelf, GOOD) == 0
    now = shelf.in_use()
    assert now is not None
    assert now.model == GOOD

    in_use.write_text(json.dumps({"model": OTHER, "before": GOOD, "by_hand": False}))
    assert train.bring_up(shelf, GOOD) == 0
    now = shelf.in_use()
    assert now is not None
    assert (now.model, now.before) == (GOOD, OTHER)


def test_a_trial_that_changed_is_put_to_both_and_an_old_model_that_cannot_be_read_does_not_count(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setattr(train, "train", None)
    with_figures(shelf, OTHER, digest="of another trial", intent=1.0)  # its archive is no archive
    with_figures(shelf, GOOD, digest="of another trial", intent=0.0)
    (shelf.folder / "in-use.json").write_text(json.dumps({"model": OTHER}))

    assert train.bring_up(shelf, GOOD) == 0

    assert "cannot be read by this version" in capsys.readouterr().out
    card = shelf.card(GOOD)
    assert card is not None
    assert card.tried.intent == 1.0


def test_only_what_may_be_needed_is_kept(shelf: Shelf) -> None:
    names = [f"{number:016x}" for number in range(5)]
    for name in names:
        with_figures(shelf, name)
    for name, when in ((names[3], "2026-01-01"), (names[4], "2026-02-02")):
        card = shelf.card(name)
        assert card is not None
        shelf.put(shelf.archive(name), replace(card, refused=["kém"], trained=when))
    (shelf.folder / f"{'f' * 16}.tar.gz").write_bytes(b"of an earlier version, without a card")
    (shelf.folder / ".training-left").mkdir()
    (shelf.folder / "ghi-chu.txt").write_text("of the ward")
    for name in (names[0], names[1], names[2]):
        shelf.use(name)

    shelf.tidy()

    kept = {file.name.partition(".")[0] for file in shelf.folder.iterdir() if ".lock" not in file.name}
    assert kept == {names[2], names[1], names[4], "in-use", "ghi-chu"}


def figures(**more: object) -> Tried:
    made = Tried("d", 300, 200, intent=0.9, procedure=0.9, first_three=0.95, ms=3.0, ms_95=5.0)
    return replace(made, **more)


TRIAL = Trial([], intent_floor=0.8, procedure_floor=0.85)


@pytest.mark.parametrize(
    ("new", "used", "told"),
    [
        ({}, None, []),
        ({"intent": 0.8, "procedure": 0.85}, None, []),
        ({"intent": 0.7967}, None, ["hiểu đúng ý 79,7 %"]),
        ({"procedure": 0.845}, None, ["đoán đúng thủ tục 84,5 %"]),
        ({"intent": 0.5, "procedure": 0.5}, {"intent": 0.5, "procedure": 0.5}, ["hiểu đúng ý", "đoán đúng"]),
        ({"intent": 0.88, "procedure": 0.88}, {}, []),
        ({"intent": 0.8767}, {}, ["mô hình đang dùng được 90,0 %, tức là kém quá 2 điểm"]),
        ({"procedure": None}, {}, []),
    ],
)
def test_below_the_floor_or_well_below_the_old_one_is_refused(
    new: dict, used: dict | None, told: list[str]
) -> None:
    because = judge(figures(**new), TRIAL, figures(**used) if used is not None else None)
    assert len(because) == (len(told) + 1 if told else 0)
    for line, words in zip(because, told, strict=False):
        assert words in line


def test_at_most_ten_messages_are_told_and_first_those_that_were_understood_before() -> None:
    def wrong(text: str) -> dict[str, str]:
        return {
            "text": text, "intent": "ask_fee", "procedure": "", "heard_intent": "greet", "heard_procedure": ""
        }  # fmt: skip

    old = [wrong(f"câu {n}") for n in range(20)]
    because = judge(figures(intent=0.1, wrong=[*old, wrong("mới sai")]), TRIAL, figures(wrong=old))
    assert len(because) == 2 + 1 + 10
    assert because[2] == "Sai 21 câu, trong đó 1 câu mô hình đang dùng hiểu đúng. Ví dụ:"
    assert because[3] == "«mới sai»: đúng ra là ask_fee, mô hình mới hiểu là greet."


def test_answers_are_counted() -> None:
    trial = replace(TRIAL, messages=[Example("a", "x", "p"), Example("b", "y", "p"), Example("c", "z")])
    ranked = [{"id": "q"}, {"id": "p"}]
    tried = counted(
        trial, [{"intent": {"name": "x"}, "procedures": ranked}, {}, {"intent": {"name": "z"}}], [2, 1, 9]
    )
    assert (tried.intent, tried.procedure, tried.first_three) == (0.6667, 0.0, 0.5)
    assert (tried.ms, tried.ms_95) == (2, 9)
    assert [one["text"] for one in tried.wrong] == ["a", "b"]


def test_a_message_that_was_learnt_since_is_left_out_of_the_trial(tmp_path: Path, ward: Path) -> None:
    write(tmp_path / "labelled.yml", [("ask_fee", "ket_hon", ["Le phi giay ket hon?"])])
    whole = read_trial(ward / "trial.yml", ward / "procedures", ward / "nlu")
    less = read_trial(ward / "trial.yml", ward / "procedures", tmp_path)
    assert {one.text for one in whole.messages} - {one.text for one in less.messages} == {
        "lệ phí giấy kết hôn"
    }
    assert whole.digest != less.digest


def test_a_trial_that_cannot_be_read_is_told_before_the_training(tmp_path: Path, ward: Path) -> None:
    (tmp_path / "trial.yml").write_text('version: "3.1"\nnlu: []\n')
    with pytest.raises(SystemExit, match=r"trial\.yml cannot be read"):
        read_trial(tmp_path / "trial.yml", ward / "procedures", ward / "nlu")
