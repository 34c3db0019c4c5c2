"""Finds what has a fixed shape in a message: codes, numbers of people, phones, dates, money, counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_DAY_WORD = r"(?:ngày|ngay|mùng|mung|mồng|mong)"
_YEAR = r"(?:\s+(?:năm|nam)\s+(?:19|20)\d{2})?"
_UNIT = "(?:triệu|trieu|tr|nghìn|nghin|ngàn|ngan|k|vnđ|vnd|đồng|dong|đ)"
_NOT_A_COPY = r"(?!\s+(?:chính|chinh|thân|than|ngày|ngay)\b)"
_AMOUNT = r"\d{1,3}(?:[.,]\d{3})+|\d+(?:[.,]\d+)?"

#: In order of right of way: what an earlier pattern took, a later one may not take again.
PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("dossier_code", re.compile(r"\bH\d{2}\.\d{1,3}(?:\.\d{1,3})?[-\u2013]\d{6}[-\u2013]\d{3,6}\b", re.I)),
    ("date", re.compile(rf"\b{_DAY}\s?[/.\-]\s?{_MONTH}\s?[/.\-]\s?(?:19|20)?\d{{2}}\b")),
    ("date", re.compile(rf"\b{_DAY_WORD}\s+{_DAY}\s+(?:tháng|thang)\s+{_MONTH}{_YEAR}\b", re.I)),
    ("cccd", re.compile(r"(?<!\d)0\d{2}[ .]?\d{3}[ .]?\d{3}[ .]?\d{3}(?!\d)")),
    ("phone", re.compile(r"(?<!\d)(?:\+?84|0)[ .\-]?[235789](?:[ .\-]?\d){8}(?!\d)")),
    ("money", re.compile(rf"(?<!\w)(?:{_AMOUNT})\s?{_UNIT}\b", re.I)),
    ("copies", re.compile(rf"(?<!\w)\d{{1,4}}(?=\s?(?:bản|ban|bộ|bo)\b{_NOT_A_COPY})", re.I)),
    ("pages", re.compile(r"(?<!\w)\d{1,4}(?=\s?(?:trang|tờ|to)\b)", re.I)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """One thing of a known shape, where it stands in the text, and its plain form."""

    entity: str
    value: str
    start: int
    end: int


def find(text: str) -> list[Found]:
    """Everything of a known shape, in the order of the text."""
    taken: list[Found] = []
    for entity, pattern in PATTERNS:
        for found in _matches(entity, pattern, text):
            if all(found.end <= other.start or found.start >= other.end for other in taken):
                taken.append(found)
    return sorted(taken, key=lambda found: found.start)


def _matches(entity: str, pattern: re.Pattern[str], text: str) -> Iterator[Found]:
    for match in pattern.finditer(text):
        yield Found(entity, _plain(entity, match.group()), match.start(), match.end())


def _plain(entity: str, raw: str) -> str:
    """One way of writing each value, however it was typed."""
    if entity in ("cccd", "phone"):
        digits = re.sub(r"\D", "", raw)
        return "0" + digits[2:] if entity == "phone" and digits.startswith("84") else digits
    if entity == "dossier_code":
        return raw.upper().replace("\u2013", "-")
    return re.sub(r"\s+", " ", raw.strip())
