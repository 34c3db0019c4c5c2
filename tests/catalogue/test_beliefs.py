"""Old beliefs are recognised as people type them, and answered with what holds now and since when."""

import pytest

from bot.catalogue.beliefs import load_beliefs
from bot.core.content import ContentError
from bot.core.text import strip_accents
from tests.catalogue.conftest import DATA

BELIEFS = load_beliefs(DATA / "beliefs.yml")


@pytest.mark.parametrize(
    ("text", "belief"),
    [
        ("làm khai sinh có cần sổ hộ khẩu không", "so_ho_khau"),
        ("đăng ký kết hôn mang hộ khẩu theo không", "so_ho_khau"),
        ("tôi phải lên huyện nộp hả", "cap_huyen"),
        ("cái này làm trên ủy ban quận đúng không", "cap_huyen"),
        ("thủ tục này mức độ 4 chưa", "muc_do_3_4"),
        ("nộp ở cổng dịch vụ công Bình Dương được không", "cong_cua_tinh"),
        ("phường mình còn thuộc tỉnh Bình Dương không", "tinh_binh_duong"),
        ("làm khai sinh cần giấy gì", None),
        ("nhập hộ khẩu cho con", None),
    ],
)
def test_a_belief_is_found_with_and_without_accents(text, belief):
    finder = BELIEFS.finder()
    for typed in (text, strip_accents(text)):
        found = finder.find(typed)
        assert (found.id if found else None) == belief


def test_every_belief_has_a_source_and_is_found_by_each_of_its_phrases():
    finder = BELIEFS.finder()
    for one in BELIEFS.beliefs:
        assert one.source.name
        for phrase in one.said:
            assert finder.find(f"cho hỏi {phrase} được không").id == one.id, phrase


def test_an_id_is_used_once(tmp_path):
    one = "- {id: a, said: [x], answer: y, source: {name: z, as_of: 2026-01}}\n"
    (tmp_path / "beliefs.yml").write_text(f"beliefs:\n{one}{one}", encoding="utf-8")
    with pytest.raises(ContentError, match="the id a is used twice"):
        load_beliefs(tmp_path / "beliefs.yml")
