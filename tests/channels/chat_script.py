"""A little conversation that shows every control of the web page."""

from collections.abc import Sequence

from bot.channels.web import WebPage
from bot.core.messages import Button, Choice, Collect, Incoming, Reply, Row

WELCOME = Reply(
    text="Xin chào anh/chị! Tôi giúp tra thủ tục, nộp hồ sơ và xem hồ sơ đã nộp. Anh/chị cần việc gì ạ?",
    buttons=(
        Button(title="Tra thủ tục", payload="/Search"),
        Button(title="Nộp hồ sơ", payload="/StartFlow(khai_sinh)"),
        Button(title="Hồ sơ của tôi", payload="/MyDossiers"),
        Button(title="Gặp cán bộ", payload="/CallOfficer"),
    ),
)
PAGE = WebPage(
    ward="UBND phường Long An", welcome=WELCOME, footer="Khẩn cấp: 113, 114, 115 · Bộ phận một cửa: 8–17 giờ"
)

ROWS = (
    Row(label="Họ tên bé", value="Nguyễn Thị An Nhiên", payload="/Correct(ten_be)"),
    Row(label="Ngày sinh", value="05/11/2026", payload="/Correct(ngay_sinh)"),
    Row(label="Số căn cước người mẹ", value="0791…2345", payload="/Correct(cccd_me)"),
    Row(label="Mã yêu cầu", value="KS-17"),
)

ANSWER = (
    "Đăng ký khai sinh – giấy tờ cần nộp:\n"
    "1. Giấy chứng sinh (bản chính). Không có thì: văn bản của người làm chứng hoặc giấy cam đoan.\n"
    "Khi nộp, anh/chị xuất trình căn cước.\n"
    "Nguồn: Cổng Dịch vụ công quốc gia, 07/2026"
)


def ask(text: str, slot: str, kind: str, **more: object) -> Reply:
    return Reply(text=text, collect=Collect(slot=slot, type=kind, **more))  # type: ignore[arg-type]


def script(incoming: Incoming) -> Sequence[Reply]:
    """Each answer leads to the next control."""
    if incoming.files:
        return (Reply(text="Tôi đã nhận được ảnh.", files=incoming.files), ask("Ở đâu ạ?", "noi", "place"))
    if incoming.place:
        return (ask("Ai nộp ạ?", "ai", "choice", choices=(Choice(id="me", title="Người mẹ"),)),)
    match incoming.tapped or incoming.text:
        case "/StartFlow(khai_sinh)":
            return (ask("Câu 1/9. Họ, chữ đệm và tên của bé?", "ten_be", "name"),)
        case "Nguyễn Thị An Nhiên":
            return (ask("Câu 2/9. Bé sinh ngày nào ạ?", "ngay_sinh", "date"),)
        case "05/11/2026":
            return (ask("Câu 3/9. Số căn cước của người mẹ?", "cccd_me", "cccd"),)
        case "079196002345":
            return (ask("Câu 4/9. Anh/chị chụp Giấy chứng sinh giúp.", "giay", "file", required=False),)
        case "/SetSlots(ai=me)":
            buttons = (Button(title="Nộp", payload="/Submit"), Button(title="Để sau", payload="/Later"))
            return (Reply(text="Chị kiểm tra giúp:", rows=ROWS, buttons=buttons),)
        case "/Correct(ten_be)":
            return (ask("Họ, chữ đệm và tên đúng của bé?", "ten_be", "name"),)
        case "/Submit":
            return (Reply(text="Đã nhận. Mã hồ sơ H29.118-261123-0004."),)
        case "lam khai sinh can giay to gi":
            buttons = tuple(
                Button(title=title, payload=f"/Ask({n})")
                for n, title in enumerate(
                    ("Nộp hồ sơ", "Lệ phí", "Bao lâu có", "Nộp ở đâu", "Trường hợp khác")
                )
            )
            return (Reply(text=ANSWER, buttons=buttons),)
    return (Reply(text=f"Tôi chưa hiểu ý anh/chị: {incoming.tapped or incoming.text}"),)
