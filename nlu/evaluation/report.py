"""Writes nlu/REPORT.md: how right, how sure and how fast the model is. Slow (some ten minutes)."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

from components.examples import Procedure, joined, joined_elsewhere, read_elsewhere, read_procedures
from components.model import Model
from corpus import read_corpus
from evaluation.chart import draw
from evaluation.server import AT_ONCE, Speed, measure
from evaluation.tally import Tally, bars, calibration_error, cuts, share
from evaluation.trying import WAYS, Tallies, cross_validate, of_examples, of_table, try_messages

NLU = Path(__file__).resolve().parents[1]
ROOT = NLU.parent
THRESHOLDS = (0.0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


@dataclass(frozen=True, slots=True)
class Trained:
    """A model archive as Rasa's own training makes it, and what that took."""

    archive: Path
    seconds: float
    megabytes: float


def train(out: Path) -> Trained:
    """Let train.py make the model of the present files."""
    began = time.perf_counter()
    said = subprocess.run(
        [sys.executable, str(NLU / "train.py"), "--out", str(out), "--force"],
        stdout=subprocess.PIPE,
        text=True,
        check=False,  # a model that its trial refuses is reported on all the same
    )
    archive = Path(said.stdout.strip().splitlines()[-1])
    return Trained(archive, time.perf_counter() - began, archive.stat().st_size / 1e6)


def percent(value: float) -> str:
    """0.9231 → 92,3; no figure → a dash."""
    return "–" if value != value else f"{value * 100:.1f}".replace(".", ",")


