"""Where names of people stand in a message, as far as that can be seen without knowing them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

from bot.core.text import loosely, strip_accents


def _typed(words: str) -> frozenset[str]:
    """Each word with all its accents and with none. "Nguyên" is a word of its own, and no family."""
    return frozenset(form for word in words.split() for form in (word, strip_accents(word)))


def _pairs(text: str) -> frozenset[tuple[str, ...]]:
    return frozenset(typed for pair in text.split("|") for typed in product(*map(_typed, pair.split())))


#: Families that are met in small letters too, and where every word has a capital.
_SURE = _typed("nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi ngô đinh trịnh trương")
_FAMILIES = _SURE | _typed(
    "đỗ hồ dương lý đoàn lương lưu phùng tô tạ đào mai lâm quách thạch tăng châu vương đàm hà cao kiều "
    "diệp triệu nghiêm"
)
_MIDDLE = _typed("văn thị")
#: What follows "nguyễn" in small letters: "nguyen ban bao cao" is "nguyên bản báo cáo".
_AFTER_NGUYEN = _MIDDLE | _typed(
    "hữu hoàng đức minh ngọc thanh quốc bảo kim xuân đình phước tấn trọng huy gia hồng thùy thúy như bích"
)
#: Pairs with capitals that begin like a name and are none: matters, offices, places.
_NO_NAMES = _pairs(
    "hồ sơ|lý do|lý lịch|lương hưu|lương tháng|mai táng|phạm vi|phạm nhân|phạm pháp|đỗ xe|"
    "đào tạo|đào đường|đoàn viên|đoàn thanh|đoàn thể|dương tính|dương lịch|vũ trang|võ trang|"
    "vũ khí|võ thuật|vu lan|lưu trú|lưu động|lưu trữ|lưu ý|cao tuổi|cao niên|cao cấp|cao đẳng|"
    "cao ốc|cao đài|tăng ca|tăng lương|ly hôn|ly dị|ly thân|hà nội|hà nam|hà tĩnh|hà giang|"
    "cao bằng|lý sơn|lâm đồng|lâm nghiệp|phan thiết|phan rang|hồ chí|hồ tràm|dương minh|"
    "hoàng sa|trường sa|trường sơn|mai châu|châu đốc|châu đức|châu thành|châu âu|châu á|"
    "kiều bào|công an|công ty|công dân|công chức|công nhân|công chứng|công đoàn|công viên|"
    "ủy ban|uỷ ban|đảng viên|đảng ủy|việt kiều|việt nam|cán bộ|giáo viên|bí thư|thanh niên|"
    "phụ nữ|cựu chiến|bà rịa|bà điểm|thủ tục|giấy tờ|căn cước|khai sinh|khai tử|kết hôn|"
    "bộ công|hộ khẩu|hộ kinh|đài loan|hàn quốc|nhật bản|trung quốc|hoa kỳ"
)
_STOP = (
    "muốn làm xin hỏi cần có được đi ở sinh thì mà và với cho ạ nha nhé nhe dạ vâng năm ngày tháng hiện "
    "đang đã sẽ bị do để không hông chưa phải quê số sđt sdt đt cccd cmnd địa vừa từ trên trong ngoài "
    "của theo này đó kia gì ai chi nào sao đúng sai khác cũ mới giống trùng giờ nhờ giúp giùm dùm luôn "
    "nộp đăng ký đổi trường hợp là tên họ tuổi hay hoặc nhưng nên vì lại còn cũng rồi đến tới về ra vào "
    "lấy mất bao ơi thuộc thường tạm trú hộ khẩu giấy tờ nhà phường khu ấp tổ ủy uỷ ubnd sở hội chủ "
    "trưởng phó người một anh chị em ông bà cô chú bác con cháu tôi mình tui cha mẹ má vợ chồng ad admin "
    "bot nó ta đây kính thưa gửi chào alo nếu khi thế vậy đứng ghi viết đọc gọi kèm thêm bỏ sửa chỉnh "
    "chữ đệm lót dân tộc quốc tịch rịa điểm tây"
)
#: A name ends before these, and none begins with one.
_STOP_AS_WRITTEN, _STOP_TYPED = frozenset(_STOP.split()), _typed(_STOP)
#: After these, a name is that of a place: "đường Nguyễn Du", "trường Trần Đại Nghĩa".
_PLACES = _typed(
    "đường phố trường cầu chợ phường xã quận huyện tỉnh tp viên viện ấp hẻm ngõ tư kênh tuyến khu ty đài "
    "thpt thcs học non thôn rạch sông bến ga đền chùa quốc lộ"
)
_WHOSE = r"(?:tôi|em|mình|cháu|con|bé|tui|cô|chú|bác|anh|chị|vợ|chồng|mẹ|má|ba|cha|bố)"
#: After these stands a name, however it is written.
_TOLD = loosely(
    r"(?<!\w)(?:(?:họ\s*(?:và\s*|,\s*)?)?tên(?:\s+(?:đầy\s+đủ|thật|khai\s+sinh|của))?"
    rf"(?:\s+{_WHOSE}){{0,2}}\s*(?:là(?!\w)\s*:?|:)"
    rf"|(?:tôi|em|mình|cháu|con|bé|tui|vợ|chồng|mẹ)\s+tên(?:(?:\s+{_WHOSE})?\s+là(?!\w))?\s*:?)\s*"
)
#: After these, a word with a capital is a name.
_CALLED = re.compile(
    r"(?<!\w)(?:tên|(?:tôi|toi|em|mình|cháu|chau|con|tui)\s+(?:là|la)"
    r"|(?:anh|chị|chi|ông|ong|bà|cháu|chau|con|em|cô|chú|bác|bé|thầy|dì|cậu)(?:\s+tên)?(?:\s+là)?)\s+",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_MOST_WORDS = 6
#: Where nothing but what follows tells how long a name is.
_MOST_WORDS_UNSEEN = 4


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    small: str
    start: int
    end: int

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()

    @property
    def stops(self) -> bool:
        """Is it no part of a name? "A" and "Lam" with a capital are not taken for "ạ" and "làm"."""
        return self.small in (_STOP_AS_WRITTEN if self.capital else _STOP_TYPED)


def names_in(text: str, *, titled: bool) -> Iterator[tuple[int, int]]:
    """Where names begin and end, from left to right. `titled`: a capital says nothing in this text."""
    words = [_Word(found[0], found[0].casefold(), *found.span()) for found in _WORD.finditer(text)]
    told = frozenset(found.end() for found in _TOLD.finditer(text))
    called = frozenset(found.end() for found in _CALLED.finditer(text) if _calls(text, found.start(), titled))
    at = 0
    while at < len(words):
        count = _Here(text, words, at).count(titled=titled, told=told, called=called)
        if count:
            yield words[at].start, words[at + count - 1].end
        at += count or 1


def _calls(text: str, at: int, titled: bool) -> bool:
    """ "chị Lan", and "Chị Lan" where a sentence begins; not in "Chi Phí" or "Con Dao"."""
    return not text[at].isupper() or (not titled and text[:at].rstrip()[-1:] in ("", ".", "!", "?", ",", "]"))


@dataclass(frozen=True, slots=True)
class _Here:
    """One word of a text, where a name may begin."""

    text: str
    words: Sequence[_Word]
    at: int

    def count(self, *, titled: bool, told: frozenset[int], called: frozenset[int]) -> int:
        """Of how many words the name is that begins here; 0 if none does."""
        first = self.words[self.at]
        if first.stops or self._is_no_name() or self._is_of_a_place():
            return 0
        seen = first.capital and not titled
        if first.start in told:
            return self._run(capitals=seen)
        if first.start in called and first.capital and not (len(first.text) > 1 and first.text.isupper()):
            return self._run(capitals=True)
        if first.capital and first.small in (_SURE if titled else _FAMILIES):
            count = self._run(capitals=seen)
            return count if count > 1 else 0
        if first.small in _SURE:
            count = self._run(capitals=False)
            second = self.words[self.at + 1].small if count > 1 else ""
            if (count > 2 and second in _MIDDLE) or (count > 1 and first.small == "nguyễn"):
                return count
            return count if first.small == "nguyen" and second in _AFTER_NGUYEN else 0
        return 0

    def _run(self, *, capitals: bool) -> int:
        """How many words belong together: those with a capital, or all up to one that ends a name."""
        most = _MOST_WORDS if capitals else _MOST_WORDS_UNSEEN
        count = 1
        for before, word in pairwise(self.words[self.at : self.at + most]):
            if not self.text[before.end : word.start].isspace():
                break
            # "le thi hoa": after a family, "thi" is no "thì"
            middle = count == 1 and word.small in _MIDDLE and before.small in _FAMILIES
            if (capitals and not word.capital) or (not capitals and not middle and word.stops):
                break
            count += 1
        return count

    def _is_no_name(self) -> bool:
        return tuple(word.small for word in self.words[self.at : self.at + 2]) in _NO_NAMES

    def _is_of_a_place(self) -> bool:
        if not self.at:
            return False
        before, word = self.words[self.at - 1], self.words[self.at]
        return before.small in _PLACES and not self.text[before.end : word.start].strip(" .")
