"""The fee of certified copies is counted from the tariff in the file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.fees import fee_for
from bot.core.procedure import Procedure, Tariff


@pytest.mark.parametrize(
    ("copies", "pages", "total"),
    [(1, 1, 2_000), (1, 2, 4_000), (1, 3, 5_000), (5, 3, 25_000), (1, 198, 200_000), (2, 500, 400_000)],
)
def test_certified_copies_cost_what_the_law_says(catalogue, copies, pages, total):
    counted = fee_for(catalogue.get("chung_thuc_ban_sao"), copies, pages)
    assert counted.total == total


def test_a_procedure_without_tariff_has_nothing_to_count(catalogue):
    assert fee_for(catalogue.get("dang_ky_khai_sinh"), 1, 1) is None


def test_nobody_copies_nothing(catalogue):
    with pytest.raises(ValueError, match="counted from 1"):
        fee_for(catalogue.get("chung_thuc_ban_sao"), 0, 1)


@given(st.lists(st.integers(2, 50), max_size=4, unique=True), st.integers(1, 80), st.data())
def test_counting_by_bands_is_counting_page_by_page(starts, pages, data):
    starts = [1, *sorted(starts)]
    prices = data.draw(st.lists(st.integers(0, 9), min_size=len(starts), max_size=len(starts)))
    bands = [{"from_page": start, "price": price} for start, price in zip(starts, prices, strict=True)]
    procedure = Procedure.model_construct(tariff=Tariff.model_validate({"bands": bands}))
    by_page = sum(
        next(band["price"] for band in reversed(bands) if band["from_page"] <= page)
        for page in range(1, pages + 1)
    )
    assert fee_for(procedure, 1, pages).each == by_page
