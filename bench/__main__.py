"""Turns a second and parse latency of this program and of a stock Rasa server, side by side."""

import argparse
import asyncio
import itertools
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import uvloop

from bench import flow, search
from bench.client import Failed, Figures, Talk, drive
from bench.servers import WEBHOOK, NotReady, Ours, Server, Stock
from bench.talks import Parses, Questions, our_form, questions, stock_form

MANY = 50
#: Seconds of each measurement, and how often the two servers take turns.
LASTING = 5.0
ROUNDS = 2

ROW = "{:<18} {:>4}  {:<11} {:>8} {:>8} {:>8} {:>10} {:>7}"


@dataclass
class Contest:
    """One kind of work, given to both servers by turns, so that whatever else the machine does hits both."""

    name: str
    connections: int
    sides: tuple["Side", ...]
    #: Ours over the stock server's, at least; None: shown only.
    target: float | None = None
    #: Seconds that people think between two messages.
    pause: float = 0.0
    #: Milliseconds that 95 of 100 of our answers may take.
    within: float | None = None

    async def run(self, lasting: float) -> None:
        for _ in range(ROUNDS):
            for side in self.sides:
                await side.run(self.connections, lasting, self.pause)

    def table(self) -> str:
        lines = [
            ROW.format(
                self.name,
                self.connections,
                side.server.name,
                f"{one.rate:.1f}",
                f"{one.percentile(50):.1f}",
                f"{one.percentile(95):.1f}",
                f"{1000 * one.cpu / max(one.turns, 1):.2f}",
                one.turns,
            )
            for side in self.sides
            for one in (side.figures,)
        ]
        if self.within is not None:
            reached = self.sides[0].figures.percentile(95) <= self.within
            said = f"p95 ≤ {self.within:g} ms: {'reached' if reached else 'MISSED'}"
            lines.append(f"{'':<18} {'':>4}  a thought of {self.pause:g} s between messages; {said}")
        if len(self.sides) == 1:
            return "\n".join(lines)
        ours, stock = (side.figures for side in self.sides)
        ratio = ours.rate / stock.rate if stock.rate else 0.0
        verdict = ""
        if self.target is not None:
            verdict = f"  (target ≥ {self.target:g} ×: {'reached' if ratio >= self.target else 'MISSED'})"
        return "\n".join([*lines, f"{'':<18} {'':>4}  motcua / stock {ratio:>5.1f} ×{verdict}"])


@dataclass
class Side:
    server: Server
    port: int
    path: str
    talk: Talk
    numbers: Iterator[int]
    figures: Figures = field(default_factory=Figures)

    async def run(self, connections: int, lasting: float, pause: float = 0.0) -> None:
        before = self.server.cpu
        one = await drive(
            self.port,
            self.path,
            self.talk,
            self.numbers,
            connections=connections,
            lasting=lasting,
            pause=pause,
        )
        one.cpu = self.server.cpu - before
        self.figures.add(one)


def contests(ours: Ours, stock: Stock) -> Iterator[Contest]:
    # Nobody, and no text, comes twice: each server has one row of numbers for the whole run.
    people = itertools.count(), itertools.count()
    texts = questions(seed=1)

    def sides(talks: tuple[Talk, Talk], parse: bool = False) -> tuple[Side, Side]:
        to = (ours.parse, stock.parse) if parse else ((ours.port, WEBHOOK), (stock.port, WEBHOOK))
        servers: tuple[Server, Server] = (ours, stock)
        left, right = (Side(servers[n], *to[n], talks[n], people[n]) for n in (0, 1))
        return left, right

    asking, filling = (Questions(texts), Questions(texts)), (our_form(), stock_form())
    parsing = Parses(texts), Parses(texts)
    yield Contest("questions", MANY, sides(asking), 3)
    yield Contest("buttons and forms", MANY, sides(filling), 10)
    # People at a form think: what they wait for is seen best when the server is not kept full.
    yield Contest("forms, unhurried", MANY, sides(filling)[:1], pause=0.5, within=40)
    yield Contest("questions", 1, sides(asking))
    yield Contest("buttons and forms", 1, sides(filling))
    yield Contest("/model/parse", MANY, sides(parsing, parse=True))
    yield Contest("/model/parse", 1, sides(parsing, parse=True))


async def run(lasting: float, only: str) -> int:
    with tempfile.TemporaryDirectory(prefix="motcua-bench-") as place:
        folder = Path(place)
        ours, stock = Ours(folder), Stock(folder)
        try:
            began = time.monotonic()
            say("Starting motcua and a stock Rasa server …")
            await asyncio.gather(ours.start(), stock.start())
            await asyncio.gather(ours.wait_ready(), stock.wait_ready())
            say(f"Both are ready after {time.monotonic() - began:.0f} s.\n")
            return await measure(ours, stock, lasting, only)
        except (NotReady, Failed, OSError) as error:
            say(f"{error}\n{ours.last_words}\n{stock.last_words}")
            return 1
        finally:
            await asyncio.gather(ours.stop(), stock.stop())


async def measure(ours: Ours, stock: Stock, lasting: float, only: str) -> int:
    chosen = [one for one in contests(ours, stock) if only in one.name]
    for one in chosen:  # a first taste, not counted: caches fill, code is compiled
        for side in one.sides:
            await side.run(min(one.connections, 8), lasting / 10)
            side.figures = Figures(failures=side.figures.failures)
    say(
        f"{os.cpu_count()} cores, Python {sys.version.split()[0]}; "
        f"{lasting:g} s each, {ROUNDS} rounds by turns\n"
    )
    say(ROW.format("", "conn", "", "per s", "p50 ms", "p95 ms", "CPU ms/1", "answers"))
    for one in chosen:
        await one.run(lasting)
        say(one.table())
    messages, unanswered, read = ours.kept()
    say(f"\nOn motcua's disk: {messages} messages, {unanswered} unanswered; the model read {read}.")
    failures = [
        f"{side.server.name}: {words}"
        for one in chosen
        for side in one.sides
        for words in side.figures.failures
    ]
    for words in failures[:10]:
        say(words)
    if failures or unanswered:
        say(f"{len(failures)} answers were wrong.")
    return 1 if failures or unanswered else 0


def say(line: str) -> None:
    print(line, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--seconds", type=float, default=LASTING, help="of each measurement")
    parser.add_argument("--only", default="", help="kinds of work whose name holds this")
    parser.add_argument("what", nargs="?", choices=["servers", "flow", "search"], default="servers")
    wanted = parser.parse_args()
    if wanted.what == "flow":
        return flow.run()
    if wanted.what == "search":
        return search.run()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(run(wanted.seconds, wanted.only))


if __name__ == "__main__":
    sys.exit(main())
