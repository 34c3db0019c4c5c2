"""Counts a fee that is charged by the page, from the tariff in the procedure's file."""

from dataclasses import dataclass

from bot.core.procedure import Procedure, Tariff


@dataclass(frozen=True, slots=True)
class Counted:
    """What so many copies of so many pages cost, in đồng."""

    copies: int
    pages: int
    each: int
    total: int


def fee_for(procedure: Procedure, copies: int, pages: int) -> Counted | None:
    """The fee for `copies` copies of a paper of `pages` pages; None if it has no tariff by the page."""
    if procedure.tariff is None:
        return None
    if copies < 1 or pages < 1:
        raise ValueError("copies and pages are counted from 1")
    each = _one_copy(procedure.tariff, pages)
    return Counted(copies, pages, each, copies * each)


def _one_copy(tariff: Tariff, pages: int) -> int:
    ends = [band.from_page for band in tariff.bands[1:]] + [pages + 1]
    total = sum(
        band.price * max(0, min(end, pages + 1) - band.from_page)
        for band, end in zip(tariff.bands, ends, strict=True)
    )
    return total if tariff.cap is None else min(total, tariff.cap)
