"""Huỷ, quay lại, là gì vậy…: understood at once, and never at the cost of a name."""

import pytest

from bot.core.codes import dossier_code
from bot.core.commands import (
    AskStatus,
    Back,
    CallOfficer,
    Cancel,
    CorrectSlot,
    Edit,
    Explain,
    Pause,
    Restart,
    Resume,
    Skip,
    StartFlow,
)
from bot.core.heard import Situation
from bot.understanding.control import control, status_asked


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("huỷ", Cancel()),
        ("Hủy", Cancel()),
        ("huy", Cancel()),
        ("thôi", Cancel()),
        ("dạ thôi ạ", Cancel()),
        ("thoi ko lam nua", Cancel()),
        ("thôi khỏi nha em", Cancel()),
        ("em muốn hủy nha", Cancel()),
        ("cho tui dừng lại", Cancel()),
        ("quay lại", Back()),
        ("quay lai cau truoc", Back()),
        ("bỏ qua", Skip()),
        ("bo qua di", Skip()),
        ("làm lại từ đầu", Restart()),
        ("lam lai", Restart()),
        ("làm tiếp", Resume()),
        ("tiếp tục đi em", Resume()),
        ("để sau", Pause()),
        ("de mai lam tiep", None),
        ("bận rồi, để sau nha", Pause()),
        ("sửa", Edit()),
        ("nhầm rồi", Edit()),
        ("sửa sđt", CorrectSlot("so_dien_thoai")),
        ("là gì vậy", Explain()),
        ("la gi v a", Explain()),
        ("chỗ này ghi sao em", Explain()),
        ("ko hiểu", Explain()),
        ("gặp cán bộ", CallOfficer()),
        ("cho em gặp cb với ạ", CallOfficer()),
        ("hồ sơ của tôi tới đâu rồi", AskStatus()),
        ("hs cua toi toi dau r", AskStatus()),
        ("rút hồ sơ", StartFlow("rut_ho_so")),
        ("cho tui rut lai ho so nha", StartFlow("rut_ho_so")),
        ("dời lịch hẹn giùm em", StartFlow("doi_lich_hen")),
        ("hủy hẹn", StartFlow("huy_lich_hen")),
        ("rút hồ sơ của mẹ tôi được không vậy", None),
        ("Nguyễn Văn Thôi", None),
        ("Trần Văn Huy", None),
        ("Lê Tiếp", None),
        ("Phan Thị Sửa", None),
        ("Nguyễn Bận", None),
        ("thời", None),
        ("Hồ Thị Dừng", None),
        ("khu phố Bình Đức 1", None),
    ],
)
def test_a_word_of_control_is_the_whole_text(words, asked, text, command):
    assert control(words.read(text), asked(), words) == command


def test_the_question_in_hand_can_be_asked_about_by_its_name(words, asked):
    asks_phone = asked("so_dien_thoai", "phone", fits=False)

    assert control(words.read("sdt là gì v"), asks_phone, words) == Explain()
    assert control(words.read("trích lục là gì"), asks_phone, words) is None


def test_only_an_optional_question_is_skipped_with_nothing_to_say(words, asked):
    optional = asked("ghi_chu", "text", required=False)

    assert control(words.read("dạ ko có ạ"), optional, words) == Skip()
    assert control(words.read("dạ ko có ạ"), asked("ghi_chu", "text"), words) is None


def test_words_of_a_form_mean_nothing_outside_of_one(words):
    for text in ("là gì vậy", "làm lại", "sửa ngày sinh", "ko có"):
        assert control(words.read(text), Situation(), words) is None


def test_an_officer_is_met_through_the_flow_for_it_if_there_is_one(words):
    there_is = Situation(triggers={"talk_to_officer": "gap_can_bo"})

    assert control(words.read("gặp cán bộ"), there_is, words) == StartFlow("gap_can_bo")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("H29.118-261123-0004", "H29.118-261123-0004"),
        ("hồ sơ h29.118-261123-0004 tới đâu rồi", "H29.118-261123-0004"),
        ("h29.118 261123 0004", "H29.118-261123-0004"),
        ("H29.118 – 261123 – 0004", "H29.118-261123-0004"),
        ("000.17.15.H09-221003-0004", "000.17.15.H09-221003-0004"),
        ("H09.17.15-221003-00045?", "H09.17.15-221003-00045"),
        ("G22.99.1-261123-0004", "G22.99.1-261123-0004"),
        ("H29.118-261323-0004", None),  # no such month
        ("H29.118-261123-00045678", None),
        ("0909123456", None),
        ("079196001234", None),
    ],
)
def test_a_dossiers_code_is_recognised(text, code):
    assert dossier_code(text) == code


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("H29.118-261123-0004 2345", "2345"),
        ("H29.118-261123-0004, 4 số cuối là 2345", "2345"),
        ("H29.118-261123-0004 2345 hoặc 6789", None),
        ("h29.118 261123 0004 bốn số cuối sđt 2345.", "2345"),
        ("H29.118-261123-0004", None),
        ("H29.118-261123-0004 tới đâu rồi", None),
        ("H29.118-261123-0004 nộp ngày 12/03/2026", None),
        ("H29.118-261123-0004 0901234567", None),
        ("2345 H29.118-261123-0004", None),
        ("H29.118-261123-0004 " + "hồ sơ này tôi nộp lâu lắm rồi mà không thấy ai gọi 2345", None),
    ],
)
def test_four_digits_behind_a_code_are_the_end_of_a_phone_number(text, digits):
    assert status_asked(text) == AskStatus("H29.118-261123-0004", digits)
