"""Every procedure answers every aspect, names its source, and states nothing its file does not have."""

import re

import pytest

from bot.catalogue.answers import PARTS as PART_OF
from bot.catalogue.answers import Answers
from bot.catalogue.offices import load_offices, load_other_agencies
from bot.catalogue.wording import Aspect, load_wording
from bot.channels.telegram import TEXT
from bot.channels.text import split
from bot.core import payload
from bot.core.content import ContentError
from tests.catalogue.conftest import DATA, FACTS

#: Of the chat platforms we know, Zalo's official accounts take the fewest letters.
SHORTEST_LIMIT = 2000


def every_part(answers, procedure, aspect):
    """All parts of one answer, as somebody reads them who taps "Xem tiếp" to the end."""
    first = answers.answer(procedure, aspect)
    told = [first]
    while told[-1].more:
        told.append(answers.answer(procedure, aspect, part=len(told) + 1))
        assert len(told) < 20
    return told


@pytest.mark.parametrize("aspect", Aspect)
def test_every_procedure_answers_with_its_source(catalogue, answers, aspect):
    for procedure in catalogue.procedures.values():
        source = procedure.source_of(PART_OF.get(aspect))
        for answer in every_part(answers, procedure, aspect):
            assert len(answer.text) > 20, procedure.id
            assert procedure.name in answer.text
            assert f"{source.name}, {source.month}" in answer.text
            assert not procedure.law or procedure.law[0] in answer.text
            assert "{" not in answer.text
            assert "None" not in answer.text


@pytest.mark.parametrize("aspect", Aspect)
def test_every_answer_is_one_message_on_every_channel(catalogue, answers, aspect):
    for procedure in catalogue.procedures.values():
        told = every_part(answers, procedure, aspect)
        for answer in told:
            assert len(answer.text) <= SHORTEST_LIMIT, (procedure.id, aspect)
            assert split(answer.text, TEXT) == [answer.text]
        whole = "\n".join(answer.text for answer in told)
        for line in answers._aspects[aspect](procedure).splitlines():
            assert line in whole, "no line is lost or cut"


def test_what_a_file_claims_is_told_and_what_it_leaves_open_is_said_to_be_open(catalogue, answers):
    for procedure in catalogue.procedures.values():
        papers = "".join(one.text for one in every_part(answers, procedure, Aspect.DOCUMENTS))
        assert all(paper.name in papers for paper in procedure.papers), procedure.id
        steps = "".join(one.text for one in every_part(answers, procedure, Aspect.STEPS))
        assert all(step in steps for step in procedure.steps), procedure.id
        laws = "".join(one.text for one in every_part(answers, procedure, Aspect.LEGAL))
        assert all(law in laws for law in procedure.law), procedure.id
        who = "".join(one.text for one in every_part(answers, procedure, Aspect.ELIGIBILITY))
        assert all(one in who for one in (*procedure.applicants, *procedure.conditions)), procedure.id
        for aspect, part in PART_OF.items():
            if part in procedure.not_looked_up and aspect not in (Aspect.WHERE, Aspect.ELIGIBILITY):
                text = answers.answer(procedure, aspect).text
                assert re.search("chưa có nguồn|chưa tra được", text), (procedure.id, aspect)


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
                asked, whose, *part = call.args
                assert whose == procedure.id or whose in procedure.related
                if whose != procedure.id:
                    continue
                assert (asked == aspect) == bool(part), "only a further part leads to the same aspect"


@pytest.mark.parametrize("aspect", Aspect)
def test_no_answer_states_an_amount_or_a_time_its_file_does_not_have(catalogue, answers, aspect):
    stated = re.compile(r"(\d[\d.]*) (?:đồng|ngày|giờ|tháng|năm|tuần)")
    for procedure in catalogue.procedures.values():
        known = procedure.model_dump_json().replace(".", "")
        for answer in every_part(answers, procedure, aspect):
            for number in stated.findall(answer.text):
                assert re.search(rf"(?<!\d){number.replace('.', '')}(?!\d)", known), (procedure.id, number)


@pytest.mark.parametrize("part", [-1, 0, 99])
def test_a_part_that_does_not_exist_is_the_nearest_one(catalogue, answers, part):
    birth = catalogue.get("dang_ky_khai_sinh")
    assert birth.name in answers.answer(birth, Aspect.DOCUMENTS, part=part).text


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


def test_other_cases_lead_to_related_procedures(catalogue, answers):
    buttons = answers.answer(catalogue.get("dang_ky_ket_hon"), Aspect.QUESTIONS).buttons
    assert "/Ask(overview,ket_hon_co_yeu_to_nuoc_ngoai)" in [one.payload for one in buttons]


def test_a_fee_by_the_copy_is_counted(catalogue, answers):
    extract = catalogue.get("cap_ban_sao_trich_luc_ho_tich")
    assert "3 bản: 3 × 8.000 đồng = 24.000 đồng." in answers.count_fee(extract, 3, 1).text


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
        load_wording(tmp_path / "answers.yml", FACTS)


def test_what_is_not_the_wards_is_named_with_who_handles_it():
    matters = load_other_agencies(DATA / "other_agencies.yml")
    assert {"giay_phep_lai_xe", "ho_chieu", "bao_hiem_xa_hoi", "thue"} <= set(matters)
    assert all(len(matter.text) < 500 for matter in matters.values())


def test_an_office_without_hours_says_nothing_of_hours(catalogue):
    offices = load_offices(DATA / "offices.yml", FACTS)
    answers = Answers(load_wording(DATA / "answers.yml", FACTS), offices, {})
    where = answers.answer(catalogue.get("dang_ky_khai_sinh"), Aspect.WHERE).text
    assert ("Giờ tiếp nhận" in where) == bool(offices.offices[0].hours)
