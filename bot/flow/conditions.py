"""The small language of `if:`: a parser, its tree, and nothing that is ever executed.

    slots.tuoi >= 18 and not (context.kenh is "web") or slots.ly_do matches "^[A-Z]"

Operators: not and or > >= < <= = != is contains matches aged. Names: slots.x, context.x. Literals: strings
in quotes, numbers, true, false, null. A comparison of things that cannot be compared does not hold. Of two
dates only what both say is compared: 1970 is not before 05/1970.
`slots.ngay_sinh aged 18`: whoever was born then is eighteen or older today.
"""

import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from re import _parser as sre  # type: ignore[attr-defined]
from typing import Any, TypeAlias

from bot.core.messages import Json
from bot.core.text import nfc
from bot.flow.ages import years_before

#: What a condition sees.
Values: TypeAlias = Mapping[str, Json]

#: How much of an answer a pattern is tried on, and what a pattern may be: enough for codes and numbers,
#: and too little to keep a machine busy.
_SUBJECT_LIMIT = 300
_PATTERN_LIMIT = 200
_OPEN_REPEATS_LIMIT = 3
_DEPTH_LIMIT = 40


class ConditionError(Exception):
    """The author wrote something that is no condition; `position` counts characters from 0."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(f"{message} (at character {position + 1})")
        self.position = position


@dataclass(frozen=True, slots=True)
class Literal:
    value: Json

    def value_in(self, slots: Values, context: Values) -> Json:
        return self.value


@dataclass(frozen=True, slots=True)
class Name:
    """``slots.x`` or ``context.x``; null if there is no value."""

    space: str
    name: str

    def value_in(self, slots: Values, context: Values) -> Json:
        return (slots if self.space == "slots" else context).get(self.name)


@dataclass(frozen=True, slots=True)
class Not:
    inside: "Node"

    def value_in(self, slots: Values, context: Values) -> Json:
        return not _true(self.inside.value_in(slots, context))


@dataclass(frozen=True, slots=True)
class And:
    left: "Node"
    right: "Node"

    def value_in(self, slots: Values, context: Values) -> Json:
        return _true(self.left.value_in(slots, context)) and _true(self.right.value_in(slots, context))


@dataclass(frozen=True, slots=True)
class Or:
    left: "Node"
    right: "Node"

    def value_in(self, slots: Values, context: Values) -> Json:
        return _true(self.left.value_in(slots, context)) or _true(self.right.value_in(slots, context))


@dataclass(frozen=True, slots=True)
class Compare:
    operator: str
    left: "Node"
    right: "Node"

    def value_in(self, slots: Values, context: Values) -> Json:
        return _COMPARE[self.operator](
            self.left.value_in(slots, context), self.right.value_in(slots, context)
        )


@dataclass(frozen=True, slots=True)
class Aged:
    """``slots.ngay_sinh aged 75``: so many years are full today. A year alone is enough."""

    born: "Node"
    years: int

    def value_in(self, slots: Values, context: Values) -> Json:
        born, today = self.born.value_in(slots, context), context.get("hom_nay")
        if not isinstance(born, str) or not isinstance(today, str) or not _ISO.fullmatch(born):
            return False
        last = years_before(date.fromisoformat(today), self.years).isoformat()
        return born <= last[: len(born)]


_ISO = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")

Node: TypeAlias = Literal | Name | Not | And | Or | Compare | Aged


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition, ready to be asked."""

    source: str
    tree: Node

    def holds(self, slots: Values, context: Values) -> bool:
        return _true(self.tree.value_in(slots, context))

    def names(self) -> frozenset[tuple[str, str]]:
        """What it speaks of: ("slots", "tuoi"), ("context", "hom_nay")."""
        return frozenset(_names(self.tree))


def parse(source: str) -> Condition:
    """Read a condition; `ConditionError` says where it goes wrong."""
    source = nfc(source)
    return Condition(source, _Parser(source).whole())


def _true(value: Json) -> bool:
    """Nothing, false, 0 and what is empty are untrue."""
    return bool(value)


