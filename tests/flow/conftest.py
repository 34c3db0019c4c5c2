"""The ward's own flows, a small form, and a clock that stands still."""

from datetime import datetime
from pathlib import Path

import pytest

from bot.catalogue.counters import load_counters
from bot.core.calendar import ZONE, Calendar, vietnam_holidays
from bot.core.procedure import Procedure
from bot.flow.load import load_flows
from bot.flow.model import Flows

FLOWS = Path(__file__).parents[2] / "flows"
#: A Wednesday; the day before was a holiday.
NOW = datetime(2026, 11, 25, 8, 0, tzinfo=ZONE)
CALENDAR = Calendar(vietnam_holidays([2026, 2027]))
COUNTERS = load_counters(Path(__file__).parents[2] / "data" / "counters.yml", None)

#: A form with every kind of question, a condition, a rejection and two papers.
FORM = {
    "minutes": 4,
    "intro": "Dùng cho bé có cha mẹ là công dân Việt Nam.",
    "fields": [
        {"id": "ten_be", "label": "Họ tên bé", "ask": "Họ, chữ đệm và tên của bé?", "type": "name"},
        {
            "id": "ngay_sinh",
            "label": "Ngày sinh",
            "ask": "Bé sinh ngày nào?",
            "type": "date",
            "past": True,
            "max_age_days": 6000,
            "help": "Ngày ghi trên giấy chứng sinh.",
        },
        {
            "id": "gioi_tinh",
            "label": "Giới tính",
            "ask": "Bé trai hay bé gái?",
            "type": "choice",
            "choices": [{"id": "nam", "title": "Nam"}, {"id": "nu", "title": "Nữ"}],
        },
        {"id": "ten_cha", "label": "Họ tên cha", "ask": "Tên cha?", "type": "name", "required": False},
        {
            "id": "cccd_cha",
            "label": "Số căn cước cha",
            "ask": "Số căn cước của cha?",
            "type": "cccd",
            "if": "slots.ten_cha",
        },
        {
            "id": "so_ban_sao",
            "label": "Số bản sao",
            "ask": "Mấy bản sao?",
            "type": "number",
            "min": 0,
            "max": 50,
            "rejections": [{"if": "slots.so_ban_sao > 20", "utter": "Mỗi lần cấp nhiều nhất 20 bản."}],
        },
        {
            "id": "so_dien_thoai",
            "label": "Điện thoại",
            "ask": "Số điện thoại?",
            "type": "phone",
            "persisted": True,
        },
    ],
    "papers": ["giay_chung_sinh", "uy_quyen"],
    "after": "Khi nhận kết quả, anh/chị mang theo căn cước.",
}


def procedure(**changes: object) -> Procedure:
    return Procedure.model_validate(
        {
            "id": "khai_sinh",
            "code": "1.001193",
            "name": "Đăng ký khai sinh",
            "official_name": "Thủ tục đăng ký khai sinh",
            "field": "Hộ tịch",
            "decided_by": "ubnd_phuong",
            "papers": [
                {"id": "giay_chung_sinh", "name": "Giấy chứng sinh", "upload": True},
                {
                    "id": "uy_quyen",
                    "name": "Văn bản ủy quyền",
                    "when": "nhờ người đi thay",
                    "required": False,
                    "upload": True,
                },
            ],
            "ways": [{"how": "counter"}],
            "source": {"name": "Cổng Dịch vụ công quốc gia", "as_of": "2026-07"},
            "form": FORM,
            **changes,
        }
    )


@pytest.fixture(scope="session")
def flows() -> Flows:
    return load_flows(FLOWS, [procedure()], CALENDAR)
