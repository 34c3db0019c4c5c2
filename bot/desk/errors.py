"""What is shown when a page cannot be."""

from starlette.responses import Response

from bot.desk.desk import Desk, Visit


def not_found(desk: Desk, visit: Visit) -> Response:
    return desk.show(
        visit,
        "error.html",
        status=404,
        title="Không tìm thấy trang này",
        lines=(
            "Địa chỉ có thể bị chép thiếu, hoặc hồ sơ không có ở đây.",
            "Anh/chị tìm lại theo mã hồ sơ, tên hoặc số điện thoại ở danh sách hồ sơ.",
        ),
    )


def forbidden(desk: Desk, visit: Visit) -> Response:
    return desk.show(
        visit,
        "error.html",
        status=403,
        title="Anh/chị chưa được phân quyền cho việc này",
        lines=("Cần làm việc này, anh/chị nhờ người quản lý cán bộ của phường cấp quyền.",),
    )


def foreign(desk: Desk, visit: Visit) -> Response:
    """A form that was not sent from a page of ours."""
    return desk.show(
        visit,
        "error.html",
        status=403,
        title="Yêu cầu này không đến từ bàn làm việc",
        lines=("Để an toàn, chưa có gì được ghi. Anh/chị mở lại trang rồi làm lại giúp.",),
    )


def too_much(desk: Desk, visit: Visit) -> Response:
    return desk.show(
        visit,
        "error.html",
        status=413,
        title="Nội dung gửi dài quá",
        lines=("Chưa có gì được ghi. Anh/chị rút ngắn rồi gửi lại giúp.",),
    )


def broken(desk: Desk, visit: Visit, incident: str) -> Response:
    return desk.show(
        visit,
        "error.html",
        status=500,
        title="Bàn làm việc đang gặp lỗi",
        lines=(
            "Việc vừa rồi có thể chưa được ghi. Anh/chị mở lại trang để xem, rồi thử lại giúp.",
            f"Nếu vẫn lỗi, anh/chị báo người phụ trách mã này: {incident}.",
        ),
    )
