"""The desk's names for things that come out of the program as ids."""

from bot.core.permissions import APPROVE, COMPOSE, CONTENT, MOVE, OFFICERS, READ, REPORTS
from bot.services.sign_in import LONGEST, SHORTEST, Refusal, Unfit

_KINDS = {"ho_so": "Hồ sơ", "lich_hen": "Lịch hẹn", "phan_anh": "Phản ánh"}
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


def kind(id: str) -> str:
    return _KINDS.get(id, id)


def channel(id: str) -> str:
    """Where a dossier came from, and where its notices go."""
    return _CHANNELS.get(id, id)


def size(count: int) -> str:
    """Bytes as people write them: "2,4 MB"."""
    if count < 1_000_000:
        return f"{max(1, round(count / 1000))} KB"
    return f"{count / 1_000_000:.1f} MB".replace(".", ",")
