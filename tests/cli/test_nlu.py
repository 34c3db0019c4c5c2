"""`motcua nlu export-unclear`: labels become examples."""

import json
import os
import shutil
from datetime import UTC, datetime

import pytest
import yaml
from typer.testing import CliRunner

from bot.cli import main, nlu
from bot.cli.main import app
from bot.config import ROOT
from bot.store.database import Database
from bot.store.migrate import migrate
from bot.store.tx import Tx
from bot.store.unclear import NewUnclear
from tests.store.store_scene import add_officer

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
KNOWN = "hẹn gặp lại"


@pytest.fixture
def motcua(monkeypatch, tmp_path):
    for name in list(os.environ):
        if name.startswith("MOTCUA_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("MOTCUA_VAR", str(tmp_path / "var"))
    return lambda *args: CliRunner().invoke(app, [*args])


@pytest.fixture
def label(tmp_path):
    """Labels messages as an officer would on the desk."""
    (tmp_path / "var").mkdir()
    url = f"sqlite:///{tmp_path / 'var' / 'motcua.db'}"
    migrate(url)
    db = Database(url)

    def label_(text: str, intent: str, procedure: str = "") -> None:
        with db.engine.begin() as connection:
            tx = Tx(connection)
            lan = tx.officers.by_username("lan")
            who = lan.id if lan else add_officer(tx)
            new = NewUnclear(text=text, intent="nlu_fallback", confidence=0.1, procedure="", source="rasa")
            tx.unclear.keep(new, NOW)
            (row, *_) = tx.unclear.open(1)
            tx.unclear.label(row.id, text=text, intent=intent, procedure=procedure, officer=who, now=NOW)

    yield label_
    db.close()


@pytest.fixture
def out(tmp_path):
    return tmp_path / "labelled.yml"


def test_labels_are_written_as_examples_and_a_second_run_changes_nothing(motcua, label, out):
    label("tiền làm giấy cho bé hết nhiêu vậy ta", "ask_fee", "dang_ky_khai_sinh")
    label("[tên] gửi - [giấy](x) rồi nè", "dossier_status")
    first = motcua("nlu", "export-unclear", "--out", str(out))
    assert first.exit_code == 0, first.output
    assert "2 câu, trong đó 2 câu mới, 0 câu đổi nhãn" in first.output

    text = out.read_text(encoding="utf-8")
    assert yaml.safe_load(text) == {
        "version": "3.1",
        "nlu": [
            {
                "intent": "ask_fee",
                "metadata": {"procedure": "dang_ky_khai_sinh"},
                "examples": "- tiền làm giấy cho bé hết nhiêu vậy ta\n",
            },
            {"intent": "dossier_status", "examples": "- Nguyễn Văn A gửi - [giấy] (x) rồi nè\n"},
        ],
    }
    assert "0 câu mới" in motcua("nlu", "export-unclear", "--out", str(out)).output
    assert out.read_text(encoding="utf-8") == text
    assert [one.name for one in out.parent.iterdir() if one.is_file()] == ["labelled.yml"]


def test_what_stands_in_the_file_stays_and_what_stands_elsewhere_is_named(motcua, label, out):
    out.write_text("nlu:\n- intent: greet\n  examples: |\n    - ê ku bot kia\n", encoding="utf-8")
    label(f"{KNOWN}!", "greet")
    label("phí cái thủ tục đã bỏ", "ask_fee", "thu_tuc_da_bo")
    told = motcua("nlu", "export-unclear", "--out", str(out))

    assert "1 câu, trong đó 0 câu mới" in told.output
    assert f"“{KNOWN}!”: đã có trong data/nlu/chat.yml, nhưng với nhãn goodbye" in told.output
    assert "không có thủ tục thu_tuc_da_bo" in told.output
    assert "- ê ku bot kia\n" in out.read_text(encoding="utf-8")

    as_json = json.loads(motcua("nlu", "export-unclear", "--out", str(out), "--json").output)
    assert (as_json["file"], as_json["examples"], as_json["new"]) == (str(out), 1, 0)
    assert as_json["left_out"][0] == {
        "text": f"{KNOWN}!",
        "intent": "greet",
        "procedure": "",
        "stands_in": "data/nlu/chat.yml",
        "contradicts": True,
    }


def test_without_labels_no_file_is_made(motcua, out):
    told = motcua("nlu", "export-unclear", "--out", str(out))

    assert (told.exit_code, "Chưa có câu nào" in told.output) == (0, True)
    assert not out.exists()


def test_it_goes_where_training_finds_it_and_the_content_stays_good(motcua, label, monkeypatch, tmp_path):
    for part in ("data", "flows"):
        shutil.copytree(ROOT / part, tmp_path / part)
    for module in (main, nlu):
        monkeypatch.setattr(module, "ROOT", tmp_path)
    label("tiền làm giấy cho bé hết nhiêu vậy ta", "ask_fee", "dang_ky_khai_sinh")

    told = motcua("nlu", "export-unclear")
    assert "data/nlu/labelled.yml: " in told.output
    assert (tmp_path / "data" / "nlu" / "labelled.yml").exists()
    checked = motcua("check")
    assert checked.exit_code == 0, checked.output


@pytest.mark.parametrize("text", ["nlu: [", "nlu:\n- intent: greet\n  examples: [a]\n"])
def test_a_file_that_cannot_be_read_is_left_alone(motcua, label, out, text):
    out.write_text(text, encoding="utf-8")
    told = motcua("nlu", "export-unclear", "--out", str(out))

    assert told.exit_code == 1
    assert "labelled.yml:" in told.output
    assert out.read_text(encoding="utf-8") == text


def test_a_place_that_cannot_be_written_is_said_so(motcua, label, tmp_path):
    label("ê ku bot kia", "greet")
    (tmp_path / "file").touch()
    told = motcua("nlu", "export-unclear", "--out", str(tmp_path / "file" / "labelled.yml"))

    assert told.exit_code == 1
    assert "Traceback" not in told.output
