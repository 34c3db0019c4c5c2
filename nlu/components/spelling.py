"""What people type and what they mean: the tables of the normaliser (shorthand, tone marks, Telex)."""

from __future__ import annotations

#: Shorthand of chats → the words. Only what has one reading at a ward's desk; "tt" or "dt" have several.
SHORTHAND = {
    "ko": "không", "k": "không", "kg": "không", "kô": "không", "khg": "không", "kh": "không",
    "hok": "không", "hong": "không", "hông": "không", "khum": "không", "hem": "không", "hk": "hộ khẩu",
    "shk": "sổ hộ khẩu", "dc": "được", "đc": "được", "đươc": "được", "đx": "được", "dx": "được",
    "đk": "đăng ký", "dk": "đăng ký", "dky": "đăng ký", "đky": "đăng ký", "đkí": "đăng ký",
    "dki": "đăng ký", "đkks": "đăng ký khai sinh", "dkks": "đăng ký khai sinh", "ks": "khai sinh",
    "gks": "giấy khai sinh", "gct": "giấy chứng tử", "đkkh": "đăng ký kết hôn",
    "dkkh": "đăng ký kết hôn", "đkkd": "đăng ký kinh doanh", "dkkd": "đăng ký kinh doanh",
    "hkd": "hộ kinh doanh", "gpkd": "giấy phép kinh doanh", "tthn": "tình trạng hôn nhân",
    "xntthn": "xác nhận tình trạng hôn nhân", "đktt": "đăng ký thường trú", "dktt": "đăng ký thường trú",
    "cccd": "căn cước", "cmnd": "chứng minh nhân dân", "cmt": "chứng minh thư", "cc": "căn cước",
    "ccc": "căn cước", "cancuoc": "căn cước", "khaisinh": "khai sinh", "kethon": "kết hôn",
    "ubnd": "ủy ban nhân dân", "ub": "ủy ban", "ubp": "ủy ban phường",
    "ttpvhcc": "trung tâm phục vụ hành chính công", "tthc": "thủ tục hành chính", "dvc": "dịch vụ công",
    "dvcqg": "dịch vụ công quốc gia", "bhyt": "bảo hiểm y tế", "bhxh": "bảo hiểm xã hội",
    "bhtn": "bảo hiểm thất nghiệp", "gplx": "giấy phép lái xe", "nvqs": "nghĩa vụ quân sự",
    "qsdđ": "quyền sử dụng đất", "qsdd": "quyền sử dụng đất", "sđt": "số điện thoại",
    "sdt": "số điện thoại", "hs": "hồ sơ", "hsơ": "hồ sơ", "gt": "giấy tờ", "gto": "giấy tờ",
    "bn": "bao nhiêu", "bnh": "bao nhiêu", "bnhiu": "bao nhiêu", "bnhieu": "bao nhiêu",
    "bnhiêu": "bao nhiêu", "nhiu": "nhiêu", "j": "gì", "gj": "gì", "ji": "gì", "jì": "gì", "z": "vậy",
    "v": "vậy", "zậy": "vậy", "zay": "vậy", "dzậy": "vậy", "dzay": "vậy", "dậy": "vậy", "r": "rồi",
    "rùi": "rồi", "ròi": "rồi", "m": "mình", "mk": "mình", "mik": "mình", "mìn": "mình", "mh": "mình",
    "e": "em", "a": "anh", "c": "chị", "ac": "anh chị", "a/c": "anh chị", "ae": "anh em", "ad": "admin",
    "mn": "mọi người", "ntn": "như thế nào", "ntnao": "như thế nào", "tn": "thế nào", "lm": "làm",
    "ng": "người", "ngta": "người ta", "nx": "nữa", "trc": "trước", "cx": "cũng", "vs": "với",
    "wa": "quá", "qá": "quá", "q": "quận", "p": "phường", "f": "phường", "tp": "thành phố",
    "tphcm": "thành phố hồ chí minh", "hcm": "hồ chí minh", "ck": "chồng", "vk": "vợ", "onl": "online",
    "ol": "online", "tks": "cảm ơn", "thks": "cảm ơn", "thanks": "cảm ơn", "thank": "cảm ơn",
    "thanx": "cảm ơn", "tkiu": "cảm ơn", "camon": "cảm ơn", "cam0n": "cảm ơn", "oki": "ok", "okie": "ok",
    "okay": "ok", "okey": "ok", "oke": "ok", "okê": "ok", "oce": "ok", "uh": "ừ", "uhm": "ừ", "um": "ừ",
    "ừm": "ừ", "uk": "ừ", "ukm": "ừ", "ờ": "ừ", "hum": "hôm", "bít": "biết", "bik": "biết", "bt": "biết",
    "thui": "thôi", "thoy": "thôi", "lun": "luôn", "nhìu": "nhiều", "h": "giờ", "lsao": "làm sao",
    "ls": "làm sao", "lsn": "làm sao", "ksao": "không sao", "dt": "điện thoại", "đt": "điện thoại",
    "cty": "công ty", "gd": "gia đình", "gđ": "gia đình", "cmon": "cảm ơn", "xn": "xác nhận",
    "sn": "sinh năm", "tg": "thời gian", "tgian": "thời gian", "ib": "nhắn tin", "rep": "trả lời",
    "nt": "nhắn tin", "vd": "ví dụ", "hdan": "hướng dẫn", "hd": "hướng dẫn", "bs": "bản sao",
    "ctbs": "chứng thực bản sao",
}  # fmt: skip

