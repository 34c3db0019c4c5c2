"""Rules of the house that are easily forgotten."""

import ast
import re
import subprocess

import pytest

from bot.config import ROOT

MODULES = sorted((ROOT / "bot").rglob("*.py"))
LONGEST = 450
NAMELESS = re.compile(r"^(utils?|helpers?|managers?|common|misc)$")
#: Homes of people and of build machines.
SOMEBODYS_PLACE = re.compile(rb"(?<![\w.])/(?:home|Users|root)/[\w.-]+")


def name(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_is_short_says_what_it_is_for_and_is_named_for_it(path):
    text = path.read_text(encoding="utf-8")

    assert text.count("\n") <= LONGEST
    assert not text.strip() or ast.get_docstring(ast.parse(text)), "begins without a docstring"
    assert not NAMELESS.match(path.stem)


def test_no_file_names_a_place_on_somebodys_machine():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    found = []
    for tracked in filter(None, listed.stdout.decode().split("\0")):
        path = ROOT / tracked
        if path.is_file() and path != ROOT / name(type(ROOT)(__file__)):
            found += [f"{tracked}: {m.group().decode()}" for m in SOMEBODYS_PLACE.finditer(path.read_bytes())]
    assert not found


def test_every_file_of_data_has_a_loader():
    loaders = "\n".join(path.read_text(encoding="utf-8") for path in MODULES)
    orphans = [path.name for path in (ROOT / "data").glob("*.yml") if f'"{path.name}"' not in loaders]
    assert not orphans
