"""One dossier: what is shown, the steps, and two officers at once; and its files."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.core.dossier import Slip, Status, moves_from
from bot.core.effects import SupplementDossier
from bot.store.tables import audit, deliveries
from tests.desk.desk_scene import PDF, PNG

BLURRED = "Ảnh giấy tờ bị mờ, anh/chị chụp lại giúp cho rõ"


@pytest.fixture
def dossier(ward):
    return ward.file(papers=(("giấy chứng sinh.png", PNG), ("tờ khai.pdf", PDF)))


def audited(ward) -> list[tuple[str, str]]:
    return ward.keep(
        lambda tx: [
            tuple(row)
            for row in tx.connection.execute(select(audit.c.action, audit.c.subject).order_by(audit.c.id))
        ]
    )


def offered(page: str) -> set[str]:
    return set(re.findall(r'name="to" value="(\w+)"', page))


def move(desk, to: str, seen: int = 0, **fields: str):
    return desk.submit("/desk/dossiers/1/moves", to=to, seen=seen, **fields)


def test_a_dossier_shows_what_was_answered_and_says_who_looked(ward, desk, dossier):
    move(desk, "received")
    page = desk.get("/desk/dossiers/1").text

    for words in (
        "Đăng ký khai sinh",
        "Lê Thị Hoa",
        "0909123456",
        "079196012345",
        "17:00, thứ Hai, 23/11/2026",
    ):
        assert words in page
    assert ("dossier_read", dossier.code) in audited(ward)


@pytest.mark.parametrize("status", list(Status))
def test_only_allowed_steps_are_offered(ward, desk, dossier, status):
    ward.keep(
        lambda tx: tx.dossiers.move(
            tx.dossiers.get(1), status, by=None, note="", now=ward.clock.now, due_at=None
        )
    )

    assert offered(desk.get("/desk/dossiers/1").text) == {str(move.to) for move in moves_from(status)}


def test_a_step_is_kept_and_its_resident_will_be_told(ward, desk, dossier, lan):
    answer = move(desk, "supplement", reason=BLURRED, note="Giấy chứng sinh")
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/dossiers/1?done=1")

    moved = ward.keep(lambda tx: tx.dossiers.get(1))
    assert (moved.status, moved.officer, moved.version) == (Status.SUPPLEMENT, lan.id, 1)
    assert ward.keep(lambda tx: tx.dossiers.history_of(1))[-1].note == f"{BLURRED}. Giấy chứng sinh"
    assert len(ward.keep(lambda tx: tx.connection.execute(select(deliveries.c.key)).all())) == 1
    page = desk.get("/desk/dossiers/1?done=1").text
    assert "Đã ghi: Chờ bổ sung. Người dân sẽ được nhắn qua trang web" in page
    assert page.index("Chị Lan, <time") < page.index("Người dân, <time")


def test_a_reason_is_asked_for_where_the_law_wants_one(ward, desk, dossier):
    answer = move(desk, "not_received", note="  \n ")

    assert answer.status_code == 422
    assert "<title>Lỗi: " in answer.text
    assert 'href="#note-not_received"' in answer.text
    assert 'id="error-not_received"' in answer.text
    assert ward.keep(lambda tx: tx.dossiers.get(1)).version == 0


def test_a_reason_that_is_too_long_is_kept_for_shortening(desk, dossier):
    answer = move(desk, "supplement", note="x" * 1001)

    assert answer.status_code == 422
    assert "dài quá" in answer.text
    assert "x" * 1001 in answer.text


def test_a_forged_template_is_no_reason(desk, dossier):
    assert move(desk, "supplement", reason="lý do tự chế").status_code == 422


def test_whoever_is_second_is_told_who_was_first_and_loses_nothing(ward, desk, minh, dossier):
    move(minh, "received")
    ward.clock.pass_by(timedelta(minutes=1))
    answer = move(desk, "supplement", reason=BLURRED, note="chụp lại mặt sau")

    assert answer.status_code == 409
    assert "“Đã tiếp nhận” – Anh Minh, 09:12 23/11" in answer.text
    assert ">chụp lại mặt sau</textarea>" in answer.text
    assert re.search(rf'value="{BLURRED}" *checked', answer.text)
    assert 'name="seen" value="1"' in answer.text
    assert ward.keep(lambda tx: tx.dossiers.get(1)).status is Status.RECEIVED


def test_what_was_written_is_shown_even_when_nothing_can_be_done_any_more(desk, minh, dossier):
    move(minh, "not_received", note="trùng")
    answer = move(desk, "supplement", note="chụp lại mặt sau")

    assert offered(answer.text) == set()
    assert "chụp lại mặt sau" in answer.text


def test_a_double_click_is_one_step(ward, desk, dossier):
    assert move(desk, "received").status_code == move(desk, "received").status_code == 303
    assert len(ward.keep(lambda tx: tx.dossiers.history_of(1))) == 2


def test_the_same_step_with_another_reason_is_no_double_click(ward, desk, dossier):
    move(desk, "supplement", note="mờ")

    assert move(desk, "supplement", note="thiếu trang hai").status_code == 409


def test_a_step_the_rules_do_not_have_is_refused_in_words(ward, desk, dossier):
    answer = move(desk, "returned")

    assert answer.status_code == 422
    assert "Không chuyển được hồ sơ từ “Mới nộp”" in answer.text


@pytest.mark.parametrize("fields", [{"to": "nonsense", "seen": 0}, {"to": "received", "seen": "x"}, {}])
def test_a_forged_form_finds_nothing(desk, dossier, fields):
    assert desk.submit("/desk/dossiers/1/moves", **fields).status_code == 404
    assert desk.submit("/desk/dossiers/7/moves", to="received", seen=0).status_code == 404


def test_the_timeline_tells_what_the_resident_added(ward, desk, dossier):
    move(desk, "supplement", note="mờ")
    added = SupplementDossier(code=dossier.code, note="Em gửi lại ảnh")
    ward.keep(lambda tx: ward.theirs.supplement(tx, tx.people.get(dossier.person), added, ward.clock.now))
    page = desk.get("/desk/dossiers/1").text

    assert "Người dân đã bổ sung" in page
    assert "Em gửi lại ảnh" in page


def test_papers_are_shown_in_place_and_each_look_is_written_down(ward, desk, dossier):
    page = desk.get("/desk/dossiers/1").text
    picture = re.search(r'<img src="([^"]+)"', page)[1]
    answer = desk.get(picture)

    assert answer.content == PNG
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["content-disposition"].startswith("inline")
    assert answer.headers["content-security-policy"].startswith("sandbox")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    file = picture.rsplit("/", 1)[1]
    assert ("file_read", f"1/{file}") in audited(ward)
    assert desk.get(f"{picture}?save=1").headers["content-disposition"].startswith("attachment")


def test_a_pdf_opens_and_anything_a_browser_cannot_show_is_handed_over(ward, desk, dossier):
    heic = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 64
    ward.file("Trần Văn Bình", papers=(("ảnh.heic", heic),))
    pdf, photo = (ward.keep(lambda tx, n=n: tx.dossiers.files_of(n))[-1].file for n in (1, 2))

    assert desk.get(f"/desk/dossiers/1/files/{pdf}").headers["content-disposition"].startswith("inline")
    assert desk.get(f"/desk/dossiers/2/files/{photo}").headers["content-disposition"].startswith("attachment")
    assert "<img" not in desk.get("/desk/dossiers/2").text


def test_a_file_opens_only_with_its_own_dossier(ward, desk, dossier):
    ward.file("Trần Văn Bình")
    file = ward.keep(lambda tx: tx.dossiers.files_of(1))[0].file

    assert desk.get(f"/desk/dossiers/2/files/{file}").status_code == 404
    assert desk.get(f"/desk/dossiers/1/files/{'0' * 32}").status_code == 404


def test_a_file_that_is_gone_from_the_disk_is_not_found(ward, desk, dossier):
    file = ward.keep(lambda tx: tx.dossiers.files_of(1))[0].file
    ward.blobs.path(file).unlink()

    assert desk.get(f"/desk/dossiers/1/files/{file}").status_code == 404


def test_its_slips_are_listed_apart_from_the_papers_and_open(ward, desk, dossier):
    move(desk, "received")
    kept = ward.blobs.keep("giay-tiep-nhan.pdf", PDF, "application/pdf")

    def noted(tx):
        tx.slips.owe(1, tx.dossiers.history_of(1)[-1].id, Slip.RECEIPT, 1, ward.clock.now)

    def drawn(tx):
        tx.files.keep(dossier.person, (kept,), ward.clock.now)
        assert tx.slips.drawn(tx.slips.undrawn(1)[0].id, kept.file)

    ward.keep(noted)
    assert 'id="slips"' not in desk.get("/desk/dossiers/1").text, "not drawn yet"
    ward.keep(drawn)
    page = desk.get("/desk/dossiers/1").text
    listed = page.split('aria-labelledby="slips"')[1].split("</section>")[0]
    assert "Giấy tiếp nhận" in listed
    assert f"/desk/dossiers/1/files/{kept.file}" in listed
    assert page.count(kept.file) == 1, "it is no paper of the resident's"

    shown = desk.get(f"/desk/dossiers/1/files/{kept.file}")
    assert (shown.content, shown.headers["content-type"]) == (PDF, "application/pdf")
    assert ("file_read", f"1/{kept.file}") in audited(ward)
    ward.file()
    assert desk.get(f"/desk/dossiers/2/files/{kept.file}").status_code == 404


def test_an_apology_with_another_day_is_kept_once_and_the_resident_is_told(ward, desk, dossier):
    move(desk, "received")
    assert "Xin lỗi và hẹn lại" in desk.get("/desk/dossiers/1").text
    sent = {"seen": 1, "day": "2026-11-26", "note": "chờ xác minh"}
    for _ in range(2):  # a double click
        answer = desk.submit("/desk/dossiers/1/due", **sent)
        assert (answer.status_code, answer.headers["location"]) == (303, "/desk/dossiers/1?done=1")

    page = desk.get("/desk/dossiers/1").text
    assert "Xin lỗi và hẹn lại: 17:00, thứ Năm, 26/11/2026" in page
    assert len(ward.keep(lambda tx: tx.dossiers.history_of(1))) == 3
    keys = ward.keep(lambda tx: tx.connection.execute(select(deliveries.c.key)).all())
    assert len(keys) == 2


@pytest.mark.parametrize(
    "sent",
    [{"day": "2026-11-28"}, {"day": "2026-11-20"}, {"day": "mai"}, {"day": ""}, {"note": " "}],
)
def test_a_day_that_cannot_be_or_no_reason_is_told_and_nothing_is_typed_twice(ward, desk, dossier, sent):
    move(desk, "received")
    answer = desk.submit(
        "/desk/dossiers/1/due", **({"seen": 1, "day": "2026-11-26", "note": "chờ xác minh"} | sent)
    )
    assert answer.status_code == 422
    assert sent.get("note", "chờ xác minh").strip() in answer.text
    assert ward.keep(lambda tx: tx.dossiers.get(1)).version == 1


def test_whoever_receives_what_no_source_dates_may_promise_a_day(ward, desk):
    ward.file(procedure="khong_han")
    assert 'name="day"' in desk.get("/desk/dossiers/1").text
    move(desk, "received", day="2026-11-27")
    assert "17:00, thứ Sáu, 27/11/2026" in desk.get("/desk/dossiers/1").text


def test_an_officer_ticks_what_has_to_be_sent_again(ward, desk, dossier):
    page = desk.get("/desk/dossiers/1").text
    assert {"giay_0", "giay_1", "so_dien_thoai"} <= set(re.findall(r'name="again-(\w+)"', page))
    fields = {"again-giay_0": "1", "again-so_dien_thoai": "1", "again-la": "1"}
    assert move(desk, "supplement", **fields).status_code == 303

    step = ward.keep(lambda tx: tx.dossiers.history_of(1))[-1]
    assert set(step.wanted) == {"giay_0", "so_dien_thoai"}
    assert "Số điện thoại" in step.note
