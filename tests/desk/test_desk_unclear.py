"""What was not understood, and what officers make of it."""

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from bot.core.intents import INTENTS, OF_A_PROCEDURE
from bot.core.permissions import CONTENT, USUAL
from bot.desk import words
from bot.desk.unclear import GROUPS, PAGE
from bot.services.unclear import Unfit
from bot.store.tables import audit
from bot.store.unclear import Fate
from tests.desk.desk_scene import PROCEDURES, Browser

GOOD = {"step": "label", "text": "cái kia làm sao", "intent": "ask_fee", "procedure": "Đăng ký khai sinh"}


@pytest.fixture
def teacher(ward, app) -> Browser:
    """Chị Tâm's browser, signed in: she may edit content and sees dossiers."""
    ward.officer("tam", "Chị Tâm", USUAL | {CONTENT})
    return Browser(app).recognised(ward.session_of("tam"))


def waiting(page: str) -> list[str]:
    return [unescape(text) for text in re.findall(r'<h2 id="message-\d+">(.*?)</h2>', page)]


def settled(page: str) -> list[str]:
    return [unescape(text) for text in re.findall(r"<p id=\"message-\d+\"><strong>(.*?)</strong>", page)]


def test_every_intent_and_every_mistake_has_its_words():
    assert words.INTENTS.keys() == INTENTS
    assert [intent for _, intents in GROUPS for intent in intents] == list(words.INTENTS)
    assert set(words.UNFIT_LABEL) == set(Unfit)


def test_what_is_asked_most_stands_first_masked_and_with_what_it_was_taken_for(ward, teacher):
    ward.ask("hỏi một lần", "tôi là Nở, 0901234567, cái kia làm sao")
    ward.clock.pass_by(timedelta(minutes=5))
    ward.ask("hỏi sau cùng", "Tôi là Nở 0901234567 cái kia làm sao?")
    page = teacher.get("/desk/unclear").text

    assert waiting(page) == ["tôi là [tên], [số điện thoại], cái kia làm sao", "hỏi sau cùng", "hỏi một lần"]
    assert "2 lần, gần nhất vừa xong. Trợ lý đoán: Hỏi phí, lệ phí (41%); Cấp thẻ căn cước." in page
    assert "1 lần, gần nhất 5 phút trước" in page
    assert "0901" not in page
    assert '<option value="Cấp thẻ căn cước">' in page


def test_the_menu_counts_them_for_whoever_may_label(ward, teacher, desk):
    ward.ask("một", "hai")

    assert '2<span class="unseen"> câu chờ gắn nhãn' in teacher.get("/desk/").text
    assert "Câu chưa hiểu" not in desk.get("/desk/").text


def test_a_label_is_kept_with_its_officer_and_an_audit_line(ward, teacher):
    (row,) = ward.ask("cái kia làm sao")
    answer = teacher.submit(f"/desk/unclear/{row}", **GOOD, page=1)
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/unclear?page=1&done=labelled")

    page = teacher.get(answer.headers["location"]).text
    assert "Đã lưu nhãn" in page
    assert (waiting(page), settled(page)) == ([], ["cái kia làm sao"])
    assert "Hỏi phí, lệ phí</span> Đăng ký khai sinh" in page
    assert "Chị Tâm, vừa xong" in page
    one = ward.keep(lambda tx: tx.unclear.find(row))
    assert (one.label_intent, one.label_procedure) == ("ask_fee", "dang_ky_khai_sinh")
    lines = ward.keep(lambda tx: tx.connection.execute(select(audit.c.action, audit.c.subject)).all())
    assert tuple(lines[-1]) == ("unclear_labelled", f"{row} ask_fee dang_ky_khai_sinh")


@pytest.mark.parametrize(
    ("sent", "procedure"),
    [
        ({"procedure": "dang_ky_khai_sinh"}, "dang_ky_khai_sinh"),
        ({"procedure": " dang ky KHAI sinh "}, "dang_ky_khai_sinh"),
        ({"procedure": "", "of_none": 1}, ""),
        ({"intent": "greet", "procedure": ""}, ""),
        ({"intent": "book_appointment"}, "dang_ky_khai_sinh"),
    ],
)
def test_a_procedure_is_named_by_id_or_name_or_said_to_be_none(ward, teacher, sent, procedure):
    (row,) = ward.ask("cái kia làm sao")

    assert teacher.submit(f"/desk/unclear/{row}", **(GOOD | sent)).status_code == 303
    one = ward.keep(lambda tx: tx.unclear.find(row))
    assert (one.fate, one.label_procedure) == (Fate.LABELLED, procedure)


