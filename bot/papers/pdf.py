"""A PDF: can it be opened, how many pages has it, is an identity card on one of them?

It is kept as it is: what it says of its maker and what it would like to run is left to whoever opens it.
"""

import ctypes
import time
from threading import Lock

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from bot.core.errors import FileRefused
from bot.core.messages import IdCard
from bot.papers.codes import card_on
from bot.papers.kind import PDF
from bot.papers.looked import Limits, Looked

#: PDFium is not made for two threads at once.
_alone = Lock()
#: Copies of cards come first in what people scan; looking for them ends here.
_PAGES = 4
_SECONDS = 3.0
#: Dots on the longer side of a page.
_SIDE = 2400


def look(content: bytes, limits: Limits) -> Looked:
    """FileRefused: ``locked`` with a password, ``unreadable``, or too many ``pages``."""
    with _alone:
        try:
            document = pypdfium2.PdfDocument(content)
        except pypdfium2.PdfiumError as error:
            locked = error.err_code == pdfium.FPDF_ERR_PASSWORD
            raise FileRefused("locked" if locked else "unreadable", str(error)) from error
        try:
            pages = len(document)
            if not pages:
                raise FileRefused("unreadable", "PDF: no pages")
            if pages > limits.max_pages:
                raise FileRefused("pages", str(pages))
            return Looked(mime=PDF, content=content, pages=pages, card=_card_in(document, pages))
        finally:
            document.close()


def _card_in(document: pypdfium2.PdfDocument, pages: int) -> IdCard | None:
    until = time.monotonic() + _SECONDS
    for number in range(min(pages, _PAGES)):
        try:
            grey = _render(document, number, until)
        except pypdfium2.PdfiumError as error:
            if number == 0:
                # Whose first page does not open is no paper.
                raise FileRefused("unreadable", str(error)) from error
            continue
        if grey is None:
            return None
        if (card := card_on(grey)) is not None:
            return card
    return None


def _render(document: pypdfium2.PdfDocument, number: int, until: float) -> Image.Image | None:
    """The page in grey; None if it takes longer than that."""
    page = document[number]
    try:
        width, height = page.get_size()
        scale = _SIDE / max(width, height, 1)
        size = max(1, min(_SIDE, round(width * scale))), max(1, min(_SIDE, round(height * scale)))
        bitmap = pypdfium2.PdfBitmap.new_native(*size, pdfium.FPDFBitmap_Gray)
        try:
            bitmap.fill_rect((255, 255, 255, 255), 0, 0, *size)
            pause = pdfium.IFSDK_PAUSE(version=1)
            pause.NeedToPauseNow = type(pause.NeedToPauseNow)(lambda _: time.monotonic() > until)
            flags = pdfium.FPDF_ANNOT | pdfium.FPDF_GRAYSCALE
            state = pdfium.FPDF_RenderPageBitmap_Start(
                bitmap.raw, page.raw, 0, 0, *size, 0, flags, ctypes.byref(pause)
            )
            pdfium.FPDF_RenderPage_Close(page.raw)
            if state == pdfium.FPDF_RENDER_FAILED:
                raise pypdfium2.PdfiumError("a page cannot be drawn")
            if state != pdfium.FPDF_RENDER_DONE:
                return None
            drawn: Image.Image = bitmap.to_pil()
            return drawn.copy()
        finally:
            bitmap.close()
    finally:
        page.close()
