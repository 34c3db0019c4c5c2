"""The ward's own data, read once."""

from pathlib import Path

import pytest

from bot.catalogue.answers import Answers
from bot.catalogue.load import Catalogue, load_catalogue
from bot.catalogue.offices import load_offices
from bot.catalogue.search import Search, load_words
from bot.catalogue.wording import load_wording

DATA = Path(__file__).parents[2] / "data"
FACTS = {
    "ward.name": "phường Bình Hòa",
    "ward.city": "Thành phố Hồ Chí Minh",
    "ward.counter": "Trung tâm Phục vụ hành chính công",
    "ward.address": "ĐT 743C, khu phố Bình Đức 1",
    "ward.hours": "",
    "ward.phone": "",
}


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue(DATA / "procedures")


@pytest.fixture(scope="session")
def answers(catalogue) -> Answers:
    names = {one.id: one.name for one in catalogue.procedures.values()}
    return Answers(
        load_wording(DATA / "answers.yml", FACTS), load_offices(DATA / "offices.yml", FACTS), names
    )


@pytest.fixture(scope="session")
def search(catalogue) -> Search:
    return Search(catalogue, load_words(DATA / "words.yml"))