@pytest.mark.parametrize(
    ("sent", "field", "problem"),
    [
        ({"intent": ""}, "intent", "chọn ý của câu"),
        ({"intent": "forged"}, "intent", "chọn ý của câu"),
        *(
            ({"intent": intent, "procedure": ""}, "procedure", "chọn thủ tục, hoặc đánh dấu")
            for intent in OF_A_PROCEDURE
        ),
        ({"procedure": "Thủ tục không có"}, "procedure", "Không có thủ tục tên như vậy"),
        ({"of_none": 1}, "procedure", "không chọn cả hai"),
        ({"text": "?!"}, "text", "Câu cần có chữ"),
        ({"text": "x" * 401}, "text", "dài quá 400 ký tự"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_typed_twice(
    ward, teacher, sent, field, problem
):
    other, row = ward.ask("câu khác", "cái kia làm sao")
    given = GOOD | {"text": "cái kia sửa rồi"} | sent
    answer = teacher.submit(f"/desk/unclear/{row}", **given)

    assert answer.status_code == 422
    page = unescape(answer.text)
    assert re.search(rf'<a href="#{field}-{row}">[^<]*{problem}', page)
    assert re.search(rf'id="{field}-{row}-error"><span class="unseen">Lỗi: </span>[^<]*{problem}', page)
    assert re.search(
        rf'id="{field}-{row}"[^>]* aria-invalid="true" aria-describedby="{field}-{row}-error"', page
    )
    assert f"-{other}-error" not in page
    assert given["text"] in page
    if given["procedure"]:
        assert f'value="{given["procedure"]}" autocomplete' in page
    if given["intent"] in INTENTS:
        assert f'<option value="{given["intent"]}" selected>' in page
    assert ward.keep(lambda tx: tx.unclear.find(row)).fate is Fate.OPEN


def test_what_was_typed_is_shown_though_its_message_has_moved_to_another_page(ward, teacher):
    (row,) = ward.ask("cái kia làm sao")
    ward.clock.pass_by(timedelta(minutes=1))
    ward.ask(*(f"câu mới số {n}" for n in range(PAGE)))

    assert (
        waiting(teacher.submit(f"/desk/unclear/{row}", **(GOOD | {"intent": ""})).text)[0]
        == "cái kia làm sao"
    )


def test_personal_data_that_was_missed_is_taken_out_for_good(ward, teacher):
    (row,) = ward.ask("cái của bé bông lớp lá")
    teacher.submit(f"/desk/unclear/{row}", **(GOOD | {"text": "  cái của [tên]\r\nlớp lá, gọi 0901234567 "}))

    one = ward.keep(lambda tx: tx.unclear.find(row))
    assert one.text == "cái của [tên] lớp lá, gọi [số điện thoại]"
    assert "bông" not in teacher.get("/desk/unclear").text


def test_a_message_is_passed_over_and_taken_up_again(ward, teacher):
    (row,) = ward.ask("hihi")
    answer = teacher.submit(f"/desk/unclear/{row}", step="aside")
    page = teacher.get(answer.headers["location"]).text
    assert "Đã bỏ qua câu này" in page
    assert (waiting(page), settled(page)) == ([], ["hihi"])

    answer = teacher.submit(f"/desk/unclear/{row}/undo")
    page = teacher.get(answer.headers["location"]).text
    assert "trở lại danh sách chờ" in page
    assert (waiting(page), settled(page)) == (["hihi"], [])
    assert "done=open" in teacher.submit(f"/desk/unclear/{row}/undo").headers["location"]


def test_whoever_is_second_is_told_and_a_double_click_is_none(ward, app, teacher):
    ward.officer("minh", "Anh Minh", frozenset({CONTENT}))
    minh = Browser(app).recognised(ward.session_of("minh"))
    (row,) = ward.ask("cái kia làm sao")

    assert "done=labelled" in teacher.submit(f"/desk/unclear/{row}", **GOOD).headers["location"]
    assert "done=labelled" in teacher.submit(f"/desk/unclear/{row}", **GOOD).headers["location"]
    for sent in (GOOD, GOOD | {"intent": ""}, {"step": "aside"}):
        answer = minh.submit(f"/desk/unclear/{row}", **sent)
        assert "done=already" in answer.headers["location"], sent
    assert "đồng nghiệp xử lý trước" in minh.get(answer.headers["location"]).text


def test_pages_follow_one_another_without_gap_or_repeat(ward, teacher):
    ward.ask(*(f"câu thứ {n} của nhiều câu" for n in range(PAGE + 3)))
    first = teacher.get("/desk/unclear").text
    second = teacher.get(re.search(r'rel="next" href="([^"]+)"', first)[1]).text

    assert len(set(waiting(first) + waiting(second))) == PAGE + 3
    assert 'rel="next"' not in second
    assert waiting(teacher.get("/desk/unclear?page=99").text) == waiting(second)
    for n in ("0", "-1", "x", str(2**70)):
        assert teacher.get(f"/desk/unclear?page={n}").status_code == 404


def test_settled_ones_have_pages_of_their_own(ward, teacher):
    for row in ward.ask(*(f"câu thứ {n} của nhiều câu" for n in range(PAGE + 1))):
        teacher.submit(f"/desk/unclear/{row}", step="aside")
        ward.clock.pass_by(timedelta(seconds=1))
    first = teacher.get("/desk/unclear").text
    second = teacher.get(re.search(r'rel="next" href="([^"#]+)#settled"', first)[1]).text

    assert settled(first)[0] == f"câu thứ {PAGE} của nhiều câu"
    assert len(set(settled(first) + settled(second))) == PAGE + 1
    assert "Không có câu nào chờ gắn nhãn" in second


def test_what_is_not_there_is_not_found(ward, teacher):
    for path in ("/desk/unclear/7", "/desk/unclear/7/undo", f"/desk/unclear/{2**70}"):
        assert teacher.submit(path, **GOOD).status_code == 404


def test_words_are_text_and_never_markup(ward, teacher):
    (row,) = ward.ask("<b>cái</b> <script>alert(1)</script> kia")
    pages = [
        teacher.get("/desk/unclear").text,
        teacher.submit(f"/desk/unclear/{row}", **(GOOD | {"text": "</textarea><script>", "intent": ""})).text,
        teacher.submit(f"/desk/unclear/{row}", **(GOOD | {"procedure": '"><script>'})).text,
    ]

    assert not [page for page in pages if re.search(r"<script>|<b>|</textarea><", page)]
    assert len(PROCEDURES) == pages[0].count("<option value=") - len(INTENTS) - 1
