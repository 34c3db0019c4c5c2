"""Trains Rasa's NLU model, once for each state of pipeline, examples, names of procedures and components.

A new model is laid beside the old, tried, and put in use only if it understands at least as well.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
import tempfile
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import yaml

from serve import end_with_parent
from shelf import SCRATCH, Card, Shelf, Tried, sha256

NLU = Path(__file__).resolve().parent
ROOT = NLU.parent
CONFIG, EXAMPLES, PROCEDURES = ROOT / "config.yml", ROOT / "data" / "nlu", ROOT / "data" / "procedures"
ELSEWHERE = ROOT / "data" / "other_agencies.yml"
NEIGHBOURHOODS = ROOT / "data" / "neighbourhoods.yml"
TRIAL = NLU / "trial.yml"
#: How we end when a new model was made but may not be used.
REFUSED = 3


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
    if NEIGHBOURHOODS.exists():
        places = yaml.load(NEIGHBOURHOODS.read_text(encoding="utf-8"), Loader=loader) or {}
        add([(entry["name"], entry.get("names")) for entry in places.get("neighbourhoods") or ()])
    add((NLU / "requirements.lock").read_text(encoding="utf-8"))
    return sum_of_all.hexdigest()[:16]


def prepare() -> None:
    """Settle how Rasa runs here. Call it before the first import of Rasa."""
    sys.path.insert(0, str(NLU))
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ["RASA_MAX_CACHE_SIZE"] = "0"  # the fingerprint above already says what is worth keeping
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from light import start_light

    start_light()


def train(out: Path, name: str) -> Path:
    """Let Rasa train, and put the model in place only when it is whole."""
    prepare()
    with tempfile.TemporaryDirectory(prefix=".training-", dir=out) as scratch:
        os.environ["RASA_CACHE_DIRECTORY"] = scratch
        from rasa.model_training import train_nlu

        say(f"Rasa loaded after {since_start():.0f} s; training on {os.path.relpath(EXAMPLES, ROOT)} …")
        # An absolute path for everything: Rasa writes next to the working directory otherwise.
        made = train_nlu(str(CONFIG), str(EXAMPLES), scratch, fixed_model_name=name)
        if made is None:
            raise SystemExit("Rasa made no model; its own words stand above.")
        target = out / f"{name}.tar.gz"
        Path(made).replace(target)
    return target


def bring_up(shelf: Shelf, name: str, *, again: bool = False, anyway: bool = False) -> int:
    """Have the model of the present files made, tried and put in use: 0, or REFUSED.

    `again`: train even when the model exists. `anyway`: use it even if the trial refuses it.
    """
    now = shelf.in_use()
    used = shelf.card(now.model) if now else None
    card = None if again else shelf.card(name)
    if card is not None:
        say("the model of the present files exists; nothing to train")
        if now and used and now.model == name:
            return 0
        if now and used and now.by_hand and not anyway and tried_again(shelf, now.model):
            say(f"{now.model} was chosen by hand and stays in use")
            return 0
    prepare()
    from trial import judge, read_trial, try_out

    trial = read_trial(TRIAL, PROCEDURES, EXAMPLES)  # before the minutes are spent
    with tempfile.TemporaryDirectory(prefix=SCRATCH, dir=shelf.folder) as scratch:
        archive = shelf.archive(name)
        if card is None:
            say("training a model (about two minutes) …")
            archive = train(Path(scratch), name)
            say(f"trained after {since_start():.0f} s, {archive.stat().st_size / 1e6:.1f} MB; trying it …")
        if card is None or card.tried.digest != trial.digest:
            tried = try_out(archive, trial)
            card = Card(name, sha256(archive), card.trained if card else stamp(), tried)
        say(f"trial: {summary(card.tried)}")
        against = None
        if now and used:
            if used.tried.digest != trial.digest and (tried := tried_again(shelf, now.model)):
                used = replace(used, tried=tried)
                shelf.put(shelf.archive(now.model), used)
            against = used.tried if used.tried.digest == trial.digest else None
        card = replace(card, refused=judge(card.tried, trial, against))
        refused = bool(card.refused) and not anyway
        if not (refused and used and used.model == name):  # a worse one of the same name is thrown away
            shelf.put(archive, card)
    if not refused:
        shelf.use(name)
    shelf.tidy()
    for line in card.refused:
        say(line)
    if refused:
        stays = f"{used.model} stays in use" if used else "there is no other to use"
        say(f"the new model {name} is refused; {stays}")
    else:
        say(f"{name} is in use" + (" although the trial refuses it" if card.refused else ""))
    return REFUSED if refused else 0


def tried_again(shelf: Shelf, name: str) -> Tried | None:
    """What the model in use makes of the trial as it is now; None if it cannot be read any more."""
    prepare()
    from trial import read_trial, try_out

    say("the model in use is tried too …")
    try:
        return try_out(shelf.archive(name), read_trial(TRIAL, PROCEDURES, EXAMPLES))
    except Exception as error:  # whatever an archive of another version makes of our components
        say(f"the model in use cannot be read by this version ({type(error).__name__}): it does not count")
        return None


def summary(tried: Tried) -> str:
    """The figures in a line."""
    shares = [("intent", tried.intent), ("procedure", tried.procedure), ("first three", tried.first_three)]
    said = [f"{name} {share:.1%}" for name, share in shares if share is not None]
    return ", ".join([*said, f"{tried.messages} messages, {tried.ms:.1f} ms each"])


def stamp() -> str:
    """Now, with the zone of this machine."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


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
    parser.add_argument("--anyway", action="store_true", help="use the model even if the trial refuses it")
    parser.add_argument("--nice", type=int, default=0, help="leave the processor to others, by so much")
    wanted = parser.parse_args()
    name = fingerprint()
    if wanted.fingerprint:
        print(name)
        return
    if "MOTCUA_PARENT_PID" in os.environ:
        end_with_parent()
    os.nice(wanted.nice)
    shelf = Shelf(wanted.out)
    with shelf.alone(say):
        code = bring_up(shelf, name, again=wanted.force, anyway=wanted.anyway)
    print(shelf.archive(name), flush=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
