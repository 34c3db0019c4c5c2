"""Whatever comes in, by whichever door: a clear Vietnamese answer, and nothing personal in the log."""

import base64
import html
import json
import socket
from collections.abc import Iterator
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import urlopen

import pytest

from tests.doubles.telegram_api import TelegramDouble
from tests.process.scene import JPEG, Desk, Scene, Staff

HTML_NAME = "<script>alert(1)</script> & Hoa"
SQL_PLACE = "Robert'); DROP TABLE dossiers;-- ngõ 7"
PHONE = "0987654321"
MB = 1024 * 1024


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory, staff: Staff) -> Iterator[Scene]:
    """One process for all bad input: none of it may disturb the next. The log is read at the end."""
    with TelegramDouble() as double:
        scene = Scene(double, tmp_path_factory.mktemp("bad-input"), staff)
        scene.process.start()
        yield scene
        scene.settled(taps=False)
        logged = scene.process.logged
        assert scene.process.end() == 0
        scene.process.close()
        for personal in ("Hoa", "alert(1)", "DROP TABLE", PHONE, "Bitcoin", "😀", "chuyện riêng"):
            assert personal not in logged, personal
        assert "Traceback" not in logged


@pytest.fixture(autouse=True)
def _healthy_after(ward: Scene) -> Iterator[None]:
    yield
    ward.settled(taps=False)
    health = ward.process.health()
    assert health is not None
    assert health["status"] == "ok"


def rest(ward: Scene, message: str, sender: str = "khach", **more: object) -> str:
    status, said = ward.process.post({"sender": sender, "message": message} | more)
    assert status == 200
    assert said
    return "\n".join(one.get("text", "") for one in said)


@pytest.mark.parametrize(
    ("message", "answer"),
    [
        ("", "Tôi chưa nhận được chữ nào"),
        (" \n\t ", "Tôi chưa nhận được chữ nào"),
        ("\0\0", "Tôi chưa nhận được chữ nào"),
        ("chuyện riêng " * 8_000, "Tin này dài quá"),
        ("😀👍🏽", "Tôi chỉ đọc được chữ"),
        ("\u202e\u200f", "Tôi chỉ đọc được chữ"),
        ("/KhongCo(1,2)", "Nút này đã cũ|Tôi chưa hiểu"),
        ("/Move(1,received,0)", "Nút này đã cũ|Tôi chưa hiểu"),
        ("/StartFlow(khong_co)", "Nút này đã cũ|Tôi chưa hiểu|Lúc này chưa nhận"),
        ("/SetSlots(dong_y=true)", "Nút này đã cũ"),
        ("'; DROP TABLE people; --", "Tôi chưa hiểu|Có phải anh/chị cần"),
    ],
    ids=["empty", "blank", "null", "100kB", "emoji", "rtl", "unknown", "officers", "flow", "stale", "sql"],
)
def test_a_message_nobody_would_expect(ward: Scene, message: str, answer: str) -> None:
    by_rest = rest(ward, message)
    assert any(words in by_rest for words in answer.split("|")), by_rest
    if message.strip(" \n\t\0") and len(message) <= 4096:  # Telegram takes no other
        ward.hoa.says(message)
        ward.settled(taps=False)
        by_telegram = ward.newest()
        assert any(words in by_telegram for words in answer.split("|")), by_telegram


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff\xfe\x00", 400),
        (b"[" * 10_000 + b"]" * 10_000, 400),
        (b'{"sender":"a","message":' + b'{"a":' * 10_000 + b"1" + b"}" * 10_001, 400),
        (b'{"sender":"a","message":"hi","metadata":{"x":' + b"[" * 10_000 + b"]" * 10_000 + b"}}", 400),
        (b'{"message":"xin ch\xc3\xa0o"}', 400),
        (b'{"sender":"' + b"a" * 500 + b'","message":"x"}', 400),
        (b'{"sender":"a","message":{"text":"x"}}', 400),
        (b'{"sender":"a","message":"x","attachments":[{"data":"!!"}]}', 400),
    ],
    ids=[
        "empty",
        "half",
        "binary",
        "deep",
        "deep-message",
        "deep-rest",
        "nobody",
        "long-name",
        "shape",
        "base64",
    ],
)
def test_a_body_that_is_no_message(ward: Scene, body: bytes, status: int) -> None:
    answered, said = ward.process.post(body)
    assert answered == status
    assert "Yêu cầu không đúng dạng nên chưa đọc được" in said[0]["text"]