def _same(left: Json, right: Json) -> bool:
    # In Python 1 == True; to an author they are different things.
    return isinstance(left, bool) == isinstance(right, bool) and left == right


def _ordered(left: Json, right: Json, holds: Callable[[Any, Any], bool]) -> bool:
    """Numbers with numbers, text with text (ISO dates are text in the right order), nothing else."""
    if isinstance(left, str) and isinstance(right, str) and _ISO.fullmatch(left) and _ISO.fullmatch(right):
        known = min(len(left), len(right))
        return holds(left[:known], right[:known])
    numbers = all(isinstance(side, (int, float)) and not isinstance(side, bool) for side in (left, right))
    texts = isinstance(left, str) and isinstance(right, str)
    return (numbers or texts) and holds(left, right)


def _contains(left: Json, right: Json) -> bool:
    if isinstance(left, str):
        return isinstance(right, str) and right in left
    return isinstance(left, (list, tuple)) and any(_same(item, right) for item in left)


def _matches(left: Json, right: Json) -> bool:
    return isinstance(left, str) and re.search(str(right), left[:_SUBJECT_LIMIT]) is not None


_COMPARE: dict[str, Callable[[Json, Json], bool]] = {
    "=": _same,
    "is": _same,
    "!=": lambda left, right: not _same(left, right),
    ">": lambda left, right: _ordered(left, right, lambda a, b: a > b),
    ">=": lambda left, right: _ordered(left, right, lambda a, b: a >= b),
    "<": lambda left, right: _ordered(left, right, lambda a, b: a < b),
    "<=": lambda left, right: _ordered(left, right, lambda a, b: a <= b),
    "contains": _contains,
    "matches": _matches,
}


def _names(node: Node) -> Iterator[tuple[str, str]]:
    match node:
        case Name():
            yield node.space, node.name
        case Not():
            yield from _names(node.inside)
        case Aged():
            yield from _names(node.born)
        case And() | Or() | Compare():
            yield from _names(node.left)
            yield from _names(node.right)


_TOKEN = re.compile(
    r"""\s*(?:
        (?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
      | (?P<number>-?\d+(?:\.\d+)?(?![\w.]))
      | (?P<name>(?:slots|context)\.[A-Za-z_]\w*)
      | (?P<word>[A-Za-z_]\w*)
      | (?P<sign>>=|<=|!=|==|[><=()])
    )""",
    re.VERBOSE,
)
_CONSTANTS: dict[str, Json] = {"true": True, "false": False, "null": None}


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    position: int


class _Parser:
    """Recursive descent: or ← and ← not ← comparison ← operand."""

    def __init__(self, source: str) -> None:
        self._tokens = list(_tokens(source))
        self._at = 0
        self._depth = 0

    def whole(self) -> Node:
        tree = self._or()
        if self._here.kind != "end":
            raise ConditionError(f'"{self._here.text}" is not expected here', self._here.position)
        return tree

    @property
    def _here(self) -> _Token:
        return self._tokens[self._at]

    def _take(self, *texts: str) -> _Token | None:
        token = self._here
        if token.kind in ("word", "sign") and token.text.lower() in texts:
            self._at += 1
            return token
        return None

    def _or(self) -> Node:
        self._depth += 1
        if self._depth > _DEPTH_LIMIT:
            raise ConditionError("This is nested too deeply", self._here.position)
        tree = self._and()
        while self._take("or"):
            tree = Or(tree, self._and())
        self._depth -= 1
        return tree

    def _and(self) -> Node:
        tree = self._not()
        while self._take("and"):
            tree = And(tree, self._not())
        return tree

    def _not(self) -> Node:
        negations = 0
        while self._take("not"):
            negations += 1
        tree = self._comparison()
        return Not(tree) if negations % 2 else tree

    def _comparison(self) -> Node:
        left = self._operand()
        found = self._take("=", "==", "is", "!=", ">", ">=", "<", "<=", "contains", "matches", "aged")
        if found is None:
            return left
        operator = {"==": "="}.get(found.text.lower(), found.text.lower())
        if operator == "is" and self._take("not"):
            operator = "!="
        at = self._here.position
        right = self._operand()
        if operator == "matches":
            _check_pattern(right, at)
        if operator == "aged":
            return Aged(left, _years(right, at))
        return Compare(operator, left, right)

    def _operand(self) -> Node:
        token = self._here
        if self._take("("):
            inside = self._or()
            if not self._take(")"):
                raise ConditionError('")" is missing', self._here.position)
            return inside
        self._at += 1
        match token.kind:
            case "string":
                return Literal(re.sub(r"\\(.)", _unescape, token.text[1:-1], flags=re.DOTALL))
            case "number":
                return Literal(float(token.text) if "." in token.text else int(token.text))
            case "name":
                space, _, name = token.text.partition(".")
                return Name(space, name)
            case "word" if token.text.lower() in _CONSTANTS:
                return Literal(_CONSTANTS[token.text.lower()])
            case "end":
                raise ConditionError("The condition ends too early", token.position)
        hint = f'; text stands in quotes, a slot is "slots.{token.text}"' if token.kind == "word" else ""
        raise ConditionError(f'"{token.text}" is not expected here{hint}', token.position)


