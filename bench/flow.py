"""What a turn costs without network and disk: reading the state, the rules, the engine, writing the state."""

import time
from datetime import UTC, datetime

import msgspec

from bench.talks import our_form
from bot.app import rules_reader
from bot.config import ROOT
from bot.content import load_content
from bot.core.calendar import ZONE
from bot.core.commands import Ask, AskStatus, CallOfficer, Clarify, Find, Say
from bot.core.counters import AllFree
from bot.core.messages import Incoming
from bot.flow.engine import advance
from bot.flow.model import State, decode, encode
from bot.flow.situation import situation
from bot.understanding.interpret import Interpreter

ROUNDS = 200


def run() -> int:
    """Play the form of the benchmark again and again, and print microseconds a turn."""
    now = datetime.now(UTC)
    content = load_content(ROOT, facts={}, year=now.year)
    interpreter = Interpreter(rules_reader(content), content.rules)
    bodies = [msgspec.json.decode(body)["message"] for body, _ in our_form()(0)]
    free = AllFree(content.counters, content.calendar, now.astimezone(ZONE).date())
    spent = {"state read": 0.0, "rules": 0.0, "engine": 0.0, "state written": 0.0}
    for _ in range(ROUNDS):
        kept = encode(State())
        for text in bodies:
            tapped = text if text.startswith("/") else None
            incoming = Incoming(
                channel="bench", external_id="1", sender="1", text="" if tapped else text, tapped=tapped
            )
            marks = [time.perf_counter()]
            state = decode(kept)
            marks.append(time.perf_counter())
            decision = interpreter.at_once(incoming, situation(content.flows, state, incoming.text, now))
            assert decision is not None, text
            command = decision[0]
            assert not isinstance(command, Ask | AskStatus | CallOfficer | Clarify | Find | Say), text
            marks.append(time.perf_counter())
            turn = advance(content.flows, state, command, now, free)
            marks.append(time.perf_counter())
            kept = encode(turn.state)
            marks.append(time.perf_counter())
            for name, begin, end in zip(spent, marks[:-1], marks[1:], strict=True):
                spent[name] += end - begin
    turns = ROUNDS * len(bodies)
    for name, seconds in [*spent.items(), ("together", sum(spent.values()))]:
        print(f"{name:<15} {1e6 * seconds / turns:>7.1f} µs a turn")
    return 0