#: The other way round, for training: how a phrase is shortened. Longer phrases first.
SHORTER = {
    "đăng ký khai sinh": ("đkks", "dkks"), "giấy khai sinh": ("gks",),
    "đăng ký kết hôn": ("đkkh", "dkkh"), "tình trạng hôn nhân": ("tthn",), "hộ kinh doanh": ("hkd",),
    "ủy ban nhân dân": ("ubnd",), "căn cước": ("cccd", "cc"), "số điện thoại": ("sđt", "sdt"),
    "như thế nào": ("ntn",), "bao nhiêu": ("bn", "bnhiu", "bao nhiu", "nhiu"), "dịch vụ công": ("dvc",),
    "bảo hiểm y tế": ("bhyt",), "bảo hiểm xã hội": ("bhxh",), "hộ khẩu": ("hk",),
    "anh chị": ("ac", "a c"), "thời gian": ("tg",), "đăng ký": ("đk", "dk", "dky"), "hồ sơ": ("hs",),
    "không": ("ko", "k", "hok", "hong"), "được": ("dc", "đc"), "giấy tờ": ("gt",), "gì": ("j",),
    "vậy": ("z", "v"), "rồi": ("r",), "mình": ("m", "mk"), "em": ("e",), "anh": ("a",), "người": ("ng",),
    "làm": ("lm",), "trước": ("trc",), "với": ("vs",), "cũng": ("cx",), "phường": ("p",), "giờ": ("h",),
    "chồng": ("ck",), "vợ": ("vk",), "nhiêu": ("nhiu",), "biết": ("bt", "bít"),
}  # fmt: skip

#: Marks that carry a tone (COMBINING GRAVE, ACUTE, HOOK, TILDE, DOT BELOW) and the Telex key of each.
TONES = {"\u0300": "f", "\u0301": "s", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
TONE_OF_KEY = {key: mark for mark, key in TONES.items()}
#: Telex pairs that make one letter.
TELEX_LETTERS = {"aa": "â", "ee": "ê", "oo": "ô", "dd": "đ", "aw": "ă", "ow": "ơ", "uw": "ư"}

_ONSETS = "ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|b|c|d|đ|g|h|k|l|m|n|p|r|s|t|v|x|"
_RIMES = [
    "ach", "ac", "ai", "am", "ang", "anh", "an", "ao", "ap", "at", "au", "ay", "a", "ăc", "ăm", "ăng",
    "ăn", "ăp", "ăt", "âc", "âm", "âng", "ân", "âp", "ât", "âu", "ây", "ec", "em", "eng", "en", "eo",
    "ep", "et", "e", "êch", "êm", "ênh", "ên", "êp", "êt", "êu", "ê", "ich", "im", "inh", "in", "ip",
    "it", "iu", "i", "ia", "iêc", "iêm", "iêng", "iên", "iêp", "iêt", "iêu", "oc", "oi", "om", "ong",
    "on", "oong", "op", "ot", "o", "oa", "oac", "oai", "oam", "oang", "oan", "oanh", "oao", "oat", "oay",
    "oach", "oe", "oen", "oeo", "oet", "oăn", "oăng", "oăt", "oăc", "ôc", "ôi", "ôm", "ông", "ôn", "ôp",
    "ôt", "ô", "ơi", "ơm", "ơn", "ơp", "ơt", "ơ", "uc", "ui", "um", "ung", "un", "up", "ut", "u", "ua",
    "uân", "uâng", "uât", "uây", "uê", "uêch", "uênh", "uôc", "uôi", "uôm", "uông", "uôn", "uôt", "uơ",
    "uy", "uya", "uych", "uynh", "uyêt", "uyên", "uyt", "uyu", "ưc", "ưi", "ưng", "ưn", "ưt", "ưu", "ư",
    "ưa", "ươc", "ươi", "ươm", "ương", "ươn", "ươp", "ươt", "ươu", "y", "yên", "yêu", "yêt", "yêm", "yn",
]  # fmt: skip
#: A syllable that could be Vietnamese (tones aside); what is not one may be a slip of the keyboard.
SYLLABLE = rf"(?:{_ONSETS})(?:{'|'.join(sorted(_RIMES, key=len, reverse=True))})"
