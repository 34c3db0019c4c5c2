"""Days in a message: "30/4", "mùng 3 tháng chạp", "sáng mai", "thứ hai tuần sau", "2 ngày nữa".

The value is what was typed: which day it is depends on today and on what was asked, and the bot knows both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from components.typed import Found, Typed, either, loosely

_S = r"\s{1,3}"
_O = r"\s{0,2}"
_START = r"(?<![\w/])"
_D = r"(?:0?[1-9]|[12][0-9]|3[01])(?![0-9])"
_M = r"(?:0?[1-9]|1[0-2])(?![0-9])"
_YEAR = r"(?:19|20)[0-9]{2}(?![0-9])"
_SEP = rf"{_O}[/.\-]{_O}"
_ONES = "một|hai|ba|bốn|tư|năm|lăm|sáu|bảy|bẩy|tám|chín|mốt"
_DAY_WORD = (
    rf"(?:(?:hai|ba){_S}mươi(?:{_S}(?:{_ONES}))?|hăm{_S}(?:{_ONES})|mười(?:{_S}(?:{_ONES}))?|{_ONES})(?!\w)"
)
_TWO_WORDS = rf"(?:(?:hai|ba){_S}mươi(?:{_S}(?:{_ONES}))?|hăm{_S}(?:{_ONES})|mười{_S}(?:{_ONES}))(?!\w)"
_MONTH = rf"(?:{_M}|(?:giêng|chạp|mười(?:{_S}(?:một|hai))?|{_ONES})(?!\w))"
_LUNAR = rf"(?:{_S}(?:âm{_S}lịch|al)(?!\w))?"
_IN = "(?:đầu|giữa|cuối)"
_WHEN = rf"(?:vừa{_S}(?:rồi|qua)|này|nay|sau|tới|trước|rồi|qua)(?!\w)"


def _form(body: str) -> re.Pattern[str]:
    return re.compile(_START + loosely(body))


_FULL = _form(
    rf"(?:ngày{_O})?(?<![\d.,\-])(?:{_D}{_SEP}{_M}{_SEP}(?:{_YEAR}|[0-9]{{2}}(?![0-9]))"
    rf"|{_YEAR}[/.\-]{_M}[/.\-]{_D})(?![0-9]|[/\-]\w|\.[0-9]){_LUNAR}"
)
_RUN = _form(rf"(?<![\d.,\-+])(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2]){_YEAR}(?![\w/\-]|\.[0-9])")
_SHORT = _form(
    rf"(?P<on>ngày{_O})?(?<![\d.,\-])(?P<d>{_D})(?P<sep>{_SEP})(?P<m>{_M})"
    rf"(?!{_O}[/\-.,]{_O}[0-9]|[/\-]\w|[a-zđ²%])(?:,?{_S}năm{_S}{_YEAR})?{_LUNAR}"
)
_MONTH_AND_YEAR = _form(
    rf"(?:{_IN}{_S})?(?P<on>tháng{_O}|t)?(?<![\d.,\-])(?P<m>{_M})(?:{_O}[/\-]{_O}|\.){_YEAR}(?![/\-]\w)"
)
_OF_A_MONTH = _form(
    rf"(?:(?:ngày|hôm|bữa|mùng|mồng|rằm){_O}{_D}|(?:ngày|mùng|mồng){_S}{_DAY_WORD}"
    rf"|ngày{_S}(?:mùng|mồng|rằm){_O}(?:{_D}|{_DAY_WORD})|{_TWO_WORDS}|(?P<bare>{_D})|rằm)"
    rf"{_O}(?:tháng|th){_O}(?:{_MONTH}|(?P<which>này|sau|tới|trước|rồi)(?!\w))"
    rf"(?:(?:,?{_S}năm{_S}|{_O}[/\-]{_O}|{_S}){_YEAR})?{_LUNAR}"
)
_DAY_ALONE = _form(
    rf"(?:(?P<on>ngày|hôm|bữa){_O}{_D}(?![\w%]|{_O}[/.\-]{_O}[0-9]){_LUNAR}"
    rf"|(?:ngày{_S})?(?:mùng|mồng){_O}(?:{_D}|{_DAY_WORD})(?!\w|[/.\-][0-9])(?:{_S}tết(?!\w))?{_LUNAR}"
    rf"|(?:ngày{_S})?(?:{_D}|ba{_S}mươi|hăm{_S}(?:{_ONES})){_S}tết(?!\w))"
)
_MONTH_ALONE = _form(
    rf"(?:{_IN}{_S})?tháng{_O}(?P<m>{_MONTH})(?![\w%]|[.,\-][0-9])"
    rf"(?P<year>,?{_S}(?:năm{_S})?{_YEAR}|{_S}năm{_S}(?:nay|sau|ngoái|tới|trước)(?!\w))?{_LUNAR}"
)
_PERIOD = _form(
    rf"(?:(?:{_IN}{_S})?(?:(?:tuần|tháng){_S}{_WHEN}|năm{_S}(?:nay|ngoái|sau|tới)(?!\w))"
    rf"|(?:đầu|cuối){_S}(?:tuần|tháng|năm)(?!\w)(?!{_S}[0-9])|{_IN}{_S}năm{_S}{_YEAR})"
)
_YEAR_ALONE = _form(rf"năm{_S}{_YEAR}(?![/\-]\w)")
_NAMED = re.compile(
    _START
    + "(?:"
    + loosely(rf"(?:hôm|bữa|bửa|hum){_S}(?:nay|qua|kia|mai|mốt)|hnay|hqua|ngày{_S}(?:mai|mốt|kia|hôm{_S}qua)")
    + loosely(rf"|(?P<qua>(?:sáng|trưa|chiều|đêm){_S}qua)|(?:sáng|trưa|chiều|khuya|đêm){_S}(?:nay|kia)")
    # without their accents, "tối nay" is also "tôi nay", and "mốt" is also "một"
    + rf"|tối{_S}(?:nay|qua|kia)|(?P<mai>mai)(?:{_S}m[ốo]t)?|(?P<mot>mốt))(?!\w)"
)
#: Who acts after a name of a day that is also a verb or an ending: "thứ sáu tới nộp", "sáng qua phường".
_GOES = either(
    "phường nộp lấy làm đó đây ủy chỗ nhà bên gặp ubnd ub trung quầy ký nhận hỏi đăng chứng xin ở tận nơi "
    "cơ công xã giờ lúc ngày khi kỳ hạn thứ t2 t3 t4 t5 t6 t7 chủ cn hết"
)
_NOT_TO_GO = rf"(?!{_S}(?:{'|'.join(sorted(_GOES))})(?!\w))"
_WEEKDAY = _form(
    rf"(?:thứ{_O}(?P<n>[2-7](?![0-9/%]|[.,][0-9])|(?:hai|ba|tư|năm|sáu|bảy|bẩy)(?!\w))|(?P<t>t[2-7])(?!\w|[/.\-][0-9])"
    rf"|(?:chủ|chúa){_S}nhật(?!\w)|(?P<cn>cn)(?!\w))"
    rf"(?:{_S}(?:tuần{_S}{_WHEN}|đầu{_S}tuần|(?:này|nay|sau|trước|vừa{_S}rồi|(?:tới|rồi)(?!\w){_NOT_TO_GO})(?!\w)))?"
)
#: "tư tháng" is only ever "từ tháng"
_FEW = "một|hai|ba|bốn|năm|sáu|bảy|bẩy|tám|chín"
_AWAY = _form(
    rf"(?:cách{_S}đây{_S}(?:[0-9]{{1,3}}|nửa|(?:{_FEW}|mười)(?:{_S}(?:mươi|{_ONES}))?){_S}(?:ngày|tuần|tháng|năm|bữa)(?!\w)"
    rf"|(?:[0-9]{{1,3}}|nửa|(?:{_FEW}|mười)(?:{_S}(?:mươi|{_ONES}))?){_S}(?:ngày|tuần|tháng|năm|bữa|hôm){_S}"
    rf"(?P<way>nữa|tới|sau|trước|trc)(?!\w))"
)
_BEFORE = re.compile(
    loosely(
        rf"{_START}(?:[0-9]{{1,2}}{_O}(?:h|g|giờ)(?:{_O}[0-5][0-9]|{_S}rưỡi)?(?![0-9]){_S})?"
        rf"(?:(?:sáng|trưa|chiều|khuya|đêm|<>){_S})?$"
    ).replace("<>", "tối")
)
_LONGEST_BEFORE = 24
_JOINS = re.compile(loosely(r",?\s{0,3}(?:ngày\s{1,3})?"))

#: What is counted: "tháng 2 lần" is no February, "thứ 3 bản" no Tuesday, "ngày 8 tiếng" no eighth.
_COUNTED = either(
    "lần bản bộ trang tờ người đứa con tiếng giờ triệu tr ngàn nghìn trăm chục k đồng đ ngày tuần tháng "
    "tuổi cái cuốn quyển hộ bên vợ chồng mẹ anh chị ông cháu buổi phòng căn lô thửa m2 m mét chỗ nơi loại "
    "cặp suất kg khẩu ca cử viên phần % h rưỡi hồ đợt kỳ giấy món chiếc thành nhân lượt số cm km suất cây "
    "nhà xe"
)
#: A number after these is none of a day: "số nhà 12/3", "mức độ 3/4", "điều 5".
_NO_DAY_AFTER = either(
    "số nhà hẻm hẽm ngõ ngách kiệt lô thửa đường mức độ điều khoản mẫu block căn tổ ấp kp tỉ tỷ lệ định "
    "quyết tư nđ tt qđ luật quận phường khu phố block tờ bản chỉ sn binh hộ cấp hạng loại lầu tầng phòng đc "
    "dc gplx lớp khối tuổi"
) - either("hộ")
_NO_DAY_BEFORE = either(
    "đường hẻm kp ấp tổ ql m2 diện suất lương giá lô mảnh đất phần thửa căn số của khu tuyến block nguyễn "
    "trần lê phạm"
)
#: "2-3 ngày" is a number of days.
_QUANTITY = either(
    "mấy vài cả suốt nhiều hàng mỗi hằng hơn gần bao các những dăm một hai ba bốn năm sáu bảy tám chín mười "
    "chục nửa"
)
_ORDINAL = either(
    "lần tháng tuần con đứa bé cháu vợ chồng người bên trai gái căn nhà xe cái tờ trang cuốn hạng đời điều "
    "khoản mục câu bước nơi năm nước hàng vị dòng cột nhân loại cấp mũi phương đợt phần kỳ gia công mẹ cha "
    "ba thành"
)
_NAME_BEFORE_MAI = either(
    "chị cô bà dì ông ô thím mợ bác chú cậu cụ thị thanh ngọc xuân phương quỳnh tuyết hoàng bạch trúc hồng "
    "hoa cây cành chậu ban nhành tên phường đường bình họ lá bông nay"
) | frozenset(["thuong", "khuyen", "thương", "khuyến", "lop", "cai", "mem", "duoi", "duong"])
_AFTER_MAI = either(
    "táng mối danh phục vàng một thúy hương lan anh linh đình chi hiên tôn sau này mai đóm châu trần nguyễn "
    "văn thị xuân phương hồng đức chí hắc mốt"
) - frozenset(["mot", "mốt", "anh", "lan", "chi", "nay", "này", "mai", "duc"])
#: Without accents "mai" is also "mái": with these words a roof is meant.
_ROOF = either("troi pin ton ngoi lop thay nang tuong che am ap tang toc thao son doi")
_AFTER_ROOF = either("am nha che ton ngoi thai bang hien")
_SPEAKERS = either("em tôi tui mình con cháu e t m c")
_FASHION = either("thời trang hợp lỗi theo kiểu chạy đúng mươi hăm chục băm người mẫu")
_AFTER_FASHION = either("mới áo quần tóc thời đồ váy nhất xưa")
_SUNDAY_AFTER = either("ngày hôm sáng chiều tối trưa vào bảy t7 7 và nghỉ hay đến tới với hoặc")
_SUNDAY_BEFORE = either(
    "này nay tuần sau tới trước có mở làm nghỉ lên ko k không em tôi mình nộp ra đi được dc hay là phường "
    "sáng chiều"
)
_LAW = either("luật nghị lệnh")
_YEAR_CUE = either(
    "sinh từ hồi vào trước sau cuối đầu giữa đến tới trong khoảng mua xây cưới mất cấp hết lấy làm nhận tháng"
)
_PEOPLE = either("vợ chồng chị anh em mẹ cha ông bà cháu đứa con bé cô chú người")

Span = tuple[int, int]


def _slashed(text: Typed, match: re.Match[str]) -> bool:
    """Day and month without a year: neither a house, nor a share, nor "from … to"."""
    day, month, sep = int(match["d"]), int(match["m"]), match["sep"].strip()
    before = text.before(match.start())
    if before in _NO_DAY_AFTER:
        return False
    if match["on"]:
        return True
    if month == 10 and before in _MARKS:
        return False
    after = text.after(match.end())
    if "." in sep or (day, month) == (24, 7) or after in _NO_DAY_BEFORE:
        return False
    if sep == "-" and (day <= month or " " in match["sep"]) and before not in _ON:
        return False
    # "1/2 lô đất", "2/3 số hộ": a share
    return (
        not (day == 1 and month <= 4 and (after in _COUNTED or (after == "" and before != "")))
        and after not in _COUNTED
    )


_MARKS = either("giá điểm chấm nhận quả đạt được đc dc")
_ON = either("ngày hôm sáng trưa chiều tối lễ bữa")


def _after_no_number(text: Typed, match: re.Match[str]) -> bool:
    return text.before(match.start()) not in _NO_DAY_AFTER


def _of_a_month(text: Typed, match: re.Match[str]) -> bool:
    if match["bare"] is None:
        return True
    # "bé 5 tháng 10 ngày" is an age, "6 tháng sau" a while
    return (
        not match["which"]
        and not match[0].endswith("sau")
        and text.after(match.end()) not in _COUNTED
        and text.before(match.start()) not in _NO_DAY_AFTER | _QUANTITY
    )


def _day_alone(text: Typed, match: re.Match[str]) -> bool:
    before = text.before(match.start())
    if match[0].startswith("mong ") and not text.has_digit and not match[0].endswith("tet"):
        return before in _ON  # else it is hoped for
    return not (
        match["on"] and (text.after(match.end()) in _COUNTED or before in _QUANTITY or before.isdecimal())
    )


def _month_alone(text: Typed, match: re.Match[str]) -> bool:
    before, after = text.before(match.start()), text.after(match.end())
    if match["year"]:
        return before != "ngày"
    if before in _QUANTITY or before.isdecimal() or before in ("ngày", "ngay"):
        return False
    if match["m"] == "sau":
        return False  # that is the next one, and no June
    if match["m"].isascii() and match[0].startswith("thang") and text.text[match.start("m")].isupper():
        return False  # "thang Hai" is "thằng Hai"
    if match["m"] in ("năm", "nam") and after in _MONTH_AND_SO_ON:
        return False
    return after not in _COUNTED and after not in _PEOPLE


_MONTH_AND_SO_ON = either("sinh nào nay ngoái sau trước tới rồi kế 1 2") | frozenset([""])


def _period(text: Typed, match: re.Match[str]) -> bool:
    before, after = text.before(match.start()), text.after(match.end())
    if before in _QUANTITY or before.isdecimal() or before in ("thang", "tháng", "thứ", "thu"):
        return False
    if after in ("mấy", "may", "nào", "nao"):
        return False
    last = match[0].split()[-1]
    if last in ("tới", "toi", "qua", "rồi", "roi") and after in _GOES:
        return False
    return not (last in ("sau", "trước", "truoc") and after in _THE_EVENT)


_THE_EVENT = either("khi sinh lúc ngày đó này kể")


def _year_alone(text: Typed, match: re.Match[str]) -> bool:
    before = text.before(match.start())
    if not before:
        return not text.after(match.end())
    return before in _YEAR_CUE and (before == "sinh" or text.words.isdisjoint(_LAW))


_THESE = ("bữa", "bua", "hôm", "hom", "bửa", "hum")


def _named(text: Typed, match: re.Match[str]) -> bool:
    before, after = text.before(match.start()), text.after(match.end())
    if match["qua"]:
        # "dem qua" is also "đem qua"
        return after not in _GOES and after not in ("được", "đc") and not match[0].startswith("dem")
    if match["mai"] and len(match[0]) > 3:
        return False  # "mai mốt" is some day
    if match[0].endswith("mot"):
        return before not in _QUANTITY and after not in ("thang", "nam", "tuan", "lan")
    if match["mot"]:
        return before not in _FASHION and after not in _AFTER_FASHION and not before.isdecimal()
    if not match["mai"]:
        return not (
            match[0].startswith(_THESE) and (before in _QUANTITY or before.isdecimal())
        )  # "mấy bữa nay"
    at = match.start()
    capital = text.text[at] == "M" and not text.text[at : at + 3].isupper()
    if capital and text.text[:at].rstrip()[-1:] not in ("", ".", "!", "?", "\n"):
        return False
    if after in _AFTER_MAI or (after == "mo" and before == "mo"):
        return False
    if not text.words.isdisjoint(_ROOF) and (after in _AFTER_ROOF or text.low.isascii()):
        return False
    if before in _NAME_BEFORE_MAI:
        return not capital and after in _SPEAKERS
    return not (capital and text.text[match.end() : match.end() + 2].strip()[:1].isupper())


def _weekday(text: Typed, match: re.Match[str]) -> bool:
    before, after = text.before(match.start()), text.after(match.end())
    if match["n"]:
        if before in _ORDINAL or _FIRST.search(text.low) or after in _COUNTED - _WEEKDAY_MAY_PRECEDE:
            return False
        if match["n"] == "tu" and "tuan" not in match[0]:
            return before in _ON or before in ("hen", "den", "vao", "toi")  # else "thứ tự"
        return not (match["n"] in ("năm", "nam") and _A_YEAR.match(text.low, match.end()))
    if match["cn"]:
        return (
            before in _SUNDAY_AFTER or after in _SUNDAY_BEFORE or len(match[0]) > 2 or not (before or after)
        )
    return after not in _PLACES_AFTER and before not in _NO_DAY_AFTER


#: Where there is a first, "thứ hai" is the second.
_FIRST = re.compile(loosely(r"thứ\s{1,2}nhất"))
_WEEKDAY_MAY_PRECEDE = either(
    "ngày người anh chị ông con cháu mẹ vợ chồng nhà giờ tuần tháng hồ giấy h hộ phòng bên"
)
_A_YEAR = re.compile(rf"\s{{1,2}}{_YEAR}")
_PLACES_AFTER = either("khu chung block tầng")


def _away(text: Typed, match: re.Match[str]) -> bool:
    if match["way"] is None:
        return True
    before, after = text.before(match.start()), text.after(match.end())
    if before in _QUANTITY_BEFORE_AWAY or before in ("tháng", "thang", "thứ", "thu", "ngày", "ngay"):
        return False
    if match["way"] in ("nữa", "nua"):
        return True
    return after not in (_GOES if match["way"] in ("tới", "toi") else _THE_EVENT)


_QUANTITY_BEFORE_AWAY = either("mấy vài nhiều hàng mỗi dăm đến tới trong vòng")

Check = Callable[[Typed, re.Match[str]], bool]


def _always(text: Typed, match: re.Match[str]) -> bool:
    return True


_DAYS = either("ngày hôm bữa mùng mồng tết")
_MONTHS = either("tháng th")
#: Words without which a form cannot stand in the text (None: any digit), the form, and what else must hold.
_FORMS: tuple[tuple[frozenset[str] | None, re.Pattern[str], Check, str], ...] = (
    (None, _FULL, _after_no_number, "written"),
    (None, _RUN, _after_no_number, "written"),
    (None, _SHORT, _slashed, "written"),
    (None, _MONTH_AND_YEAR, _after_no_number, ""),
    (_MONTHS, _OF_A_MONTH, _of_a_month, "written"),
    (_DAYS, _DAY_ALONE, _day_alone, "written"),
    (_MONTHS, _MONTH_ALONE, _month_alone, ""),
    (either("tuần tháng năm"), _PERIOD, _period, ""),
    (either("năm"), _YEAR_ALONE, _year_alone, ""),
    (
        either("hôm bữa bửa hum hnay hqua ngày sáng trưa chiều khuya đêm mai") | {"mốt", "tối"},
        _NAMED,
        _named,
        "",
    ),
    (either("thứ t chủ chúa cn"), _WEEKDAY, _weekday, "weekday"),
    (either("nữa tới sau trước trc đây"), _AWAY, _away, ""),
)


def days(text: Typed) -> Iterator[Found]:
    """Each day, with the hour and the part of the day before it."""
    spans: list[tuple[int, int, str]] = []
    for needs, form, check, kind in _FORMS:
        if (text.has_digit if needs is None else not text.words.isdisjoint(needs)) is False:
            continue
        for match in form.finditer(text.low):
            if check(text, match):
                spans.append((match.start(), match.end(), kind))
    if len(spans) > 1:
        spans = _joined(text, spans)
    for start, end, _ in spans:
        near = max(0, start - _LONGEST_BEFORE)
        before = _BEFORE.search(text.low[near:start])
        if before is not None and (
            near + before.start() == 0 or text.low[near + before.start() - 1] in " \n,.(:;"
        ):
            start = near + before.start()
        yield text.found("date", " ".join(text.text[start:end].split()), start, end)


def _joined(text: Typed, spans: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """ "thứ hai, ngày 5/11" is one day."""
    joined: list[tuple[int, int, str]] = []
    spans.sort(key=lambda span: (span[0], -span[1]))
    for start, end, kind in spans:
        if joined:
            first, last, before = joined[-1]
            if before == "weekday" and kind == "written" and last <= start:
                if _JOINS.fullmatch(text.low, last, start):
                    joined[-1] = (first, end, kind)
                    continue
            elif end <= last:
                continue
        joined.append((start, end, kind))
    return joined
