"""Draws a slip as a PDF: A5, serif type as on official papers, the dossier's code as a QR code."""

import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter

import segno
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from bot.slips.sheet import KindWords, Line, Sheet, SlipWords, names_of

FONTS = Path(__file__).parent / "fonts"
_FAMILY = "Serif"
#: Millimetres. A5 is what the circular prints on.
_WIDTH, _MARGIN, _LINE = 148.0, 12.0, 4.8
_QR = 18.0
_DOTS = "…" * 24


def draw(sheet: Sheet, words: SlipWords) -> bytes:
    """The PDF. Its metadata hold the title and the code, and nobody's name."""
    kind = words.kinds[sheet.kind]
    names = names_of(sheet, kind.symbol)
    page = _Page(words.head.page, names)
    page.set_title(f"{kind.title} – {sheet.code}")
    page.set_lang("vi")
    page.set_creation_date(sheet.made_at)
    page.add_page()
    _head(page, words, names)
    page.set_font(_FAMILY, "B", 12)
    page.multi_cell(0, 6.5, kind.title, align="C", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    page.ln(2)
    page.set_font(_FAMILY, "", 10)
    for text in _lines(kind, sheet, names):
        page.multi_cell(0, _LINE, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        page.ln(0.6)
    _signs(page, kind, words.head.signature, sheet.officer)
    return bytes(page.output())


class _Page(FPDF):
    """Pages of a slip; each has the code at its foot."""

    def __init__(self, foot: str, names: Mapping[str, str]) -> None:
        super().__init__(format=(_WIDTH, 210))
        self._foot, self._names = foot, names
        self.set_margins(_MARGIN, _MARGIN, _MARGIN)
        self.set_auto_page_break(True, 14)
        for style, name in (("", "Regular"), ("B", "Bold"), ("I", "Italic")):
            self.add_font(_FAMILY, style, FONTS / f"NotoSerif-{name}.ttf")

    def footer(self) -> None:
        self.set_y(-11)
        self.set_font(_FAMILY, "I", 8)
        text = self._foot.format_map({**self._names, "trang": str(self.page_no())})
        self.cell(0, 5, text, align="C")


def _head(page: _Page, words: SlipWords, names: Mapping[str, str]) -> None:
    """Whose paper it is on the left, the nation's name on the right, the QR code beneath."""
    head, top = words.head, page.get_y()
    left, right = 48.0, _WIDTH - 2 * _MARGIN - 48.0
    page.set_font(_FAMILY, "", 8.5)
    page.multi_cell(left, 4.2, head.authority, align="C", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    page.set_font(_FAMILY, "B", 8.5)
    for text in (names["phuong"].upper(), names["quay"].upper()):
        page.multi_cell(left, 4.2, text, align="C", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    _rule(page, _MARGIN + left / 2, 14)
    page.set_font(_FAMILY, "", 8.5)
    page.ln(1.5)
    page.cell(left, 4.5, head.number.format_map(names), align="C")
    bottom = page.get_y() + 6
    page.set_xy(_MARGIN + left, top)
    page.set_font(_FAMILY, "B", 8.5)
    page.cell(right, 4.2, head.motto[0], align="C", new_x=XPos.LEFT, new_y=YPos.NEXT)
    page.set_font(_FAMILY, "B", 9.5)
    page.cell(right, 4.6, head.motto[1], align="C", new_x=XPos.LEFT, new_y=YPos.NEXT)
    _rule(page, _MARGIN + left + right / 2, 34)
    page.ln(1.5)
    page.set_x(_MARGIN + left)
    page.set_font(_FAMILY, "I", 9)
    page.cell(right, 5, head.place.format_map(names), align="C")
    bottom = max(bottom, page.get_y() + 6)
    _code(page, head.code.format_map(names), names["ma_ho_so"], bottom)


def _rule(page: _Page, middle: float, width: float) -> None:
    page.ln(0.6)
    page.set_line_width(0.2)
    page.line(middle - width / 2, page.get_y(), middle + width / 2, page.get_y())


def _code(page: _Page, text: str, code: str, top: float) -> None:
    """The code in letters and as a QR code, for the counter's reader."""
    picture = io.BytesIO()
    segno.make(code, error="m", micro=False).save(picture, kind="png", scale=8, border=1)
    page.image(picture, x=_WIDTH - _MARGIN - _QR, y=top, w=_QR, alt_text=code)
    page.set_xy(_MARGIN, top + 6)
    page.set_font(_FAMILY, "B", 10.5)
    page.cell(_WIDTH - 2 * _MARGIN - _QR - 4, 6, text)
    page.set_xy(_MARGIN, top + _QR + 1)


def _lines(kind: KindWords, sheet: Sheet, names: Mapping[str, str]) -> Iterator[str]:
    """The body, line by line, with what is not known left out or dotted."""
    for line in kind.lines:
        given = _given(line, sheet)
        if line.list is not None:
            if given:
                yield line.text.format_map(names)
                yield from (f"   {number}. {one}" for number, one in enumerate(given, 1))
            continue
        named = [name for _, name, _, _ in Formatter().parse(line.text) if name]
        missing = [name for name in named if not names[name]]
        if missing and not line.blank:
            continue
        yield line.text.format_map({**names, **dict.fromkeys(missing, _DOTS)})


def _given(line: Line, sheet: Sheet) -> tuple[str, ...]:
    return {"papers": sheet.papers, "wanted": sheet.wanted, None: ()}[line.list]


def _signs(page: _Page, kind: KindWords, how: str, officer: str) -> None:
    """Who signs, side by side; never alone on a page of its own half."""
    if page.get_y() > page.h - 40:
        page.add_page()
    page.ln(3)
    half, top = (_WIDTH - 2 * _MARGIN) / 2, page.get_y()
    for number, title in enumerate(kind.signs):
        if not title:
            continue
        page.set_xy(_MARGIN + number * half, top)
        page.set_font(_FAMILY, "B", 9.5)
        page.cell(half, 5, title, align="C", new_x=XPos.LEFT, new_y=YPos.NEXT)
        page.set_font(_FAMILY, "I", 8.5)
        page.cell(half, 4.5, how, align="C", new_x=XPos.LEFT, new_y=YPos.NEXT)
        if number == 1 and officer:
            page.ln(13)
            page.set_x(_MARGIN + half)
            page.set_font(_FAMILY, "B", 9.5)
            page.cell(half, 5, officer, align="C")
