"""`motcua …`, as it is typed."""

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from bot.catalogue.desks import Work, load_desks
from bot.catalogue.fields import load_fields
from bot.cli import main
from bot.cli.covering import gaps
from bot.cli.main import app
from bot.config import ROOT
from bot.store.routing import Candidate
from tests.understanding.models_scene import lay, lay_all
from tests.understanding.rasa_double import TOKEN, RasaDouble

COMMANDS = ["run", "chat", "understand", "catalogue", "check", "train", "migrate", "officers", "nlu"]


@pytest.fixture
def motcua(monkeypatch, tmp_path):
    for name in list(os.environ):
        if name.startswith("MOTCUA_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("MOTCUA_VAR", str(tmp_path / "var"))
    return lambda *args, **more: CliRunner().invoke(app, [*args], **more)


@pytest.mark.parametrize(
    "command",
    [
        [],
        *([c] for c in COMMANDS),
        *(["officers", c] for c in ("add", "duty", "list", "disable", "enable", "password")),
        *(["nlu", c] for c in ("export-unclear", "models", "use")),
    ],
)
def test_every_command_explains_itself(motcua, command):
    shown = motcua(*command, "--help")
    assert shown.exit_code == 0
    assert len(shown.output) > 100


def test_check_says_that_the_wards_own_content_is_good(motcua):
    checked = motcua("check")
    assert checked.exit_code == 0, checked.output
    assert re.search(r"\b2\d\d thủ tục", checked.output)


def test_check_names_file_and_line_of_every_mistake(motcua, monkeypatch, tmp_path):
    for part in ("data", "flows"):
        shutil.copytree(ROOT / part, tmp_path / part)
    flow, procedure = (
        tmp_path / "flows" / "gap_can_bo.yml",
        tmp_path / "data" / "procedures" / "dang_ky_khai_sinh.yml",
    )
    flow.write_text(flow.read_text().replace("next: END", "next: khong_co"))
    procedure.write_text(procedure.read_text() + "khoa_la: 1\n")
    monkeypatch.setattr(main, "ROOT", tmp_path)

    checked = motcua("check")

    flow_line = 1 + flow.read_text().splitlines().index("        next: khong_co")
    last = len(procedure.read_text().splitlines())
    assert checked.exit_code == 1
    assert f"data/procedures/dang_ky_khai_sinh.yml:{last}" in checked.output
    lines = [line for line in checked.output.splitlines() if line.startswith("flows/gap_can_bo.yml:")]
    assert lines
    assert abs(int(lines[0].split(":")[1].split()[0]) - flow_line) <= 1


def test_check_names_a_flow_that_words_begin_and_nobody_wrote(motcua, monkeypatch, tmp_path):
    for part in ("data", "flows"):
        shutil.copytree(ROOT / part, tmp_path / part)
    rules = tmp_path / "data" / "rules.yml"
    rules.write_text(rules.read_text().replace("  rut_ho_so:", "  rut_don:"))
    monkeypatch.setattr(main, "ROOT", tmp_path)

    checked = motcua("check")

    assert checked.exit_code == 1
    line = 1 + rules.read_text().splitlines().index(
        next(one for one in rules.read_text().splitlines() if one.startswith("  rut_don:"))
    )
    assert f'data/rules.yml:{line}  starts: there is no flow "rut_don".' in checked.output


def test_the_catalogue_is_printed_whole_as_json_or_a_line_each(motcua):
    listed = json.loads(motcua("catalogue", "--json").output)["procedures"]
    assert len(listed) >= 160
    assert all(one["code"] and one["id"] and one["name"] and one["field"] for one in listed)
    assert len(motcua("catalogue").output.splitlines()) == len(listed)


def test_officers_are_added_listed_shut_out_and_let_in(motcua):
    added = motcua("officers", "add", "lan", "--name", "Chị Lan", "--telegram", "501")
    assert added.exit_code == 0, added.output
    assert "Mật khẩu dùng một lần" in added.output
    again = motcua("officers", "add", "lan", "--name", "Chị Lan")
    assert again.exit_code == 1
    assert "Traceback" not in again.output

    assert "đang làm việc\tcó Telegram" in motcua("officers", "list").output
    assert motcua("officers", "disable", "lan").exit_code == 0
    assert "đã khóa" in motcua("officers", "list").output
    assert motcua("officers", "enable", "lan").exit_code == 0
    first, second = [motcua("officers", "password", "lan").output for _ in range(2)]
    assert first != second


def test_an_officer_has_fields_as_they_are_typed_and_unknown_ones_are_refused(motcua):
    added = motcua(
        *["officers", "add", "lan", "--name", "Chị Lan"],
        *["--field", "ho_tich", "--field", "chung thuc", "--field", "Chứng thực", "--head"],
    )
    assert added.exit_code == 0, added.output
    assert "Hộ tịch, con nuôi; Chứng thực, phụ trách chung" in motcua("officers", "list").output
    refused = motcua("officers", "duty", "lan", "--field", "công an phuờng", "--field", "cong an phuongg")
    assert refused.exit_code == 1
    assert "Có phải “Công an phường” không?" in refused.output
    assert "Hộ tịch, con nuôi; Chứng thực" in motcua("officers", "list").output
    assert motcua("officers", "duty", "lan", "--field", "cong_an").exit_code == 0
    assert "\tCông an phường\t" in motcua("officers", "list").output
    assert motcua("officers", "duty", "lan").exit_code == 0
    assert "\tmọi lĩnh vực\t" in motcua("officers", "list").output


def test_check_names_the_fields_that_nobody_works_on(motcua, tmp_path):
    assert "chưa có cơ sở dữ liệu" in motcua("check").output
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "motcua.db").touch()
    assert "không đọc được cơ sở dữ liệu" in motcua("check").output
    motcua("migrate")
    assert "chưa ai được nhận hồ sơ" in motcua("check").output

    motcua("officers", "add", "lan", "--name", "Chị Lan", "--field", "ho_tich")
    motcua("officers", "add", "dung", "--name", "Anh Dũng", "--field", "cong_an")
    [line] = [line for line in motcua("check").output.splitlines() if "chưa ai phụ trách" in line]
    assert "Chứng thực" in line
    assert "Hộ tịch" not in line
    assert "Đăng ký, quản lý cư trú" in line  # what of it the ward itself decides is not for the police
    assert "Cấp, quản lý căn cước" not in line
    assert "Công an phường" not in line

    motcua("officers", "add", "minh", "--name", "Anh Minh")
    checked = motcua("check")
    assert checked.exit_code == 0
    assert "cán bộ:" not in checked.output


