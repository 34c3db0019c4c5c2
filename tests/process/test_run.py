"""`motcua run` as its owner meets it: mistakes told before anything starts, a clean end, a clean return."""

import contextlib
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.process.scene import MOTCUA, ROOT, Desk, Process, Scene, until
from tests.process.story import asking


def test_all_mistakes_in_the_settings_are_told_at_once_and_nothing_starts(
    process: Callable[..., Process], tmp_path: Path
) -> None:
    var = tmp_path / "not-made"
    wrong = process(
        MOTCUA_VAR=str(var),
        MOTCUA_PORT="0",
        MOTCUA_TELEGRAM_OFFICERS_CHAT="nhóm",
        MOTCUA_SENDING__PER_SECOND="nhanh",
        MOTCUA_TELEGRAM_TOKN="7:secret",
    )
    done = subprocess.run(
        [MOTCUA, "run"], env=wrong.environment(), cwd=ROOT, capture_output=True, text=True, timeout=30
    )
    assert done.returncode == 1
    for name in ("MOTCUA_PORT", "MOTCUA_TELEGRAM_OFFICERS_CHAT", "MOTCUA_SENDING__PER_SECOND"):
        assert f"{name}: " in done.stderr
    assert "MOTCUA_TELEGRAM_TOKN: there is no such setting." in done.stderr
    assert "MOTCUA_TELEGRAM_TOKEN" in done.stderr  # did you mean …?
    assert "7:secret" not in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert not var.exists()


def test_a_taken_port_is_told_in_words(process: Callable[..., Process]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        wrong = process(MOTCUA_PORT=port)
        done = subprocess.run(
            [MOTCUA, "run"], env=wrong.environment(), cwd=ROOT, capture_output=True, text=True, timeout=30
        )
    assert done.returncode == 1
    assert f"Cổng {port} không dùng được" in done.stdout + done.stderr
    assert "MOTCUA_PORT" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_the_first_password_is_printed_once_and_a_restart_goes_on(process: Callable[..., Process]) -> None:
    motcua = process()
    motcua.start()
    (line,) = [line for line in motcua.printed.splitlines() if "mật khẩu dùng một lần" in line]
    Desk(motcua).sign_in("quantri", line.split()[-1])
    motcua.post({"sender": "hoa", "message": "/StartFlow(phan_anh)"})
    assert motcua.end(signal.SIGTERM) == 0
    assert motcua.printed.endswith("Đã dừng.\n")

    motcua.start()
    assert motcua.printed.count("mật khẩu dùng một lần") == 1
    status, said = motcua.post({"sender": "hoa", "message": "đồng ý"})
    assert status == 200
    assert "Anh/chị phản ánh về việc gì" in said[-1]["text"]
    assert motcua.end(signal.SIGINT) == 0
    assert "Traceback" not in motcua.logged


def test_a_page_that_waits_does_not_hold_up_the_end(process: Callable[..., Process]) -> None:
    motcua = process()
    motcua.start()
    motcua.post({"sender": "hoa", "message": "xin chào"})
    with socket.create_connection(("127.0.0.1", motcua.port)) as waiting:
        waiting.sendall(b"GET /webhooks/rest/messages?sender=hoa&wait=25 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert motcua.end(signal.SIGTERM) == 0
    assert motcua.logged.count("Traceback") == 0


@pytest.mark.rasa
def test_rasa_reads_is_started_again_when_it_dies_and_never_outlives_us(scene: Scene, model: Path) -> None:
    motcua = scene.process
    motcua.settings |= {"MOTCUA_RASA_URL": "", "MOTCUA_UNDERSTANDING__TIMEOUT_SECONDS": "20"}
    (motcua.var / "models").symlink_to(model)
    motcua.start()
    _wait_for_rasa(motcua)
    steps = []
    for step in asking(scene):
        scene.settled()
        steps.append(step)
    assert steps == ["câu hỏi", "hỏi tiếp"], "Rasa is sure, so nothing is asked back"
    ((trace,), *_) = scene.rows("SELECT trace FROM inbox ORDER BY id")
    assert "(rasa) dang_ky_khai_sinh" in trace

    (first,) = _rasas(motcua)
    os.kill(first, signal.SIGKILL)
    scene.hoa.says("lệ phí chứng thực bao nhiêu")  # word search answers meanwhile
    scene.settled()
    until(lambda: (motcua.health() or {})["nlu"] != "ready", "it is noticed")
    _wait_for_rasa(motcua)
    (second,) = _rasas(motcua)
    assert second != first
    motcua.kill()  # looks for what is left

    motcua.start()
    until(lambda: list(_rasas(motcua)), "Rasa is started")
    assert motcua.end(signal.SIGTERM) == 0
    assert "Traceback" not in motcua.logged


@pytest.mark.rasa
def test_rasa_does_not_outlive_a_process_that_dies_while_it_starts(
    process: Callable[..., Process], model: Path
) -> None:
    motcua = process(MOTCUA_RASA_URL="")
    (motcua.var / "models").symlink_to(model)
    motcua.begin()
    until(lambda: list(_rasas(motcua)), "Rasa is being started")
    motcua.kill()  # looks for what is left


@pytest.mark.rasa
@pytest.mark.nightly
def test_an_older_model_is_served_at_once_and_a_new_one_takes_over_while_people_write(
    process: Callable[..., Process], model: Path
) -> None:
    """As after an edit of the examples: a real training, two minutes and more."""
    motcua = process(MOTCUA_RASA_URL="", MOTCUA_UNDERSTANDING__TIMEOUT_SECONDS="20")
    now = json.loads((model / "in-use.json").read_text())["model"]
    older, models = "0" * 16, motcua.var / "models"
    models.mkdir()
    shutil.copy(model / f"{now}.tar.gz", models / f"{older}.tar.gz")
    card = json.loads((model / f"{now}.json").read_text())
    (models / f"{older}.json").write_text(json.dumps(card | {"model": older}))
    (models / "in-use.json").write_text(json.dumps({"model": older}))
    motcua.start()
    _wait_for_rasa(motcua)
    health = motcua.health() or {}
    assert health["model"] == {"in_use": older, "next": "training"}
    (served,) = _rasas(motcua)

    def changed() -> bool:
        motcua.post({"sender": "hoa", "message": "xin giấy độc thân thì cần giấy tờ gì"})
        return (motcua.health() or {})["model"]["in_use"] == now

    until(changed, "the new model is in use", 900)  # it is trained behind everything else

    assert list(_rasas(motcua)) == [served], "Rasa was not started anew"
    motcua.post({"sender": "hoa", "message": "xin giấy độc thân thì cần giấy tờ gì"})
    with sqlite3.connect(motcua.var / "motcua.db") as database:
        traces = [trace for (trace,) in database.execute("select trace from inbox")]
    assert [trace for trace in traces if "(rasa) xac_nhan_tinh_trang_hon_nhan" not in trace] == []

    motcua.command("nlu", "use", older)
    until(lambda: (motcua.health() or {})["model"]["in_use"] == older, "the older model is in use again")
    assert motcua.end(signal.SIGTERM) == 0
    assert "Traceback" not in motcua.logged


def _wait_for_rasa(motcua: Process) -> None:
    until(lambda: (motcua.health() or {})["nlu"] == "ready", "Rasa is ready", 60)


def _rasas(motcua: Process) -> Iterator[int]:
    for child in motcua.children():
        with contextlib.suppress(OSError):
            if b"serve.py" in Path(f"/proc/{child}/cmdline").read_bytes():
                yield child
