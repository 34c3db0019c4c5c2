"""Draws a slip as a PDF, laid out as one-stop shops print theirs, with the code of its dossier to scan."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from string import Formatter

import segno
from fpdf.enums import Align

from bot.slips.page import FOOT, HEIGHT, INNER, MARGIN, WIDTH, Page
from bot.slips.sheet import KindWords, Line, Sheet, SlipWords, names_of

_LINE, _GAP = 4.9, 0.9
_QR = 20.0
#: What a number before a line takes, and what stands between the two at least.
_MARK, _BETWEEN = 5.5, 1.4
#: What the boxes for signing take.
_SIGNS = 34.0
_SOME_DOTS = "…" * 12


def draw(sheet: Sheet, words: SlipWords) -> bytes:
    """The PDF. Its metadata hold the title and the code, and nobody's name."""
    kind = words.kinds[sheet.kind]
    names = names_of(sheet, kind.symbol)
    page = Page(lambda number: words.head.page.format_map({**names, "trang": str(number)}))
    page.set_title(f"{' '.join(kind.title)} – {sheet.code}")
    page.set_lang("vi")
    page.set_creation_date(sheet.made_at)
    page.add_page()
    _head(page, words, names)
    _title(page, kind.title, words.head.code.format_map(names), sheet.code)
    _body(page, list(_rows(page, kind, sheet, names)))
    _signs(page, kind, words.head.signature, sheet.officer)
    return bytes(page.output())


@dataclass(frozen=True, slots=True)
class _Row:
    """A paragraph of the body: `mark` stands `room` before it, and its lines begin at one edge."""

    text: str
    mark: str = ""
    indent: float = 0.0
    room: float = _MARK

    @property
    def _left(self) -> float:
        return self.indent + (self.room if self.mark else 0)

    def height(self, page: Page) -> float:
        return page.height_of(self.text, _LINE, INNER - self._left) + _GAP

    def draw(self, page: Page) -> None:
        if self.mark:
            page.set_x(MARGIN + self.indent)
            page.cell(self.room, _LINE, self.mark)
        page.block(self.text, _LINE, x=MARGIN + self._left, wide=INNER - self._left)
        page.ln(_GAP)


def _head(page: Page, words: SlipWords, names: Mapping[str, str]) -> None:
    """Whose paper it is on the left, the nation's name on the right."""
    head, top = words.head, page.get_y()
    left = 47.0
    right, at = INNER - left, MARGIN + left
    page.face("", 8.5)
    page.centred(head.authority, 4.1, wide=left)
    page.centred(names["phuong"].upper(), 4.1, wide=left)
    page.face("B", 8.5)
    page.centred(names["quay"].upper(), 4.1, wide=left)
    page.rule(MARGIN + left / 2, 15)
    page.ln(1.4)
    page.face("", 9)
    page.centred(head.number.format_map(names), 4.6, wide=left)
    bottom = page.get_y()
    page.set_y(top)
    page.face("B", 8.5)
    page.centred(head.motto[0], 4.1, x=at, wide=right)
    page.face("B", 9.5)
    page.centred(head.motto[1], 4.6, x=at, wide=right)
    page.rule(at + right / 2, page.get_string_width(head.motto[1]))
    page.ln(3.2)
    page.face("I", 9)
    page.centred(head.place.format_map(names), 4.6, x=at, wide=right)
    page.set_y(max(bottom, page.get_y()) + 4)


def _title(page: Page, title: tuple[str, ...], said: str, code: str) -> None:
    """What paper it is, its dossier's code beneath, and beside them the code for the counter's reader."""
    top, side = page.get_y(), _QR + 2
    picture = io.BytesIO()
    segno.make(code, error="m", micro=False).save(picture, kind="png", scale=8, border=2)
    page.image(picture, x=WIDTH - MARGIN - _QR, y=top, w=_QR, alt_text=code)
    page.set_y(top + 2)
    page.face("B", 12.5)
    for line in title:
        page.centred(line, 6, x=MARGIN + side, wide=INNER - 2 * side)
    page.ln(0.8)
    page.face("B", 9.5)
    page.centred(said, 5, x=MARGIN + side, wide=INNER - 2 * side)
    page.set_y(max(top + _QR, page.get_y()) + 3)


def _body(page: Page, rows: list[_Row]) -> None:
    """The last line goes with the boxes beneath it: whoever signs never signs a page with nothing on it."""
    page.face("", 10)
    for number, row in enumerate(rows, 1):
        high = row.height(page) + (_SIGNS if number == len(rows) else 0)
        if page.get_y() + high > HEIGHT - FOOT and high < HEIGHT / 2:
            page.add_page()
            page.face("", 10)
        row.draw(page)
    if page.get_y() + _SIGNS > HEIGHT - FOOT:
        page.add_page()


def _rows(page: Page, kind: KindWords, sheet: Sheet, names: Mapping[str, str]) -> Iterator[_Row]:
    """The body, with what is not known left out, dotted or said in other words; numbers without a gap."""
    page.face("", 10)
    number = 0
    for line in kind.lines:
        given = _given(line, sheet)
        text = None if line.list is not None and not given else _filled(page, line, names)
        if text is None:
            continue
        number += line.numbered
        yield _Row(text, f"{number}." if line.numbered else "")
        marks = [f"({count})" if line.numbered else f"{count}." for count in range(1, len(given) + 1)]
        room = max([_MARK, *(page.get_string_width(mark) + _BETWEEN for mark in marks)])
        for mark, one in zip(marks, given, strict=True):
            yield _Row(page.readable(one), mark, _MARK if line.numbered else 0, room)


def _given(line: Line, sheet: Sheet) -> tuple[str, ...]:
    return {"papers": sheet.papers, "wanted": sheet.wanted, None: ()}[line.list]


def _filled(page: Page, line: Line, names: Mapping[str, str]) -> str | None:
    """What a line says; None: it is left out."""
    named = [name for _, name, _, _ in Formatter().parse(line.text) if name]
    missing = [name for name in named if not names[name]]
    if not missing:
        return page.readable(line.text.format_map(names))
    if line.otherwise:
        return page.readable(line.otherwise.format_map(names))
    if not line.blank:
        return None
    dotted = {**names, **dict.fromkeys(missing, _SOME_DOTS)}
    if not line.text.endswith(f"{{{missing[-1]}}}"):
        return page.readable(line.text.format_map(dotted))
    # To the end of the line, to be written on.
    said = line.text.format_map({**dotted, missing[-1]: ""})
    room = INNER - (_MARK if line.numbered else 0) - page.get_string_width(said)
    return page.readable(said + "…" * max(len(_SOME_DOTS), int(room / page.get_string_width("…"))))


def _signs(page: Page, kind: KindWords, how: str, officer: str) -> None:
    """Who signs, side by side."""
    page.ln(2.5)
    half, top = INNER / 2, page.get_y()
    for number, title in enumerate(kind.signs):
        if not title:
            continue
        at = MARGIN + number * half
        page.set_y(top)
        page.face("B", 9.5)
        page.centred(title, 4.8, x=at, wide=half)
        page.face("I", 8.5)
        page.centred(how, 4.4, x=at, wide=half)
        if number == 1 and officer:
            page.ln(12)
            page.face("B", 9.5)
            page.block(page.readable(officer), 4.8, x=at, wide=half, align=Align.C)