def test_a_60_mb_file_over_rest(ward: Scene) -> None:
    body = b'{"sender":"a","message":"","attachments":[{"name":"a.pdf","data":"' + b"A" * (80 * MB) + b'"}]}'
    status, said = ward.process.post(body)
    assert status == 413
    assert "Tệp quá lớn" in said[0]["text"]


def test_a_client_that_hangs_up_in_the_middle(ward: Scene) -> None:
    before = ward.process.logged.count("Traceback")
    with socket.create_connection(("127.0.0.1", ward.process.port)) as line:
        line.sendall(
            b"POST /webhooks/rest/webhook HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99\r\n\r\n{"
        )
    assert "Tôi chưa nhận được chữ nào" in rest(ward, "")
    assert ward.process.logged.count("Traceback") == before


def test_a_60_mb_document_on_telegram(ward: Scene) -> None:
    citizen = ward.double.citizen("Khách")
    big = {"file_id": "documents-file_9", "file_unique_id": "u9", "file_name": "don.pdf"}
    person = {"id": citizen.id, "is_bot": False, "first_name": "Khách"}
    ward.double.push(
        "message",
        {
            "message_id": 9_000_001,
            "from": person,
            "chat": {"id": citizen.id, "type": "private", "first_name": "Khách"},
            "date": 1_790_000_000,
            "document": big | {"mime_type": "application/pdf", "file_size": 60 * MB},
        },
    )
    ward.settled(taps=False)
    (answer,) = citizen.got()
    assert "lớn" in answer["text"], answer["text"]


@pytest.mark.parametrize(
    ("day", "answer"),
    [
        ("31/02/2026", "Ngày 31/02/2026 không có trong lịch"),
        ("29/02/2025", "không có trong lịch"),
        ("01/01/2099", "chưa tới"),
        ("99/99/9999", "không có trong lịch|Tôi chưa đọc được ngày"),
        ("ngày mai kia", "chưa tới|Tôi chưa đọc được ngày"),
        ("01/01/1500", "xa quá|Tôi chưa đọc được ngày"),
        ("tháng 11/2026", "viết đủ ngày, tháng, năm"),
    ],
)
def test_a_wrong_date(ward: Scene, day: str, answer: str) -> None:
    sender = f"ngay-{day}"
    for step in ("/StartFlow(dang_ky_khai_sinh)", "/SetSlots(dong_y=true)"):
        rest(ward, step, sender)
    assert "Bé sinh ngày nào" in rest(ward, "Nguyễn Thị An Nhiên", sender)
    told = rest(ward, day, sender)
    assert any(words in told for words in answer.split("|")), told


def test_sql_and_html_stay_words(ward: Scene) -> None:
    """A report with both: told back as written, kept as written, and harmless on the desk."""
    said = ""
    for step in (
        "/StartFlow(phan_anh)",
        "/SetSlots(dong_y=true)",
        "/SetSlots(linh_vuc=den)",
        f"{HTML_NAME} báo đèn hỏng",
        SQL_PLACE,
        "/Skip",
        "/Skip",
        PHONE,
    ):
        said = rest(ward, step, "kẻ 'phá' <b>")
    assert f"{HTML_NAME} báo đèn hỏng" in said
    assert SQL_PLACE in said
    told = rest(ward, "/SetSlots(kiem_tra=true)", "kẻ 'phá' <b>")
    assert "Đã nhận phản ánh, mã " in told
    ((number, form),) = ward.rows("SELECT id, form FROM dossiers")
    kept = [answer["value"] for answer in json.loads(form)]
    assert f"{HTML_NAME} báo đèn hỏng" in kept
    assert SQL_PLACE in kept

    desk = Desk(ward.process)
    desk.sign_in("lan", ward.staff.lan)
    page = desk.page(f"/dossiers/{number}")
    assert "<script>alert" not in page
    assert html.escape(HTML_NAME, quote=False) in page
    assert SQL_PLACE in html.unescape(page)


