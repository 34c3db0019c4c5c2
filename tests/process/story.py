"""The whole way of one dossier, step by step. After each `yield` everything is answered and sent, and the
process may have died in between: whoever plays the story decides that."""

import re
from collections.abc import Iterator
from typing import TypeAlias

from tests.process.scene import JPEG, Desk, Scene

QUESTION = "làm giấy khai sinh cho con cần giấy tờ gì"


#: After each step: all that everybody has before them.
Told: TypeAlias = list[tuple[str, list[str]]]


def whole_way(scene: Scene) -> Iterator[str]:
    yield from asking(scene)
    yield from filling_in(scene)
    code = code_of(scene)
    yield from taking_up(scene, code)
    yield from supplementing(scene, code)
    yield from finishing(scene, code)


def asking(scene: Scene) -> Iterator[str]:
    hoa = scene.hoa
    hoa.says(QUESTION)
    yield "câu hỏi"
    if "Anh/chị cần việc nào ạ?" in scene.newest():  # word search is not as sure as Rasa
        hoa.taps("Đăng ký khai sinh")
        yield "chọn thủ tục"
    assert "Giấy chứng sinh" in scene.newest()
    assert "Nguồn: Cổng Dịch vụ công quốc gia, 07/2026" in scene.newest()
    hoa.says("bao lâu có")
    yield "hỏi tiếp"
    assert scene.newest().startswith("Đăng ký khai sinh – thời gian giải quyết")


def filling_in(scene: Scene) -> Iterator[str]:
    hoa = scene.hoa
    hoa.taps("Nộp hồ sơ")
    yield "bắt đầu"
    hoa.taps("Đồng ý")
    yield "đồng ý"
    for answer, asked in (
        ("Nguyễn Thị An Nhiên", "Bé sinh ngày nào"),
        ("31/02/2026", "Ngày 31/02/2026 không có trong lịch"),
        ("05/11/2026", "Bé trai hay bé gái"),
        ("bé gái", "Bé sinh ở đâu"),
        ("Bệnh viện Từ Dũ, TP. Hồ Chí Minh", "Anh/chị là gì của bé"),
        ("/SetSlots(quan_he=me)", "đăng ký kết hôn chưa"),
        ("/SetSlots(cha_me=chi_me)", "Dân tộc của bé"),
        ("Kinh", "Quê quán"),
        ("phường Bình Hòa", "tên của mẹ"),
        ("Lê Thị Hoa", "Số căn cước"),
        ("/Skip", "Ngày sinh của mẹ"),
        ("12/03/1996", "Dân tộc của mẹ"),
        ("Kinh", "Nơi cư trú của mẹ"),
        ("12 đường số 3, khu phố Bình Đức 1, phường Bình Hòa", "Số điện thoại"),
        ("không chín không một", "Tôi chưa thấy số điện thoại|Số di động"),
        ("0901234567", "mấy bản sao"),
        ("2", "Giấy chứng sinh"),
    ):
        if answer.startswith("/"):
            hoa.taps(answer)
        else:
            hoa.says(answer)
        yield answer
        assert re.search(asked, scene.newest()), scene.newest()
    hoa.sends_photo(JPEG)
    yield "ảnh"
    assert "Đã nhận 1 ảnh" in scene.newest()
    hoa.taps("Xong")
    yield "xong ảnh"
    assert "Điện thoại: 0901 234 567" in scene.newest()
    hoa.taps("Sửa")
    yield "sửa"
    hoa.taps("Điện thoại")
    yield "sửa số điện thoại"
    hoa.says("0912 345 678")
    yield "số mới"
    assert "Điện thoại: 0912 345 678" in scene.newest()
    hoa.taps("Nộp")
    yield "nộp"


def heard(scene: Scene, words: str) -> bool:
    """Was this told to the resident? A notice and its slip come one after the other."""
    told = scene.double.said(scene.hoa.id)
    return any(words in (one.get("text") or one.get("caption") or "") for one in told)


def code_of(scene: Scene) -> str:
    found = [re.search(r"Mã hồ sơ (\S+)\.", message.get("text", "")) for message in scene.hoa.got()]
    codes = [one[1] for one in found if one]
    assert len(codes) == 1, codes
    return codes[0]


