"""The paper of a slip: A5, a serif face as on official papers of Vietnam, text that every reader can show."""

import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import Align, XPos, YPos
from fpdf.fonts import TTFFont

from bot.core.text import nfc

FONTS = Path(__file__).parent / "fonts"
#: Millimetres. A5 is what the circular prints on.
WIDTH, HEIGHT, MARGIN, FOOT = 148.0, 210.0, 14.0, 15.0
INNER = WIDTH - 2 * MARGIN
_FAMILY = "Serif"
#: All but the one that does not break, and the ends of lines.
_SPACES = re.compile(r"[^\S\n\N{NO-BREAK SPACE}]+")


class Page(FPDF):
    """Pages of one slip; `foot` says what stands at the foot of the one with this number."""

    def __init__(self, foot: Callable[[int], str]) -> None:
        super().__init__(format=(WIDTH, HEIGHT))
        self._foot = foot
        self.set_margins(MARGIN, 11, MARGIN)
        # What `multi_cell` keeps beside its text; our columns are measured without.
        self.c_margin = 0
        self.set_auto_page_break(True, FOOT)
        self._known: frozenset[int] = frozenset()
        for style, name in (("", "Regular"), ("B", "Bold"), ("I", "Italic")):
            self.add_font(_FAMILY, style, FONTS / f"NotoSerif-{name}.ttf")
        for font in self.fonts.values():
            assert isinstance(font, TTFFont)
            # The glyphs go in as they are: measuring each anew takes longer than all the rest of a slip.
            font.ttfont.recalcBBoxes = False
            self._known = frozenset(font.cmap)

    def footer(self) -> None:
        self.set_y(-10)
        self.face("I", 8)
        self.cell(0, 4, self.readable(self._foot(self.page_no())), align="C")

    def face(self, style: str, size: float) -> None:
        self.set_font(_FAMILY, style, size)

    def readable(self, text: str) -> str:
        """Composed letters, single spaces. Signs that the fonts lack (emoji) go; a letter that they lack
        stays, and is printed as a box, so that nobody takes half a name for the whole.
        """
        return "".join(
            one
            for one in _SPACES.sub(" ", nfc(text))
            if ord(one) in self._known or one == "\n" or unicodedata.category(one)[0] in "LN"
        )

    def block(
        self, text: str, high: float, *, x: float = MARGIN, wide: float = INNER, align: Align = Align.J
    ) -> None:
        """A paragraph whose left edge is `x`; the next one begins under it."""
        self.set_x(x)
        self.multi_cell(wide, high, text, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def height_of(self, text: str, high: float, wide: float) -> float:
        if "\n" not in text and self.get_string_width(text) <= wide:
            return high
        lines = self.multi_cell(wide, high, text, align="J", dry_run=True, output="LINES")
        assert isinstance(lines, list)
        return high * len(lines)

    def centred(self, text: str, high: float, *, x: float = MARGIN, wide: float = INNER) -> None:
        """A heading in as few lines as it takes, all about as long."""
        for line in self._even(self.readable(text).split(), wide):
            self.set_x(x)
            self.cell(wide, high, line, align="C", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _even(self, words: list[str], wide: float) -> list[str]:
        widths, space = [self.get_string_width(word) for word in words], self.get_string_width(" ")

        def broken(room: float) -> list[str]:
            lines, left = list[str](), 0.0
            for word, width in zip(words, widths, strict=True):
                if lines and width + space <= left:
                    lines[-1] += f" {word}"
                    left -= width + space
                else:
                    lines.append(word)
                    left = room - width
            return lines

        lines = broken(wide)
        while len(lines) > 1 and len(closer := broken(wide - 1)) == len(lines) < len(words):
            lines, wide = closer, wide - 1
        return lines

    def rule(self, middle: float, long: float) -> None:
        self.ln(0.7)
        self.set_line_width(0.2)
        self.line(middle - long / 2, self.get_y(), middle + long / 2, self.get_y())
