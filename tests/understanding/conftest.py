"""What the tests of understanding share: the ward's own words, and a citizen in the middle of a form."""

from collections.abc import Callable

import pytest

from bot.core.heard import Collecting, Situation
from bot.core.messages import Incoming
from bot.understanding.words import Words, load_words
from tests.understanding.understanding_scene import LABELS, ROOT


@pytest.fixture(scope="session")
def words() -> Words:
    return load_words(ROOT / "data" / "rules.yml")


@pytest.fixture(scope="session")
def asked() -> Callable[..., Situation]:
    """In the form of khai sinh, with this question in hand."""

    def situation(
        slot: str = "ho_ten_be", type: str = "name", *, fits: bool | None = None, required: bool = True
    ) -> Situation:
        return Situation(
            collecting=Collecting(slot=slot, type=type, required=required, fits=fits),
            flow="dang_ky_khai_sinh",
            labels=LABELS,
            triggers={"report_problem": "phan_anh"},
            forms={"dang_ky_khai_sinh": "dang_ky_khai_sinh", "chung_thuc_ban_sao": "hen_chung_thuc_ban_sao"},
        )

    return situation


@pytest.fixture(scope="session")
def typed() -> Callable[[str], Incoming]:
    def incoming(text: str) -> Incoming:
        return Incoming(channel="web", external_id="1", sender="s", text=text)

    return incoming