def accuracy_table(sets: Sequence[tuple[str, Tallies]]) -> list[str]:
    """A row a set and way of typing."""
    lines = [
        "| câu | cách gõ | thủ tục: đúng ngay | trong ba đầu | ý định | ngoài phạm vi: nhận ra "
        "| từ chối nhầm | không thủ tục nào: nhận ra |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, tallies in sets:
        for way, tally in tallies.items():
            figures = (
                share(tally.procedures),
                share(tally.in_three),
                share(tally.intents),
                share(tally.recognised),
                share(tally.refused),
                share(tally.none),
            )
            lines.append(
                f"| {name} ({len(tally.intents)}; {len(tally.procedures)} về thủ tục) | {_WAY[way]} | "
                + " | ".join(percent(figure) for figure in figures)
                + " |"
            )
    return lines


_WAY = {"accents": "có dấu", "no accents": "bỏ hết dấu"}


def sure_lines(name: str, tally: Tally) -> list[str]:
    """How far the confidences can be believed."""
    lines = []
    for what, guesses in (("ý định", tally.intents), ("thủ tục", tally.procedures)):
        sure = [guess for guess in guesses if guess.confidence >= 0.8]
        lines.append(
            f"- {name}, {what}: sai số hiệu chỉnh (ECE) {percent(calibration_error(guesses))} điểm; "
            f"tin từ 0,8 trở lên: {len(sure)} câu, đúng {percent(share(sure))} %."
        )
    return lines


def cut_table(tally: Tally) -> list[str]:
    """What each threshold would give."""
    lines = [
        "| ngưỡng | ý định: trả lời | đúng | thủ tục: trả lời | đúng |",
        "|---|---|---|---|---|",
    ]
    for intent, procedure in zip(
        cuts(tally.intents, THRESHOLDS), cuts(tally.procedures, THRESHOLDS), strict=True
    ):
        lines.append(
            f"| {intent.threshold:.1f}".replace(".", ",")
            + f" | {percent(intent.answered)} | {percent(intent.right)} | {percent(procedure.answered)} "
            f"| {percent(procedure.right)} |"
        )
    return lines


def write(
    cross: Tallies, sets: Sequence[tuple[str, Tallies]], trained: Trained, speed: Speed, environment: float
) -> None:
    """REPORT.md and its picture."""
    whole = cross["accents"]
    draw(NLU / "calibration.png", {"ý định": bars(whole.intents), "thủ tục": bars(whole.procedures)})
    pairs = [f"| {a} | {b} | {n} |" for (a, b), n in whole.confused.most_common(15)]
    procedures = [f"| {a} | {b} | {n} |" for (a, b), n in whole.confused_procedures.most_common(15)]
    worst = sorted(whole.mistakes, key=lambda one: -one.confidence)[:25]
    lines = [
        "# Mô hình hiểu tới đâu",
        "",
        "Tệp này do `make nlu-report` viết; đừng sửa tay. Số là phần trăm.",
        "",
        "## Đúng bao nhiêu",
        "",
        "“Kiểm tra chéo”: mỗi câu mẫu trong `data/nlu` được thử bởi một mô hình chưa học câu ấy lẫn câu gần "
        "giống nó (5 phần). “Câu thử”: `nlu/trial.yml`, người khác viết, không mô hình nào học. “Câu hỏi "
        "thật”: bảng câu hỏi của công dân, chỉ có khi chạy với `TABLE=`.",
        "",
        *accuracy_table([("Kiểm tra chéo", cross), *sets]),
        "",
        "## Tin được bao nhiêu",
        "",
        "![Độ tin và tỷ lệ đúng](calibration.png)",
        "",
        *sure_lines("Kiểm tra chéo", whole),
        *(line for name, tallies in sets for line in sure_lines(name, tallies["accents"])),
        "",
        "Trả lời từ ngưỡng nào (kiểm tra chéo):",
        "",
        *cut_table(whole),
        "",
        "## Hay nhầm",
        "",
        "| ý định đúng | bị hiểu là | số câu |",
        "|---|---|---|",
        *pairs,
        "",
        "| thủ tục đúng | bị hiểu là | số câu |",
        "|---|---|---|",
        *procedures,
        "",
        "Sai mà tin nhất:",
        "",
        "| câu | đúng | bị hiểu là | độ tin |",
        "|---|---|---|---|",
        *(
            f"| {one.text.replace('|', '/')[:160]} | {one.meant} | {one.taken} | "
            + f"{one.confidence:.2f} |".replace(".", ",")
            for one in worst
        ),
        "",
        "## Nhanh và nhẹ",
        "",
        "Một tiến trình máy chủ của Rasa, qua HTTP trên máy này.",
        "",
        "| | |",
        "|---|---|",
        f"| huấn luyện | {trained.seconds:.0f} giây |",
        f"| tệp mô hình | {trained.megabytes:.1f} MB |",
        f"| môi trường `nlu/.venv` | {environment:.0f} MB |",
        f"| sẵn sàng sau | {speed.ready:.1f} giây |",
        f"| một câu, lần lượt | p50 {speed.p50:.2f} ms, p95 {speed.p95:.2f} ms |",
        f"| {AT_ONCE} kết nối cùng lúc | {speed.per_second:.0f} câu mỗi giây |",
        f"| bộ nhớ | {speed.memory:.0f} MB |",
        "",
    ]
    (NLU / "REPORT.md").write_text("\n".join(lines), encoding="utf-8")


def folder_size(folder: Path) -> float:
    """Megabytes on disk; a file with two names counts once."""
    seen = {}
    for file in folder.rglob("*"):
        if file.is_file() and not file.is_symlink():
            stat = file.stat()
            seen[stat.st_ino] = stat.st_size
    return sum(seen.values()) / 1e6


def main() -> None:
    """Read the command line and write the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--table", type=Path, help="TSV of real questions: text, codes, aspect")
    wanted = parser.parse_args()
    examples, phrases = read_corpus(ROOT / "data" / "nlu")
    procedures = read_procedures(ROOT / "data" / "procedures")
    with tempfile.TemporaryDirectory(prefix="report-") as scratch:
        _say("training …")
        trained = train(Path(scratch))
        model = unpacked(trained.archive, Path(scratch) / "model")
        sets = _sets(model, procedures, wanted.table)
        _say("measuring the server …")
        speed = measure(
            [sys.executable, str(NLU / "serve.py"), "--model", str(trained.archive)],
            [one.text for one in examples[::7]],
        )
    _say("cross-validating …")
    elsewhere = read_elsewhere(ROOT / "data" / "other_agencies.yml")
    made = [*joined(procedures, phrases), *joined_elsewhere(elsewhere, phrases)]
    cross = cross_validate(examples, procedures, made, wanted.folds, _say)
    write(cross, sets, trained, speed, folder_size(NLU / ".venv"))
    _say(f"written: {NLU / 'REPORT.md'}")


def _sets(model: Model, procedures: Sequence[Procedure], table: Path | None) -> list[tuple[str, Tallies]]:
    trial, _ = read_corpus(NLU / "trial.yml")
    found = [("Câu thử", try_messages(model, of_examples(trial)))]
    if table is not None:
        found.append(("Câu hỏi thật", try_messages(model, of_table(table, procedures))))
    for name, tallies in found:
        _say(f"{name}: {', '.join(f'{way} intent {percent(share(tallies[way].intents))}' for way in WAYS)}")
    return found


def unpacked(archive: Path, into: Path) -> Model:
    """Our component out of Rasa's archive, without Rasa around it."""
    import tarfile

    with tarfile.open(archive) as file:
        file.extractall(into, filter="data")
    return Model.load(next(into.rglob("words.json")).parent)


def _say(line: str) -> None:
    print(f"report: {line}", flush=True)


if __name__ == "__main__":
    main()
