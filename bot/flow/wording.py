"""Wordings: how their placeholders are read, and which the engine itself says."""

import re

from bot.flow.answer import vocabulary
from bot.flow.model import Template

_PLACE = re.compile(r"\{(?:(slots|context)\.)?([a-z_][a-z0-9_]*)\}")


def read_template(text: str) -> Template:
    """ "Hẹn {ngay_hen}, mã {context.ma_ho_so}" → the text between and the names."""
    parts: list[str | tuple[str, str]] = []
    at = 0
    for found in _PLACE.finditer(text):
        if found.start() > at:
            parts.append(text[at : found.start()])
        parts.append((found[1] or "slots", found[2]))
        at = found.end()
    if at < len(text):
        parts.append(text[at:])
    return tuple(parts)


#: What wordings may name as ``{context.…}``, and conditions as ``context.…``.
CONTEXT = vocabulary(
    "hom_nay gio viec viec_moi viec_cu cau so_cau phut nhan giai_thich vi_du vi_du_ngay gia_tri cac_cau "
    "con_trong ngay_con "
    "so_anh nguoi nam_theo_so gioi_theo_so toi_thieu toi_da so_chu_so tu_ngay den_ngay ngay_mo_cua ma_ho_so "
    "han_tra the_ten the_so the_sinh con_cau "
    "don_vi cac_don_vi cac_tinh ket_qua_tra"
)

#: Wordings that the engine says by name; ``flows/chung.yml`` must have them all.
ENGINE = vocabulary(
    "utter_khong_hieu utter_khong_hieu_trong_viec utter_nut_da_cu utter_nut_da_cu_ngoai utter_tien_do "
    "utter_nut_co utter_nut_khong utter_nut_xong utter_nut_gui_lai utter_nut_bo_qua "
    "utter_nut_giu_nguyen utter_bo_trong utter_vi_du utter_da_sua utter_da_ghi utter_tiep_tuc "
    "utter_toi_ghi utter_nut_sua utter_bo_sung_phan_nay utter_da_gui_bo_sung utter_khong_bo_sung_duoc "
    "utter_lam_tiep utter_giu_viec utter_da_huy utter_da_dung utter_da_de_sau utter_khong_co_viec "
    "utter_sua_cau_nao utter_chua_co_cau_nao utter_cau_dau_tien utter_khong_bo_qua_duoc utter_chi_tiet "
    "utter_khong_co_giai_thich utter_chua_nhan_viec utter_mau_da_doi utter_viec_khong_con "
    "utter_bo_viec_cu utter_qua_nhieu utter_da_nhan_anh utter_dung_anh_da_gui utter_da_giu_anh "
    "utter_khong_can_anh utter_da_giu_anh_ngoai utter_ly_do_goi_can_bo utter_xin_dong_y "
    "utter_kiem_tra_lai utter_hoi_giay_to utter_hoi_giay_to_neu utter_da_nhan_ho_so utter_thoi "
    "utter_hoi_giay_to_ghi_chu"
)

#: Flows that the engine starts by itself.
PATTERNS = vocabulary(
    "pattern_cancel_flow pattern_continue_interrupted pattern_same_flow pattern_cannot_handle "
    "pattern_identity_card"
)

#: Every way in which an answer can be wrong; each has a wording `utter_sai_<kind>`.
KINDS = vocabulary(
    "empty text_long text_short name_signs name_digits name_one_word name_long bool_unclear "
    "choice_unknown number_unreadable number_not_whole number_small number_large money_unreadable "
    "money_not_whole money_small money_large date_unreadable date_not_real date_future date_too_old "
    "date_young date_too_near date_too_far date_partial date_two date_lunar date_weekend date_holiday "
    "phone_unreadable phone_two phone_length phone_prefix phone_old phone_landline cccd_unreadable "
    "cccd_length cccd_old cccd_structure cccd_born cccd_sex email_unreadable address_short "
    "address_ward_missing address_split address_unknown_ward address_near_ward address_province_missing "
    "address_elsewhere address_khu_pho place_short file_missing "
    "file_many file_too_large file_unknown_type file_empty file_gone "
    "time_unreadable time_two time_taken time_none date_full date_no_more "
    "file_unreadable file_small file_pixels file_locked file_pages file_dark file_blurred"
)

#: What is said of an answer as it is taken; each has a wording `utter_luu_y_<kind>`.
REMARKS = vocabulary("address_completed address_old name_plain")

#: All that the engine says by name.
BY_NAME = ENGINE | {f"utter_sai_{kind}" for kind in KINDS} | {f"utter_luu_y_{kind}" for kind in REMARKS}