def _unescape(match: re.Match[str]) -> str:
    # Only the quote and the backslash are escaped, so that patterns keep their "\d".
    return match[1] if match[1] in "\"'\\" else match[0]


def _tokens(source: str) -> Iterator[_Token]:
    at, end = 0, len(source.rstrip())
    while at < end:
        found = _TOKEN.match(source, at)
        if found is None:
            at += len(source[at:]) - len(source[at:].lstrip())
            raise ConditionError(f"{source[at]!r} cannot be read", at)
        kind = str(found.lastgroup)
        yield _Token(kind, found[kind], found.start(kind))
        at = found.end()
    yield _Token("end", "", end)


def _years(node: Node, at: int) -> int:
    if not isinstance(node, Literal) or type(node.value) is not int or not 0 < node.value <= 120:
        raise ConditionError('"aged" needs a whole number of years, from 1 to 120', at)
    return node.value


def _check_pattern(node: Node, at: int) -> None:
    """Only patterns that are quick on every text."""
    if not isinstance(node, Literal) or not isinstance(node.value, str):
        raise ConditionError('"matches" needs a pattern in quotes', at)
    pattern = node.value
    if len(pattern) > _PATTERN_LIMIT:
        raise ConditionError(f"A pattern has at most {_PATTERN_LIMIT} characters", at)
    try:
        with warnings.catch_warnings():
            # "[[" and the like will mean something else one day.
            warnings.simplefilter("error", FutureWarning)
            re.compile(pattern)
            parsed = sre.parse(pattern)
    except (re.error, FutureWarning, OverflowError, RecursionError) as error:
        raise ConditionError(f"This is not a pattern: {error}", at) from None
    if _open_repeats(parsed, False, at) > _OPEN_REPEATS_LIMIT:
        raise ConditionError(f'A pattern has at most {_OPEN_REPEATS_LIMIT} of "*" and "+"', at)


_REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)
_FORBIDDEN = (sre.GROUPREF, sre.GROUPREF_EXISTS, sre.ASSERT, sre.ASSERT_NOT)
#: A repetition that can take more than this is counted like "*".
_SMALL = 20


def _open_repeats(parsed: Any, inside_repeat: bool, at: int) -> int:
    """How many repetitions without a small end there are; one inside another is refused."""
    count = 0
    for kind, argument in parsed:
        if kind in _FORBIDDEN:
            raise ConditionError("A pattern cannot look around or back", at)
        if kind in _REPEATS:
            low, high, inside = argument
            if high > 1 and inside_repeat:
                raise ConditionError("A pattern cannot repeat a repetition", at)
            count += high > _SMALL and low != high
            count += _open_repeats(inside, inside_repeat or high > 1, at)
        elif kind is sre.SUBPATTERN:
            count += _open_repeats(argument[-1], inside_repeat, at)
        elif kind is sre.ATOMIC_GROUP:
            count += _open_repeats(argument, inside_repeat, at)
        elif kind is sre.BRANCH:
            count += sum(_open_repeats(branch, inside_repeat, at) for branch in argument[1])
    return count