def test_a_file_is_shown_to_whoever_sent_it_and_to_nobody_else(ward: Scene) -> None:
    for step in ("/StartFlow(phan_anh)", "/SetSlots(dong_y=true)", "/SetSlots(linh_vuc=rac)"):
        rest(ward, step, "chủ ảnh")
    photo = {"name": "anh.jpg", "mime": "image/jpeg", "data": base64.b64encode(JPEG).decode()}
    rest(ward, "", "chủ ảnh", attachments=[photo])
    ((file,),) = ward.rows("SELECT id FROM files WHERE mime = 'image/jpeg'")
    seen = {}
    for sender in ("chủ ảnh", "người lạ", ""):
        asked = f"{ward.process.url}/webhooks/rest/files/{file}?sender={quote(sender)}"
        try:
            with urlopen(asked, timeout=10) as answer:
                seen[sender] = answer.read() == JPEG
        except HTTPError as error:
            error.close()
            seen[sender] = error.code
    assert seen == {"chủ ảnh": True, "người lạ": 404, "": 404}


def test_an_officers_button_in_the_hands_of_a_resident_does_nothing(ward: Scene) -> None:
    """Forged in a private chat, in a group that is not ours, and in ours by somebody who is no officer."""
    ward.settled(taps=False)
    before = ward.rows("SELECT id, status, version FROM dossiers")
    ward.hoa.says("xin chào")
    ward.settled(taps=False)
    private = ward.hoa.taps("/Move(1,received,0)", forged=True)
    ward.settled(taps=False)
    assert "Nút này đã cũ" in ward.newest() or "chưa hiểu" in ward.newest()

    elsewhere = ward.double.group("Nhóm khác")
    ward.lan.says("chào cả nhà", chat=elsewhere)
    ward.lan.taps("/Move(1,received,0)", chat=elsewhere, forged=True)
    ward.minh.says("chào cả nhà", chat=ward.group)
    in_ours = [
        ward.minh.taps(payload, chat=ward.group, forged=True)
        for payload in ("/Move(1,received,0)", "/Card(1)", "/Reason(1,supplement,0)", "rác", "/Move(")
    ]
    ward.settled(taps=False)
    assert ward.double.said(elsewhere) == []
    assert ward.notice(private) == ""
    assert "chưa gắn với cán bộ nào" in ward.notice(in_ours[0])
    assert ward.rows("SELECT id, status, version FROM dossiers") == before


@pytest.mark.parametrize(
    "payload",
    [
        "/Move(99,received,0)",
        "/Move(-1,x,y)",
        "/Move(1,xong,0)",
        "/Card(1e9)",
        "/Reason(9,done,0)",
        "/Move(1,1)",
    ],
)
def test_an_officer_with_a_button_that_never_was(ward: Scene, payload: str) -> None:
    ward.lan.says("chào cả nhà", chat=ward.group)
    tap = ward.lan.taps(payload, chat=ward.group, forged=True)
    ward.settled()
    assert ward.notice(tap)
    assert ward.rows("SELECT count(*) FROM dossiers WHERE status != 'new'") == [(0,)]


def test_updates_of_any_shape_do_not_stop_the_polling(ward: Scene) -> None:
    for kind, body in (
        ("message", {}),
        ("message", {"from": {"id": "x"}, "chat": 7}),
        (
            "message",
            {"message_id": 1, "from": {"id": 10**30}, "chat": {"id": 1, "type": "private"}, "text": "a"},
        ),
        ("callback_query", {"id": 5, "from": {}, "data": None}),
        ("my_chat_member", {"chat": {}}),
    ):
        ward.double.push(kind, body)
    after = ward.hoa.says("xin chào")["message_id"]
    ward.hoa.reads("chào anh/chị", after=after)
