"""The benchmark's comparison: a stock Rasa bot on its own REST channel. Needs nlu/.venv/bin/python.

It is trained on our examples of its intents and driven by Rasa's own command line. The libraries it
never calls (nlu/light.py) are left out here too, which can only help it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path

import yaml

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "nlu"))


def examples_for(intents: list[str], target: Path) -> None:
    """Our own examples of these intents, in Rasa's format."""
    from corpus import read_corpus

    examples, _ = read_corpus(ROOT / "data" / "nlu")
    blocks = []
    for intent in intents:
        lines = [f"- {one.text}" for one in examples if one.intent == intent]
        if lines:
            blocks.append({"intent": intent, "examples": "\n".join(lines) + "\n"})
    # The answers inside the form: names, dates, numbers.
    inform = [
        "Nguyễn Thị An Nhiên",
        "Lê Văn Minh Khôi",
        "05/11/2026",
        "4/11/2026",
        "0903123456",
        "0912 345 678",
    ]
    blocks.append({"intent": "inform", "examples": "".join(f"- {line}\n" for line in inform)})
    target.write_text(yaml.safe_dump({"version": "3.1", "nlu": blocks}, allow_unicode=True), encoding="utf-8")


def rasa(*arguments: str) -> None:
    """Rasa's command line, in this process."""
    from light import start_light

    start_light()
    from rasa.__main__ import main

    sys.argv = ["rasa", *arguments]
    main()


def main() -> None:
    """Train if need be, then serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=5105)
    parser.add_argument("--out", type=Path, default=ROOT / "var" / "bench" / "stock")
    parser.add_argument("--train-only", action="store_true")
    wanted = parser.parse_args()
    out = wanted.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    os.environ.update(
        RASA_TELEMETRY_ENABLED="false",
        RASA_CACHE_DIRECTORY=str(out / "cache"),
        RASA_MAX_CACHE_SIZE="0",
        LOG_LEVEL="ERROR",
        SANIC_WORKERS="1",
    )
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    model = out / "stock.tar.gz"
    newest = max(file.stat().st_mtime for file in HERE.rglob("*.yml"))
    stale = not model.exists() or model.stat().st_mtime < newest
    # Rasa's command line may be called once a process.
    if stale and (trainer := os.fork()) == 0:
        data = out / "data"
        shutil.copytree(HERE / "data", data, dirs_exist_ok=True)
        domain = yaml.safe_load((HERE / "domain.yml").read_text(encoding="utf-8"))
        examples_for(domain["intents"], data / "nlu.yml")
        rasa(
            "train", "--config", str(HERE / "config.yml"), "--domain", str(HERE / "domain.yml"),
            "--data", str(data), "--out", str(out), "--fixed-model-name", "stock",
        )  # fmt: skip
        os._exit(0)
    if stale and os.waitpid(trainer, 0)[1] != 0:
        raise SystemExit("the stock bot could not be trained; Rasa's own words stand above")
    if not wanted.train_only:
        rasa(
            "run", "--model", str(model), "--port", str(wanted.port),
            "--interface", "127.0.0.1", "--credentials", str(HERE / "credentials.yml"),
            "--endpoints", str(HERE / "endpoints.yml"), "--enable-api",
        )  # fmt: skip


if __name__ == "__main__":
    main()
