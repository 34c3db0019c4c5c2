"""What is said: every status has its words, every mistake its line, every procedure an answer."""

import pytest
import yaml

from bot.config import ROOT
from bot.core import payload
from bot.core.content import ContentError
from bot.core.dossier import NEEDS_REASON, Status
from bot.services.knowledge import load_sayings
from bot.services.wording import load_words, say
from tests.services.services_scene import content, titles

DOSSIERS = ROOT / "data" / "dossiers.yml"


def test_every_status_has_its_words_and_every_needed_reason_a_template():
    words = load_words(DOSSIERS)

    assert set(words.statuses) == set(Status)
    assert all(words.reasons[status] for status in NEEDS_REASON)
    assert all(words.statuses[status].notice for status in Status if status is not Status.NEW)


def test_mistakes_in_the_words_are_all_named_with_their_line(tmp_path):
    text = (
        DOSSIERS.read_text(encoding="utf-8")
        .replace("Lý do: {ly_do}", "Lý do: {lydo}", 1)
        .replace("/CallOfficer", "Gặp!", 1)
    )
    broken = tmp_path / "dossiers.yml"
    broken.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError) as error:
        load_words(broken)

    for problem, wrong in zip(error.value.problems, ("{lydo}", "Gặp!"), strict=True):
        assert wrong in problem.message
        assert wrong in text.splitlines()[problem.line - 1]


def test_a_saying_that_is_missing_or_has_a_wrong_button_is_named(tmp_path):
    sayings = yaml.safe_load((ROOT / "data" / "sayings.yml").read_text(encoding="utf-8"))
    del sayings["error"]
    sayings["help"]["buttons"][0]["payload"] = f"/Say({'a' * 80})"
    broken = tmp_path / "sayings.yml"
    broken.write_text(yaml.safe_dump(sayings, allow_unicode=True), encoding="utf-8")
    with pytest.raises(ContentError) as error:
        load_sayings(broken)

    assert '"error" is missing' in str(error.value)
    assert "64 bytes" in str(error.value)


def test_a_sentence_is_filled_in_and_what_is_not_given_stays_out():
    assert say("{a} · {ward.name} · {b}{ward.x}", a="1", **{"ward.name": "Bình Hòa"}) == "1 · Bình Hòa ·"
    assert say("{a}", a="{ward.name} {0} {") == "{ward.name} {0} {"


async def test_a_fee_is_counted_from_the_copies_and_pages_in_the_text(world):
    def fee(text: str) -> str:
        return world.knowledge.ask("fee", "chung_thuc_ban_sao", text)[0].text

    counted = {text: fee(text) for text in ("sao y 2 bản 3 trang", "2 ban moi ban 3 trang", "3 trang 2 bộ")}
    assert len(set(counted.values())) == 1
    assert fee("sao y bao nhiêu") not in counted.values()
    assert "{" not in fee("999 bản 999 trang")


async def test_clarify_offers_what_can_be_filed_and_shows_the_rest(world):
    ids = ("dang_ky_khai_sinh", "tiep_cong_dan", "khong_co")
    asked, starting = (world.knowledge.clarify(aspect, ids) for aspect in ("fee", "start"))

    assert [button.payload for button in asked.buttons][:2] == [
        "/Ask(fee,dang_ky_khai_sinh)", "/Ask(fee,tiep_cong_dan)",
    ]  # fmt: skip
    assert [button.payload for button in starting.buttons][:2] == [
        "/StartFlow(dang_ky_khai_sinh)", "/Ask(overview,tiep_cong_dan)",
    ]  # fmt: skip


async def test_what_is_found_can_be_tapped_and_what_is_not_found_is_none(world):
    found = world.knowledge.find("giay khai sinh")

    assert found is not None
    assert "Đăng ký khai sinh" in titles(found)
    assert world.knowledge.find("zzz qqq") is None


async def test_an_unknown_name_aspect_or_procedure_gets_help(world):
    help_ = world.knowledge.say("help")

    assert world.knowledge.say("khong_co") == help_
    assert world.knowledge.ask("khong_co", "dang_ky_khai_sinh") == (help_,)
    assert world.knowledge.ask("fee", "khong_co") == (help_,)


async def test_what_the_ward_has_not_told_us_is_said_to_be_unknown(world):
    assert world.knowledge._sayings["unknown_fact"].text in world.knowledge.say("ask_hours").text


async def test_every_button_of_every_saying_fits_and_is_a_payload(world):
    for name in content().sayings:
        for button in world.knowledge.say(name).buttons:
            assert payload.read(button.payload), (name, button)
            assert len(button.payload.encode()) <= payload.LIMIT
