"""Names of people in a message: "chị Trần Thị Lan", "Nguyễn Văn An", "ten con la tran van b"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

from components.text import strip_accents
from components.typed import Found, Typed, as_written, either, loosely


def _pairs(text: str) -> frozenset[tuple[str, ...]]:
    return frozenset(
        pair
        for typed in text.split("|")
        for pair in product(*(sorted(either(word)) for word in typed.split()))
    )


def _whole(text: str) -> frozenset[str]:
    return frozenset(form for name in text.split("|") for form in (name, strip_accents(name)))


#: Where every word has a capital, only these are families beyond doubt.
_SURE = either("nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi ngô đinh trịnh trương")
_FAMILIES = _SURE | either(
    "đỗ hồ dương lý đoàn lương lưu phùng tô tạ đào mai lâm quách thạch tăng châu vương đàm hà cao kiều diệp "
    "triệu nghiêm thái chu khương"
)
#: In small letters without accents only these: "ho", "dang", "vo", "truong" are other words as well.
_SMALL = either("nguyen tran le pham huynh bui ngo dinh trinh") | {
    family for family in _SURE if not family.isascii()
}
_MIDDLE = either("văn thị")
_MIDDLES = [[middle] for middle in sorted(_MIDDLE)]
#: Pairs with capitals that begin like a name and are none: matters, offices, places.
_NO_NAMES = _pairs(
    "hồ sơ|lý do|lý lịch|lương hưu|lương tháng|mai táng|phạm vi|phạm nhân|phạm pháp|đỗ xe|đào tạo|đào đường|"
    "đoàn viên|đoàn thanh|đoàn thể|dương tính|dương lịch|vũ trang|võ trang|vũ khí|võ thuật|vu lan|lưu trú|"
    "lưu động|lưu trữ|lưu ý|cao tuổi|cao niên|cao cấp|cao đẳng|cao ốc|cao đài|tăng ca|tăng lương|ly hôn|"
    "ly dị|ly thân|hà nội|hà nam|hà tĩnh|hà giang|cao bằng|lý sơn|lâm đồng|lâm nghiệp|phan thiết|phan rang|"
    "hồ chí|hồ tràm|dương minh|hoàng sa|trường sa|trường sơn|mai châu|châu đốc|châu đức|châu thành|châu âu|"
    "châu á|công an|công ty|công dân|công chức|công nhân|công chứng|công đoàn|công viên|đảng viên|giáo viên|"
    "bí thư|thanh niên|phụ nữ|cựu chiến|cán bộ|kế toán|trưởng phòng|chủ tịch|phó chủ|tư pháp|hộ khẩu|"
    "thẩm phán|việt nam|ấn độ|hà lan|hàn quốc|nhật bản|trung quốc|hoa kỳ|đài loan|hồng kông|ma cao|"
    "tiền giang|hậu giang|an giang|kiên giang|bắc giang|bắc ninh|bắc kạn|bạc liêu|bến tre|bình dương|"
    "bình phước|bình thuận|bình định|bình hòa|bình chánh|bình tân|bình thạnh|bình chuẩn|bình nhâm|bình tây|"
    "bình đông|an phú|an sơn|an thạnh|cà mau|cần thơ|củ chi|hóc môn|gò vấp|thủ đức|thủ dầu|thủ thừa|dĩ an|"
    "tân uyên|bến cát|lái thiêu|thuận an|thuận giao|vĩnh phú|vĩnh long|vĩnh phúc|hưng định|đồng nai|"
    "đồng tháp|đồng an|đà nẵng|đà lạt|đắk lắk|gia lai|kon tum|khánh hòa|phú yên|phú thọ|phú nhuận|phú quốc|"
    "quảng nam|quảng ngãi|quảng bình|quảng trị|quảng ninh|sóc trăng|tây ninh|long an|lạng sơn|lào cai|"
    "lai châu|điện biên|hòa bình|hải phòng|hải dương|hưng yên|nam định|ninh bình|ninh thuận|nghệ an|sơn la|"
    "thanh hóa|thái bình|thừa thiên|trà vinh|tuyên quang|yên bái|sài gòn|sông bé|vũng tàu|bình hưng|côn đảo|"
    "miền tây|miền nam|miền bắc|miền trung|từ dũ|tân phú|tân bình|thiên chúa|ủy ban|uỷ ban|bộ công|bộ tư|"
    "sở tư|hội đồng|tòa án|chi cục|trung tâm|hội phụ|quốc hội|thái lan|thái nguyên|thái bình|chu kỳ|chu cấp|"
    "bà rịa|bà điểm|kiều bào|đài loan|hàn quốc"
)
#: A name does not begin with these, and ends before them. As written: "Thu" is a name, "thủ" is none.
_NONE = (
    as_written(
        "ủy uỷ ban ubnd bộ sở phòng trung hội quận phường xã tỉnh thành huyện đường phố trường bệnh "
        "viện chợ cầu khu ấp tổ tp cục tòa toà nước đảng thủ tục giấy cước kết hôn chứng đăng ký cccd "
        "cmnd bhxh bhyt vneid zalo hộ rịa điểm dịch cổng cán"
    )
    - _FAMILIES
    - {"trung", "hội", "thành"}
)
#: In small letters a name ends before these too.
_STOP = _NONE | as_written(
    "muốn làm xin hỏi cần có được đi ở thì mà và với cho ạ nha nhé nhe dạ vâng ngày tháng hiện đang đã "
    "sẽ bị do để không hông chưa phải quê số sđt sdt đt địa vừa từ trên trong ngoài của theo này đó kia "
    "gì ai nào sao đúng sai khác cũ mới giống trùng giờ nhờ giúp giùm dùm luôn nộp đổi là tên họ tuổi "
    "hay hoặc nhưng nên vì lại còn cũng rồi đến tới về ra vào lấy mất bao ơi thuộc thường tạm trú giấy "
    "tờ chủ trưởng phó người một chị em ông bà cô chú bác con cháu tôi mình tui cha mẹ má vợ chồng ad "
    "nó ta đây thưa gửi nếu khi thế vậy đứng ghi viết đọc gọi kèm thêm bỏ sửa chỉnh chữ đệm lót dân "
    "tịch sn sinh k ko dc đc khai căn công"
)
#: The same, and the same without accents, for a name that has none.
_STOP_TYPED = either(_STOP) - _FAMILIES - {"thu", "hong", "minh", "cong", "cuc", "thuong", "dan"}
#: After "văn" and "thị" stands a name, be it "tam" (Tâm or tạm): only these end it.
_ENDS = either("là ở sinh muốn có thì cần xin và")
#: After these a name is that of a place or of a school.
_PLACES = either(
    "đường phố trường cầu chợ phường xã quận huyện tỉnh tp viện ấp hẻm ngõ tư kênh tuyến khu đài thpt thcs "
    "học non thôn rạch sông bến ga đền chùa quốc lộ đ đg mầm số th công giải giếng vòng xoay hồ tượng"
)
#: Heroes whose names are streets everywhere: alone they are nobody who writes to us.
_STREETS = _whole(
    "nguyễn trãi|nguyễn du|nguyễn huệ|lê lợi|lê duẩn|trần phú|lê lai|phan chu trinh|phan bội châu|"
    "trần hưng đạo|lý thường kiệt|hoàng văn thụ|hoàng hoa thám|nguyễn thị minh khai|nguyễn tri phương|"
    "nguyễn văn cừ|lê hồng phong|trần quốc toản|hồ chí minh|nguyễn văn tiết|nguyễn đình chiểu|"
    "lý thái tổ|đinh tiên hoàng|võ thị sáu|phạm ngọc thạch|nguyễn trung trực|ngô quyền|bùi thị xuân|"
    "hồ xuân hương"
)
#: Without accents "co", "di", "ma", "cu" and "bo" are other words as well.
_TITLES = either("ông bà anh chị chú bé cháu con em bác cậu thầy thím vợ chồng mẹ cha tên") | as_written(
    "cô dì mợ cụ bố má"
)
_WHOSE = r"(?:tôi|em|mình|cháu|con|bé|tui|cô|chú|bác|anh|chị|vợ|chồng|mẹ|má|ba|cha|bố|ông|bà)"
_TOLD = re.compile(
    loosely(
        rf"(?<!\w)(?:(?:họ\s?(?:và\s|,\s?)?)?tên(?:\s(?:đầy\sđủ|thật|khai\ssinh|của))?(?:\s{_WHOSE}){{0,2}}"
        r"(?:\slà(?!\w)|\s?:|\s?-)?\s?:?)\s{0,2}"
    )
)
_IS = re.compile(
    loosely(r"(?<!\w)(?:tôi|em|con|chị|anh|mình|cháu|bé|tui|vợ|chồng|mẹ|ba|má|cha|ông|bà)\slà\s")
)
_WORD = re.compile(r"[^\W\d_]+")
_CAPITAL_INSIDE = re.compile(r"[^\W\d_]\w*[^\w\n]")
_NAME_WORDS = _TITLES | either("tên là")
_MOST = 5
_MOST_SMALL = 4

_Words = list["re.Match[str]"]


def people(text: Typed) -> Iterator[Found]:
    """Names of two to five words."""
    told = not text.words.isdisjoint(_CALLED) and not text.words.isdisjoint(_FAMILIES)
    capitals = text.text != text.low and sum(map(str.isupper, text.text)) > 1
    if not told and not capitals:
        return
    words = list(_WORD.finditer(text.text))
    low = [word[0].lower() for word in words]
    titled = _titled(text.text, words)
    starts = {word.start(): at for at, word in enumerate(words)}
    after_tell = (
        frozenset(starts[m.end()] for m in _TOLD.finditer(text.low) if m.end() in starts)
        if told or capitals
        else frozenset()
    )
    after_is = (
        frozenset(starts[m.end()] for m in _IS.finditer(text.low) if m.end() in starts)
        if capitals
        else frozenset()
    )
    at = 0
    while at < len(words):
        if capitals and words[at][0][0].isupper() and _of_a_place(text.text, words, low, at):
            at += _run(text.text, words, low, at, capitals=True)
            continue
        count = _count(text.text, words, low, at, titled, after_tell, after_is)
        if count:
            start, end = words[at].start(), words[at + count - 1].end()
            value = " ".join(word[0][0].upper() + word[0][1:].lower() for word in words[at : at + count])
            yield text.found("person_name", value, start, end)
        at += count or 1


_CALLED = frozenset(["tên", "ten"])


def _titled(text: str, words: _Words) -> bool:
    """Do most words begin with a capital? Then a capital says nothing of a name."""
    rest = words[1:]
    if len(rest) > 2 and text.isupper():
        return True
    return len(rest) > 5 and 4 * sum(word[0][0].isupper() for word in rest) > 3 * len(rest)


def _count(
    text: str,
    words: _Words,
    low: list[str],
    at: int,
    titled: bool,
    after_tell: frozenset[int],
    after_is: frozenset[int],
) -> int:
    """Of how many words the name is that begins here; 0 if none does."""
    first, word = words[at][0], low[at]
    capital = first[0].isupper()
    if not capital and at not in after_tell:
        return 0
    if (
        word in _NONE
        or (word, low[at + 1] if at + 1 < len(low) else "") in _NO_NAMES
        or _of_a_place(text, words, low, at)
    ):
        return 0
    family = word in _FAMILIES
    if capital and not titled:
        titled_before = at > 0 and low[at - 1] in _TITLES and _adjoin(text, words, at)
        if not (family or titled_before or at in after_tell or at in after_is) or word in _TITLES - _FAMILIES:
            return 0
        count = _run(text, words, low, at, capitals=True)
    elif capital and word in _SURE:
        count = _run(text, words, low, at, capitals=True)
    elif at in after_tell and (word in _SMALL or (word in _FAMILIES and low[at + 1 : at + 2] in _MIDDLES)):
        count = _run(text, words, low, at, capitals=False)
    else:
        return 0
    if count < 2 or (at not in after_tell and " ".join(low[at : at + count]) in _STREETS):
        return 0
    return count


def _adjoin(text: str, words: _Words, at: int) -> bool:
    return text[words[at - 1].end() : words[at].start()].isspace()


def _run(text: str, words: _Words, low: list[str], at: int, *, capitals: bool) -> int:
    """How many words belong together: those with a capital, or all up to one that ends a name."""
    count = 1
    for here in range(at + 1, min(at + (_MOST if capitals else _MOST_SMALL), len(words))):
        if text[words[here - 1].end() : words[here].start()] not in (" ", "  ", "\u00a0"):
            break
        if capitals:
            if not words[here][0][0].isupper() or low[here] in _NONE:
                break
        elif count == 1 and low[here] in _MIDDLE:
            pass  # after a family, "thi" is no "thì"
        elif low[here] in (
            _ENDS if low[here - 1] in _MIDDLE else _STOP_TYPED if low[at].isascii() else _STOP
        ):
            break
        count += 1
    return count


def _of_a_place(text: str, words: _Words, low: list[str], at: int) -> bool:
    """ "đường Nguyễn Du", "trường Nguyễn Văn Tiết", "12/3 Lê Lợi"."""
    before = text[max(0, words[at].start() - 3) : words[at].start()].rstrip(" .:")
    if before[-1:].isdecimal() and text[words[at].start() - 1] == " " and not before.endswith(tuple(":;,.")):
        return True
    if not at:
        return False
    between = text[words[at - 1].end() : words[at].start()]
    return low[at - 1] in _PLACES and not between.strip(" .")
