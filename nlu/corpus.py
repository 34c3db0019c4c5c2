"""Reads data/nlu without Rasa, for evaluation and tests: what Rasa would hand to the components."""

from __future__ import annotations

from pathlib import Path

import yaml

from components.examples import NONE, Example

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_corpus(folder: Path) -> tuple[list[Example], dict[str, list[str]]]:
    """All examples, and the phrases with a blank (lookup tables) by intent."""
    examples: list[Example] = []
    phrases: dict[str, list[str]] = {}
    for file in [folder] if folder.is_file() else sorted(folder.rglob("*.yml")):
        for block in (yaml.load(file.read_text(encoding="utf-8"), Loader=_LOADER) or {}).get("nlu", []):
            lines = [
                line.removeprefix("- ").strip() for line in block["examples"].splitlines() if line.strip()
            ]
            if "lookup" in block:
                phrases[block["lookup"]] = lines
            elif "intent" in block:
                procedure = (block.get("metadata") or {}).get("procedure", NONE)
                examples += [Example(line, block["intent"], procedure) for line in lines]
    return examples, phrases
