"""Trains Rasa's NLU model, once for each state of pipeline, examples, names of procedures and components."""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
import tempfile
import time
from pathlib import Path

import yaml

NLU = Path(__file__).resolve().parent
ROOT = NLU.parent
CONFIG, EXAMPLES, PROCEDURES = ROOT / "config.yml", ROOT / "data" / "nlu", ROOT / "data" / "procedures"
ELSEWHERE = ROOT / "data" / "other_agencies.yml"


def fingerprint() -> str:
    """The name of the model that the present files make. Imports nothing heavy."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    sum_of_all = hashlib.sha256()

    def add(*words: object) -> None:
        sum_of_all.update("\0".join(map(str, words)).encode() + b"\1")

    config = yaml.load(CONFIG.read_text(encoding="utf-8"), Loader=loader)
    add({key: config.get(key) for key in ("recipe", "language", "assistant_id", "pipeline")})
    for file in sorted(EXAMPLES.rglob("*.yml")) + sorted((NLU / "components").glob("*.py")):
        add(file.relative_to(ROOT), file.read_text(encoding="utf-8"))
    for file in sorted(PROCEDURES.glob("*.yml")):
        # Only the names are learnt from: a changed fee does not call for a training.
        entry = yaml.load(file.read_text(encoding="utf-8"), Loader=loader) or {}
        add(*(entry.get(key) for key in ("id", "code", "name", "official_name", "names")))
    matters = yaml.load(ELSEWHERE.read_text(encoding="utf-8"), Loader=loader)["matters"]
    add([(entry["name"], entry.get("names")) for entry in matters])
    add((NLU / "requirements.lock").read_text(encoding="utf-8"))
    return sum_of_all.hexdigest()[:16]


def train(out: Path, name: str) -> Path:
    """Let Rasa train, and put the model in place only when it is whole."""
    sys.path.insert(0, str(NLU))
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ["RASA_MAX_CACHE_SIZE"] = "0"  # the fingerprint above already says what is worth keeping
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from light import start_light

    start_light()
    with tempfile.TemporaryDirectory(prefix=".training-", dir=out) as scratch:
        os.environ["RASA_CACHE_DIRECTORY"] = scratch
        from rasa.model_training import train_nlu

        say(f"Rasa loaded after {since_start():.0f} s; training on {EXAMPLES.relative_to(ROOT)} …")
        # An absolute path for everything: Rasa writes next to the working directory otherwise.
        made = train_nlu(str(CONFIG), str(EXAMPLES), scratch, fixed_model_name=name)
        if made is None:
            raise SystemExit("Rasa made no model; its own words stand above.")
        target = out / f"{name}.tar.gz"
        Path(made).replace(target)
    return target


_STARTED = time.monotonic()


def since_start() -> float:
    """Seconds since this program began."""
    return time.monotonic() - _STARTED


def say(line: str) -> None:
    """A line of progress; the last line of all is the path of the model."""
    print(f"nlu: {line}", flush=True)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "var" / "models", help="folder of the models")
    parser.add_argument(
        "--fingerprint", action="store_true", help="print the name of the present model and stop"
    )
    parser.add_argument("--force", action="store_true", help="train even when the model exists")
    wanted = parser.parse_args()
    name = fingerprint()
    if wanted.fingerprint:
        print(name)
        return
    out = wanted.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    model = out / f"{name}.tar.gz"
    if model.exists() and not wanted.force:
        say("the model of the present files exists; nothing to train")
    else:
        say("training a model (about two minutes) …")
        model = train(out, name)
        say(f"done after {since_start():.0f} s, {model.stat().st_size / 1e6:.1f} MB")
    print(model)


if __name__ == "__main__":
    main()