def taking_up(scene: Scene, code: str) -> Iterator[str]:
    group = scene.group
    card = scene.double.said(group)[0]
    assert card["text"].startswith(f"Hồ sơ mới {code}")
    assert "Lê Thị H. · 1 tệp" in card["text"]  # who files, not what she calls herself on Telegram
    old = next(
        key["callback_data"]
        for row in card["reply_markup"]["inline_keyboard"]
        for key in row
        if key["text"] == "Nhận xử lý"
    )
    stranger = scene.minh.taps(old, card, chat=group)
    yield "người chưa gắn tài khoản bấm"
    assert "chưa gắn với cán bộ nào" in scene.notice(stranger)
    desk = Desk(scene.process)
    desk.sign_in("minh", scene.staff.minh)
    page = desk.send("/account/link-code")
    link = re.search(r"/ketnoi \w+", page)
    assert link
    scene.minh.says(link[0])
    yield "gắn tài khoản"
    assert scene.newest(scene.minh.id) == "Đã gắn tài khoản này với anh Minh."

    first = scene.lan.taps(old, card, chat=group)
    yield "nhận xử lý"
    assert scene.notice(first) == "Đã ghi: Đã tiếp nhận."
    card = scene.double.said(group)[0]
    assert "Đã tiếp nhận – chị Lan" in card["text"]
    assert heard(scene, f"Hồ sơ {code} (Đăng ký khai sinh) đã được chị Lan tiếp nhận.")
    assert heard(scene, f"Giấy tiếp nhận hồ sơ và hẹn trả kết quả của hồ sơ {code}.")
    second = scene.minh.taps(old, card, chat=group, forged=True)
    yield "người thứ hai bấm nút cũ"
    assert f"Hồ sơ {code} đã được chuyển sang “Đã tiếp nhận” – chị Lan" in scene.notice(second)


def supplementing(scene: Scene, code: str) -> Iterator[str]:
    group = scene.group
    scene.minh.taps("Yêu cầu bổ sung", chat=group)
    yield "yêu cầu bổ sung"
    scene.minh.taps("Lý do khác…", chat=group)
    yield "lý do khác"
    asked = scene.double.said(group)[-1]
    assert "Trả lời tin này bằng lý do" in asked["text"]
    scene.minh.says("Xin chụp lại mặt sau giấy chứng sinh", chat=group, reply_to=asked)
    yield "viết lý do"
    assert heard(scene, "cần anh/chị bổ sung: Xin chụp lại mặt sau giấy chứng sinh.")
    assert heard(scene, f"Phiếu yêu cầu bổ sung của hồ sơ {code}.")
    assert "Chờ bổ sung – anh Minh" in scene.double.said(group)[0]["text"]
    scene.hoa.taps("Gửi bổ sung ngay")
    yield "gửi bổ sung"
    scene.hoa.sends_photo(JPEG + b"\0")
    yield "ảnh bổ sung"
    scene.hoa.taps("Xong")
    yield "xong ảnh bổ sung"
    scene.hoa.taps("Bỏ qua")
    yield "không nhắn gì thêm"
    assert f"Đã gửi phần bổ sung của hồ sơ {code}" in scene.newest()
    card, *_, last = scene.double.said(group)
    assert "2 tệp" in card["text"]
    assert "Đã tiếp nhận – người dân" in card["text"]
    assert last["text"] == f"Người dân đã bổ sung hồ sơ {code}: 1 tệp."


def finishing(scene: Scene, code: str) -> Iterator[str]:
    scene.lan.taps("Hoàn thành", chat=scene.group)
    yield "hoàn thành"
    assert f"Hồ sơ {code} (Đăng ký khai sinh) đã giải quyết xong." in scene.newest()
    assert "Đã có kết quả – chị Lan" in scene.double.said(scene.group)[0]["text"]
    scene.hoa.says("hồ sơ của tôi tới đâu rồi")
    yield "hỏi hồ sơ"
    assert f"Hồ sơ {code} – Đăng ký khai sinh: đã có kết quả." in scene.newest()
