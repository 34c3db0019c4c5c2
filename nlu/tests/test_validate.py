"""Rasa's own checks of the examples."""

from pathlib import Path

from validate import complaints

CONFIG = """
recipe: default.v1
language: vi
assistant_id: x
pipeline: []
policies: []
"""
GOOD = """
version: "3.1"
nlu:
- intent: greet
  examples: |
    - chào
    - xin chào
- intent: thanks
  examples: |
    - cảm ơn
    - cám ơn nha
"""


def check(folder: Path, examples: str) -> list[str]:
    (folder / "nlu.yml").write_text(examples, encoding="utf-8")
    (folder / "config.yml").write_text(CONFIG, encoding="utf-8")
    return complaints(folder / "nlu.yml", folder / "config.yml")


def test_good_examples_are_not_complained_of(tmp_path: Path) -> None:
    assert check(tmp_path, GOOD) == []


def test_one_text_under_two_intents_is_complained_of(tmp_path: Path) -> None:
    found = check(tmp_path, GOOD.replace("cám ơn nha", "xin chào"))
    assert any("xin chào" in line for line in found)
