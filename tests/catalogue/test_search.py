"""Word search finds what people mean, whatever they left out, and says nothing to nonsense."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.load import load_catalogue
from bot.catalogue.offices import load_other_agencies
from bot.catalogue.search import Index, Search, load_words
from bot.catalogue.wording import Aspect
from bot.core.text import strip_accents
from tests.catalogue.conftest import DATA

QUESTIONS = [
    ("làm giấy khai sinh cho con cần giấy tờ gì", "dang_ky_khai_sinh"),
    ("chung thuc ban sao het bao nhieu tien", "chung_thuc_ban_sao"),
    ("tôi muốn đăng ký kết hôn", "dang_ky_ket_hon"),
    ("xin giấy độc thân", "xac_nhan_tinh_trang_hon_nhan"),
    ("nhập khẩu cho con", "dang_ky_thuong_tru"),
    ("mở quán cà phê đăng ký ở đâu", "dang_ky_ho_kinh_doanh"),
    ("sao y cccd", "chung_thuc_ban_sao"),
    ("mất giấy khai sinh", "dang_ky_lai_khai_sinh"),
    ("xin trích lục khai sinh", "cap_ban_sao_trich_luc_ho_tich"),
    ("sửa tên trong giấy khai sinh", "thay_doi_cai_chinh_ho_tich"),
    ("mẹ tôi mới mất cần làm gì", "dang_ky_khai_tu"),
    ("dk tam tru cho nguoi thue tro", "dang_ky_tam_tru"),
    ("căn cước hết hạn", "cap_doi_the_can_cuoc"),
    ("làm cccd cho con 14 tuổi", "cap_the_can_cuoc"),
    ("tiền người già 75 tuổi", "tro_cap_huu_tri_xa_hoi"),
    ("trợ cấp người khuyết tật", "tro_cap_xa_hoi_hang_thang"),
    ("tiền mai táng", "ho_tro_chi_phi_mai_tang"),
    ("xác nhận chữ ký giấy ủy quyền", "chung_thuc_chu_ky"),
    ("hợp đồng mua bán đất", "chung_thuc_giao_dich"),
    ("xin ct07", "xac_nhan_thong_tin_cu_tru"),
    ("giám hộ cho cháu", "dang_ky_giam_ho"),
    ("chưng thưc chư ky", "chung_thuc_chu_ky"),
    ("đăg ký kêt hôn", "dang_ky_ket_hon"),
]


@pytest.mark.parametrize(("text", "procedure"), QUESTIONS)
def test_the_right_procedure_comes_first(search, text, procedure):
    assert search.find(text)[0][0] == procedure


@pytest.mark.parametrize(("text", "procedure"), QUESTIONS)
def test_it_does_so_without_accents_too(search, text, procedure):
    assert search.find(strip_accents(text).upper())[0][0] == procedure


@pytest.mark.parametrize(
    "text", ["asdfgh", "qwe rty uio", "", "???", "👍", "1 + 1 = 2", "xin chào", "lệ phí bao nhiêu"]
)
def test_nonsense_and_bare_questions_find_nothing(search, text):
    assert search.find(text) == []


def test_every_procedure_is_found_by_every_name_it_has(search, catalogue):
    for procedure in catalogue.procedures.values():
        for name in (procedure.name, procedure.official_name, *procedure.names):
            assert procedure.id in dict(search.find(name)), name


@pytest.mark.parametrize(
    ("text", "aspect"),
    [
        ("lệ phí bao nhiêu", Aspect.FEE),
        ("het bao nhieu tien", Aspect.FEE),
        ("bao lâu có", Aspect.TIME),
        ("nộp ở đâu", Aspect.WHERE),
        ("cần giấy tờ gì", Aspect.DOCUMENTS),
        ("can giay to j", Aspect.DOCUMENTS),
        ("nộp online được không", Aspect.HOW_ONLINE),
        ("căn cứ pháp lý", Aspect.LEGAL),
        ("quy trình", Aspect.STEPS),
        ("điều kiện là gì", Aspect.ELIGIBILITY),
        ("xin chào", None),
    ],
)
def test_the_aspect_is_guessed_from_its_words(search, text, aspect):
    assert search.aspect_of(text) == aspect


def test_other_names_can_be_searched_the_same_way():
    matters = load_other_agencies(DATA / "other_agencies.yml")
    index = Index(
        {one.id: [one.name, *one.names] for one in matters.values()}, load_words(DATA / "words.yml")
    )
    assert index.find("đổi bằng lái xe")[0][0] == "giay_phep_lai_xe"


SEARCH = Search(load_catalogue(DATA / "procedures"), load_words(DATA / "words.yml"))


@given(st.text())
def test_any_text_gets_scores_between_0_and_1(text):
    found = SEARCH.find(text)
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
    assert all(0 < score <= 1 for _, score in found)
    SEARCH.aspect_of(text)
