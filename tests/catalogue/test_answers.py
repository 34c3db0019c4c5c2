"""Every procedure answers every aspect, names its source, and states nothing its file does not have."""

import re

import pytest

from bot.catalogue.answers import Answers
from bot.catalogue.offices import load_offices, load_other_agencies
from bot.catalogue.wording import Aspect, load_wording
from bot.core import payload
from bot.core.content import ContentError
from tests.catalogue.conftest import DATA


@pytest.mark.parametrize("aspect", Aspect)
def test_every_procedure_answers_with_its_source(catalogue, answers, aspect):
    for procedure in catalogue.procedures.values():
        answer = answers.answer(procedure, aspect, can_file=procedure.form is not None)
        assert 20 < len(answer.text) <= 3500, procedure.id
        assert procedure.name in answer.text
        assert f"{procedure.source.name}, {procedure.source.month}" in answer.text
        assert procedure.law[0] in answer.text
        assert "{" not in answer.text
        assert "None" not in answer.text


@pytest.mark.parametrize("aspect", Aspect)
def test_every_button_fits_telegram_and_can_be_read_back(catalogue, answers, aspect):
    for procedure in catalogue.procedures.values():
        buttons = answers.answer(procedure, aspect, can_file=True).buttons
        assert 0 < len(buttons) <= 6
        assert len({button.payload for button in buttons}) == len(buttons)
        for button in buttons:
            assert len(button.payload.encode()) <= payload.LIMIT
            call = payload.read(button.payload)
            assert call.name in {"Ask", "StartFlow"}
            if call.name == "Ask":
                assert call.args == (Aspect(call.args[0]).value, procedure.id)
                assert call.args[0] != aspect


@pytest.mark.parametrize("aspect", [Aspect.OVERVIEW, Aspect.FEE])
def test_no_answer_names_an_amount_its_file_does_not_have(catalogue, answers, aspect):
    for procedure in catalogue.procedures.values():
        known = procedure.model_dump_json().replace(".", "")
        for amount in re.findall(r"([\d.]+) đồng", answers.answer(procedure, aspect).text):
            assert amount.replace(".", "") in known, (procedure.id, amount)


def test_what_the_source_is_silent_about_is_said_so(catalogue, answers):
    fee = answers.answer(catalogue.get("dang_ky_khai_sinh"), Aspect.FEE).text
    assert "Nguồn chính thức không ghi mức phí; phường sẽ báo khi tiếp nhận." in fee
    time = answers.answer(catalogue.get("dang_ky_ket_hon"), Aspect.TIME).text
    assert "phiếu hẹn" in time
    assert "1 ngày" not in time


def test_the_police_tell_the_fees_of_the_police(catalogue, answers):
    fee = answers.answer(catalogue.get("cap_the_can_cuoc"), Aspect.FEE).text
    assert "công an phường sẽ báo khi tiếp nhận" in fee


def test_ways_that_differ_get_a_line_each(catalogue, answers):
    fee = answers.answer(catalogue.get("dang_ky_thuong_tru"), Aspect.FEE).text
    assert "• Trực tuyến: 10.000 đồng/lần đăng ký" in fee
    assert "• Tại quầy: 20.000 đồng/lần đăng ký" in fee


def test_filing_is_offered_only_when_it_can_be_done(catalogue, answers):
    birth = catalogue.get("dang_ky_khai_sinh")
    filing = "/StartFlow(dang_ky_khai_sinh)"
    assert answers.answer(birth, Aspect.OVERVIEW, can_file=True).buttons[0].payload == filing
    assert filing not in [button.payload for button in answers.answer(birth, Aspect.OVERVIEW).buttons]


def test_certified_copies_offer_an_appointment(catalogue, answers):
    first = answers.answer(catalogue.get("chung_thuc_ban_sao"), Aspect.FEE).buttons[0]
    assert (first.title, first.payload) == ("Hẹn giờ tại quầy", "/StartFlow(hen_chung_thuc_ban_sao)")


def test_a_counted_fee_shows_its_sum_and_its_tariff(catalogue, answers):
    answer = answers.count_fee(catalogue.get("chung_thuc_ban_sao"), 5, 3)
    assert "5 bản, mỗi bản 3 trang: 5 × 5.000 đồng = 25.000 đồng." in answer.text
    assert "tối đa 200.000 đồng/bản" in answer.text
    assert answers.count_fee(catalogue.get("dang_ky_khai_sinh"), 1, 1) is None


def test_police_matters_are_sent_to_the_police(catalogue, answers):
    assert "Công an phường" in answers.answer(catalogue.get("dang_ky_tam_tru"), Aspect.WHERE).text


def test_no_answer_repeats_old_beliefs(catalogue, answers):
    for procedure in catalogue.procedures.values():
        for aspect in Aspect:
            text = answers.answer(procedure, aspect).text
            assert not re.search(r"mức độ [34]|UBND huyện|tỉnh Bình Dương", text), (procedure.id, aspect)


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ('source: "Nguồn: {name}', 'source: "Nguồn: {nam}', "the gap {nam} is not known"),
        ("  way: ", "  wy: ", 'not known here. Did you mean "way"|wy'),
        ('way: "• {way}', 'way: "• {way!r}', "a gap is only a word in braces"),
    ],
)
def test_a_mistake_in_the_wording_is_told(tmp_path, was, becomes, said):
    text = (DATA / "answers.yml").read_text(encoding="utf-8")
    assert was in text
    (tmp_path / "answers.yml").write_text(text.replace(was, becomes, 1), encoding="utf-8")
    with pytest.raises(ContentError, match=said):
        load_wording(tmp_path / "answers.yml")


def test_what_is_not_the_wards_is_named_with_who_handles_it():
    matters = load_other_agencies(DATA / "other_agencies.yml")
    assert {"giay_phep_lai_xe", "ho_chieu", "bao_hiem_xa_hoi", "thue"} <= set(matters)
    assert all(len(matter.text) < 500 for matter in matters.values())


def test_an_office_without_hours_says_nothing_of_hours(catalogue):
    offices = load_offices(DATA / "offices.yml")
    answers = Answers(load_wording(DATA / "answers.yml"), offices)
    where = answers.answer(catalogue.get("dang_ky_khai_sinh"), Aspect.WHERE).text
    assert ("Giờ tiếp nhận" in where) == bool(offices.offices[0].hours)
