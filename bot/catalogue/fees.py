"""Counts a fee that is charged by the page or by the copy, from what the procedure's file states."""

from dataclasses import dataclass

from bot.core.procedure import FeeState, Procedure, Tariff

#: The unit of a fee that is charged by the copy.
COPY = "bản"


@dataclass(frozen=True, slots=True)
class Counted:
    """What so many copies cost, in đồng."""

    copies: int
    #: Of one copy; None where the pages do not matter.
    pages: int | None
    each: int
    total: int


def fee_for(procedure: Procedure, copies: int, pages: int) -> Counted | None:
    """The fee for `copies` copies of a paper of `pages` pages; None if it is not charged by page or copy."""
    if copies < 1 or pages < 1:
        raise ValueError("copies and pages are counted from 1")
    if procedure.tariff is None:
        each = _by_the_copy(procedure)
        return None if each is None else Counted(copies, None, each, copies * each)
    each = _one_copy(procedure.tariff, pages)
    return Counted(copies, pages, each, copies * each)


def _one_copy(tariff: Tariff, pages: int) -> int:
    ends = [band.from_page for band in tariff.bands[1:]] + [pages + 1]
    total = sum(
        band.price * max(0, min(end, pages + 1) - band.from_page)
        for band, end in zip(tariff.bands, ends, strict=True)
    )
    return total if tariff.cap is None else min(total, tariff.cap)


def _by_the_copy(procedure: Procedure) -> int | None:
    """The price of one copy, if every way of filing that names a price names this one."""
    known = [way.fee for way in procedure.ways if way.fee.state is FeeState.KNOWN]
    prices = {fee.amount for fee in known if fee.unit == COPY}
    return prices.pop() if len(prices) == 1 and all(fee.unit == COPY for fee in known) else None