def test_a_field_that_is_no_more_is_told_if_somebody_works_on_it():
    fields = load_fields(ROOT / "data" / "fields.yml")
    work = Work(fields, load_desks(ROOT / "data" / "routing.yml", fields, None))
    lan = Candidate(1, "Chị Lan", None, ("Lĩnh vực cũ", "Hộ tịch"), False, 0, None)
    told = list(gaps([lan], {1: (lan.fields, False)}, work, [("Hộ tịch", "dang_ky_khai_sinh")]))
    assert len(told) == 1
    assert "“Lĩnh vực cũ”" in told[0]


@pytest.mark.parametrize("command", ["disable", "enable", "password", "duty"])
def test_an_officer_who_does_not_exist_is_said_so(motcua, command):
    answered = motcua("officers", command, "nobody")
    assert answered.exit_code == 1
    assert "nobody" in answered.output


def test_models_are_listed_with_their_figures_and_one_goes_back(motcua, tmp_path):
    assert "motcua train" in motcua("nlu", "models").output
    old, new, bad = "a1" * 8, "a2" * 8, "bb" * 8
    folder = lay_all(tmp_path / "var" / "models", old, new)
    lay(folder, bad, refused=("Mô hình mới hiểu đúng ý 70,0 % trong 300 câu thử.",), day=9, intent=0.7)

    listed = motcua("nlu", "models").output.splitlines()
    assert listed[0].split("\t")[:4] == [bad, "bị từ chối", "09/11/2026 08:00", "đúng ý 70,0 %"]
    assert "300 câu thử" in listed[1]
    assert listed[2].split("\t")[1:] == [
        "đang dùng", "02/11/2026 08:00", "đúng ý 90,0 %", "đúng thủ tục 95,0 %",
        "trong ba thủ tục đầu 99,0 %", "3,1 ms một câu",
    ]  # fmt: skip
    assert listed[3].split("\t")[:2] == [old, "dùng trước đó"]

    used = motcua("nlu", "use", "a1")
    assert used.exit_code == 0, used.output
    assert f"{old}\tđang dùng" in motcua("nlu", "models").output


@pytest.mark.parametrize(
    ("name", "words"),
    [("a", "không phải tên của một mô hình"), ("bb", "70,0 %"), ("a2", "không còn"), ("x", "bbbb")],
)
def test_a_model_that_cannot_be_used_is_said_so(motcua, tmp_path, name, words):
    folder = lay_all(tmp_path / "var" / "models", "a2" * 8, "a1" * 8)
    lay(folder, "bb" * 8, refused=("Mô hình mới hiểu đúng ý 70,0 % trong 300 câu thử.",))
    (folder / f"{'a2' * 8}.tar.gz").unlink()

    answered = motcua("nlu", "use", name)

    assert answered.exit_code == 1
    assert words in answered.output
    assert f"{'a1' * 8}\tđang dùng" in motcua("nlu", "models").output


def test_wrong_settings_are_explained_and_not_a_traceback(motcua, monkeypatch):
    monkeypatch.setenv("MOTCUA_PORT", "x")
    answered = motcua("migrate")
    assert answered.exit_code == 1
    assert "MOTCUA_PORT" in answered.output


async def test_understand_prints_one_json_a_line_in_the_order_of_the_file(tmp_path):
    double = RasaDouble()
    await double.start()
    texts = tmp_path / "texts.txt"
    texts.write_text("lệ phí khai sinh\n\nlàm lại giấy khai sinh\n", encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")}
    env = kept | {
        "MOTCUA_RASA_URL": double.url,
        "MOTCUA_RASA_TOKEN": TOKEN,
        "MOTCUA_VAR": str(tmp_path / "var"),
    }
    ran = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.cli.main", "understand", "--json", str(texts),
        cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    async with asyncio.timeout(30):
        out, trouble = await ran.communicate()
    await double.kill()

    assert ran.returncode == 0, trouble.decode()
    heard = [json.loads(line) for line in out.decode().splitlines()]
    assert [one["text"] for one in heard] == ["lệ phí khai sinh", "làm lại giấy khai sinh"]
    for one in heard:
        assert list(one) == ["text", "intent", "confidence", "procedures", "entities", "source"]
        assert 1 <= len(one["procedures"]) <= 5
        assert list(one["procedures"][0]) == ["code", "id", "name", "confidence"]
        assert one["source"] == "rasa"


def test_understand_says_that_a_file_is_not_there(motcua):
    answered = motcua("understand", "nowhere.txt")
    assert answered.exit_code == 1
    assert "nowhere.txt" in answered.output
