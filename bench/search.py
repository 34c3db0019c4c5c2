"""Word search beside SQLite's full-text index (FTS5) over the same names: how fast, and how often right."""

import random
import sqlite3
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field

from bot.catalogue.load import load_catalogue
from bot.catalogue.search import Search, load_words
from bot.config import ROOT
from bot.core.content import read_yaml
from bot.core.procedure import Procedure
from bot.core.text import strip_accents, words

#: The time in which a search has to be done, in milliseconds, for 95 of 100.
TARGET = 20.0

Find = Callable[[str], Sequence[str]]


@dataclass
class Side:
    name: str
    find: Find
    spent: list[float] = field(default_factory=list)
    first: int = 0
    among_three: int = 0

    def ask(self, text: str, meant: str) -> None:
        began = time.perf_counter()
        found = list(self.find(text))
        self.spent.append((time.perf_counter() - began) * 1000)
        self.first += found[:1] == [meant]
        self.among_three += meant in found[:3]

    def row(self) -> str:
        spent = sorted(self.spent)
        half, most = spent[len(spent) // 2], spent[len(spent) * 95 // 100]
        right, near = self.first / len(spent), self.among_three / len(spent)
        return f"{self.name:<14} {half:>8.2f} {most:>8.2f} {right:>9.1%} {near:>9.1%}"


def run() -> int:
    """Ask both for names as people mistype them and for whole questions; print times and how often right."""
    catalogue = load_catalogue(ROOT / "data" / "procedures")
    procedures = catalogue.procedures.values()
    ours = Search(catalogue, load_words(ROOT / "data" / "words.yml"))
    theirs = _fts(procedures)
    late = False
    for title, asked in (
        ("names without accents, inside a sentence, with a slip", list(_mistyped(procedures))),
        ("whole questions, as in data/nlu/procedures", list(_questions())),
    ):
        sides = (
            Side("motcua", lambda text: [one for one, _ in ours.find(text)]),
            Side("SQLite FTS5", theirs),
        )
        for side in sides:
            for text, meant in asked:
                side.ask(text, meant)
        print(f"{len(procedures)} procedures; {len(asked)} {title}\n")
        print(f"{'':<14} {'p50 ms':>8} {'p95 ms':>8} {'first':>9} {'first 3':>9}")
        for side in sides:
            print(side.row())
        most = sorted(sides[0].spent)[len(asked) * 95 // 100]
        late |= most > TARGET
        print(f"p95 ≤ {TARGET:g} ms: {'MISSED' if most > TARGET else 'reached'}\n")
    return int(late)


def _mistyped(procedures: Collection[Procedure]) -> Iterator[tuple[str, str]]:
    dice = random.Random(7)
    for procedure in procedures:
        for name in procedure.names:
            yield f"cho em hỏi {name} sao vậy ạ", procedure.id
            yield strip_accents(name), procedure.id
            at = dice.randrange(1, max(2, len(name) - 1))
            yield name[:at] + name[at + 1 :], procedure.id


def _questions() -> Iterator[tuple[str, str]]:
    for file in sorted((ROOT / "data" / "nlu" / "procedures").glob("*.yml")):
        for block in read_yaml(file).value["nlu"]:
            for line in block["examples"].splitlines():
                yield line.removeprefix("- "), file.stem


def _fts(procedures: Collection[Procedure]) -> Find:
    base = sqlite3.connect(":memory:")
    base.execute(
        "CREATE VIRTUAL TABLE names USING fts5(id UNINDEXED, name, tokenize='unicode61 remove_diacritics 2')"
    )
    rows = [
        (one.id, name.replace("đ", "d").replace("Đ", "D"))
        for one in procedures
        for name in (one.name, one.official_name, *one.names, *(q.ask for q in one.questions))
    ]
    base.executemany("INSERT INTO names VALUES (?, ?)", rows)

    def find(text: str) -> Sequence[str]:
        query = " OR ".join(f'"{word}"' for word in words(text.replace("đ", "d").replace("Đ", "D")))
        if not query:
            return []
        found = base.execute("SELECT id FROM names WHERE name MATCH ? ORDER BY rank LIMIT 20", (query,))
        return list(dict.fromkeys(one for (one,) in found))[:5]

    return find
