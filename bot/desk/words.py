"""The desk's names for things that come out of the program as ids."""

from bot.core.dossier import Slip
from bot.core.permissions import APPROVE, COMPOSE, CONTENT, MOVE, OFFICERS, READ, REPORTS
from bot.services import unclear
from bot.services.sign_in import LONGEST, SHORTEST, Refusal, Unfit

_KINDS = {"ho_so": "Hồ sơ", "lich_hen": "Lịch hẹn", "phan_anh": "Phản ánh", "gop_y": "Góp ý"}
_SCORES = {4: "Rất hài lòng", 3: "Hài lòng", 2: "Bình thường", 1: "Không hài lòng"}
_CHANNELS = {
    "web": "trang web của phường",
    "telegram": "Telegram",
    "zalo": "Zalo",
    "zalo_oa": "Zalo",
    "zalo_bot": "Zalo",
    "rest": "ứng dụng kết nối",
    "terminal": "máy của phường",
}

PERMISSIONS = {
    READ: "Xem hồ sơ",
    MOVE: "Xử lý hồ sơ",
    COMPOSE: "Soạn tin gửi người dân",
    APPROVE: "Duyệt tin gửi người dân",
    CONTENT: "Sửa nội dung",
    OFFICERS: "Quản lý cán bộ",
    REPORTS: "Xem báo cáo",
}

REFUSED = {
    Refusal.WRONG: "Tên đăng nhập hoặc mật khẩu không đúng.",
    Refusal.LOCKED: "Anh/chị đã thử sai nhiều lần. Mời anh/chị chờ 15 phút rồi thử lại.",
}

UNFIT = {
    Unfit.SHORT: f"Mật khẩu cần ít nhất {SHORTEST} ký tự.",
    Unfit.LONG: f"Mật khẩu dài quá {LONGEST} ký tự.",
    Unfit.USERNAME: "Mật khẩu không được trùng tên đăng nhập.",
    Unfit.DIFFERENT: "Hai lần nhập chưa giống nhau.",
    Unfit.SAME: "Mật khẩu mới cần khác mật khẩu đang dùng.",
}

#: What a message can ask for, as an officer says it.
INTENTS = {
    "ask_overview": "Hỏi chung về thủ tục",
    "ask_documents": "Hỏi giấy tờ",
    "ask_fee": "Hỏi phí, lệ phí",
    "ask_time": "Hỏi bao lâu có",
    "ask_where": "Hỏi nộp ở đâu",
    "ask_how_online": "Hỏi cách nộp trực tuyến",
    "ask_eligibility": "Hỏi ai làm được, điều kiện",
    "ask_legal": "Hỏi căn cứ pháp lý",
    "ask_result": "Hỏi nhận được giấy gì",
    "start_dossier": "Muốn nộp hồ sơ",
    "dossier_status": "Hỏi hồ sơ tới đâu",
    "book_appointment": "Muốn đặt lịch hẹn",
    "report_problem": "Phản ánh, kiến nghị",
    "talk_to_officer": "Muốn gặp cán bộ",
    "give_feedback": "Góp ý, khen, chê",
    "subscribe": "Muốn nhận tin",
    "unsubscribe": "Muốn ngừng nhận tin",
    "ask_hours": "Hỏi giờ làm việc",
    "ask_address": "Hỏi địa chỉ, điện thoại",
    "ask_planning": "Hỏi quy hoạch",
    "ask_news": "Hỏi tin của phường",
    "account_help": "Tài khoản VNeID, đăng nhập",
    "out_of_scope": "Không phải việc của phường",
    "greet": "Chào hỏi",
    "goodbye": "Tạm biệt",
    "thanks": "Cảm ơn",
    "affirm": "Đồng ý, đúng rồi",
    "deny": "Từ chối, không phải",
    "cancel": "Dừng, huỷ việc đang làm",
    "correct": "Sửa câu đã trả lời",
    "help": "Hỏi trợ lý làm được gì",
}

UNFIT_LABEL = {
    unclear.Unfit.NO_TEXT: "Câu cần có chữ.",
    unclear.Unfit.LONG: f"Câu dài quá {unclear.LONGEST} ký tự. Anh/chị rút gọn giúp.",
    unclear.Unfit.NO_INTENT: "Anh/chị chọn ý của câu.",
    unclear.Unfit.NO_PROCEDURE: "Anh/chị chọn thủ tục, hoặc đánh dấu “Không thuộc thủ tục nào”.",
    unclear.Unfit.BOTH: "Anh/chị chọn thủ tục hoặc “Không thuộc thủ tục nào”, không chọn cả hai.",
}


_SLIPS = {
    Slip.RECEIPT: "Giấy tiếp nhận hồ sơ và hẹn trả kết quả",
    Slip.SUPPLEMENT: "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ",
    Slip.REFUSAL: "Phiếu từ chối tiếp nhận giải quyết hồ sơ",
    Slip.APOLOGY: "Phiếu xin lỗi và hẹn lại ngày trả kết quả",
}


def slip(kind: Slip) -> str:
    """The name of a paper of the one-stop shop."""
    return _SLIPS[kind]


def kind(id: str) -> str:
    return _KINDS.get(id, id)


def score(number: int) -> str:
    """How satisfied a resident is, as the buttons say it."""
    return _SCORES.get(number, str(number))


def channel(id: str) -> str:
    """Where a dossier came from, and where its notices go."""
    return _CHANNELS.get(id, id)


def size(count: int) -> str:
    """Bytes as people write them: "2,4 MB"."""
    if count < 1_000_000:
        return f"{max(1, round(count / 1000))} KB"
    return f"{count / 1_000_000:.1f} MB".replace(".", ",")
