"""Sums of money and numbers of copies and pages, in digits and in words: "1tr5", "hai trăm ngàn",
"mười bản"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from components.typed import Found, Typed, either

_DIGITS = {
    form: value
    for value, words in enumerate(
        ["không", "một mốt", "hai", "ba", "bốn tư", "năm lăm nhăm", "sáu", "bảy bẩy", "tám", "chín"]
    )
    for form in either(words)
}
_SCALES = {
    form: scale
    for scale, words in {10**3: "nghìn ngàn k", 10**6: "triệu tr", 10**9: "tỷ tỉ ty"}.items()
    for form in words.split() + sorted(either(words) - {"ti"})
}
_SCALES["củ"] = 10**6
_TENS = either("mươi mười chục")
_HUNDRED = either("trăm")
_HALF = either("rưỡi rưởi")
_FILLERS = either("linh lẻ")
_NUMBER = frozenset([*_DIGITS, *_SCALES, *_TENS, *_HUNDRED, *_HALF, *_FILLERS, "hăm"]) - {"k", "le"}
_DONG = either("đồng") | {"đ", "vnđ", "vnd"}
_COPIES, _PAGES = either("bản bộ"), either("trang tờ")
_MONEY_WORDS = (frozenset(_SCALES) | _DONG | {"cu"}) - {"tr", "k"}

#: After a number they are not what is counted: "1 bản án", "2 đồng hồ", "3 trang web".
_NO_COPY = either(
    "án chính thân gốc cam tường kê khai vẽ đồ quyền tin nhạc ghi ngày đêm hành tính lĩnh địa chất năng di "
    "luật trưởng phận nội máy đội phim ngành nhớ môn bè bỏ lề xung đại tiêu giáo chỉ huy doi ngay"
)
#: "5 ban nam" are friends; without accents "ban" is also "bạn" and "bán".
_NO_COPY_PLAIN = either(
    "tre be nam nu nganh hoc di cung hang nha dat xe lai cho chung oi cua quan ve duoc muon noi hoi can da "
    "dau thi tu dieu chap giam to"
)
_NO_PAGE = either("web mạng trại thiết phục bị sức tin điện fb facebook zalo điểm trí trải hoàng")
_NO_SHEET = either("khai trình đơn rơi bướm bản tiền báo") | either("tieng lon chuc dan ky khu")
_NO_DONG = either(
    "chí ý sở thời hồ nghiệp hương bào bộ thuận nai tác xoài tháp giới tính đội phục loạt dạng hành họ thổ "
    "máy hương"
)
_NO_CURRENCY = either(
    "bản bộ trang tờ người lượt hồ m2 mét m cây con lần dân hộ năm khẩu km kg cái chiếc đơn hàng sách nhân "
    "ngày tháng căn chữ từ ca bà số"
)
#: What a number belongs to that comes before it: "quận 1 bản sao", "khu phố 3 tờ 5".
_OWNS_NUMBER = either(
    "quận phường tổ kp khu phố số điều khoản mẫu tầng lầu ấp đường cấp mức độ khối lớp lô thửa tờ sheet bậc "
    "hạng lần ngày tháng năm"
) | {"to"}
_VAGUE = either("vài mấy hàng dăm nhiều bao cả từng nhiêu di")
_ONE_OF_THEM = either("ba nam tu tam bay sau chin mot khong")

_TOKEN = re.compile(r"\w+")
#: "ti" is "tí", a little; "cu" also "cũ", which the word before decides.
_UNIT = r"(?:tỷ|tỉ|ty|triệu|trieu|tr|ngh[ìi]n|ng[àa]n|k|củ|cu)"
_DONG_AFTER = r"(?:đồng|dong|đông|vnđ|vnd|đ|₫)"
_LESSER = r"(?:triệu|trieu|tr(?!ă)|ngh[ìi]n|ng[àa]n|k|tr[ăa]m(?:\s{1,2}(?:ngh[ìi]n|ng[àa]n))?)"
#: "1tr5", "1 triệu 2", but not "1 triệu 2 bản".
_TAIL = rf"(?:\s(?=[0-9]{{1,3}}\s?(?:{_LESSER}(?!\w)|$|[^\w\s])))?[0-9]{{1,3}}(?![0-9])"
_DIGITAL = re.compile(
    r"(?<![\w.,/\-])(?P<a>[0-9]{1,3}(?:[.,][0-9]{3}){1,4}|[0-9]{1,3}(?: [0-9]{3}){1,3}(?=\s?[đd₫v])"
    r"|[0-9]{1,12}(?:[.,][0-9]{1,2})?)(?![0-9])\s?"
    rf"(?:(?P<unit>{_UNIT})(?:\s?(?P<half>r[ưu][ỡởơo]i)|(?P<tail>{_TAIL})(?:\s?(?P<lesser>{_LESSER}))?)?"
    rf"(?:\s?{_DONG_AFTER})?|{_DONG_AFTER}|(?<=000)d)(?!\w)"
)
_PLAIN_CU_AFTER = either("mất hết giá phí tốn khoảng tầm phạt đóng lệ là nộp")
_LEAST_SPACED_K = 10


def money_and_counts(text: Typed) -> Iterator[Found]:
    """What is counted in đồng, in copies and in pages."""
    if text.has_digit and not text.words.isdisjoint(_MONEY_UNITS):
        yield from _in_digits(text)
    if not text.words.isdisjoint(_COUNTS):
        yield from _in_words(text)


_MONEY_UNITS = frozenset(_SCALES) | _DONG | {"cu", "d"}
_COUNTS = _MONEY_WORDS | _COPIES | _PAGES


def _in_digits(text: Typed) -> Iterator[Found]:
    for match in _DIGITAL.finditer(text.low):
        if (value := _sum(text, match)) is not None:
            yield text.found("money", value, match.start(), match.end())


def _sum(text: Typed, match: re.Match[str]) -> str | None:
    """How many đồng; None if it is no money at all."""
    after, unit = text.after(match.end()), match["unit"]
    last = _TOKEN.findall(match[0])[-1].lstrip("0123456789")
    if last in _DONG:
        if after in _NO_DONG:
            return None
    elif after in _NO_CURRENCY or (last in ("ngan", "ngàn") and after in ("hang", "hàng")):
        return None
    number = match["a"]
    grouped = re.fullmatch(r"[0-9]{1,3}(?:[., ][0-9]{3})+", number)
    amount = float(re.sub("[., ]", "", number) if grouped else number.replace(",", "."))
    if not amount:
        return None
    if unit is None:
        return _whole(amount, match[0])
    if unit == "cu" and text.before(match.start()) not in _PLAIN_CU_AFTER:
        return None
    if unit == "k" and " " in match[0].split("k")[0] and amount < _LEAST_SPACED_K:
        return None  # "2 k" is "2 không"
    scale = _SCALES.get(unit, 10**6)
    amount *= scale
    if match["half"]:
        amount += scale / 2
    elif match["tail"]:
        tail, lesser = match["tail"].strip(), match["lesser"]
        if lesser is None:
            amount += int(tail) * scale / 10 ** len(tail)
        elif lesser.startswith(("trăm", "tram")):
            amount += int(tail) * 100 * 10**3
        else:
            amount += int(tail) * _SCALES.get(lesser, 10**6)
    return _whole(amount, match[0])


def _whole(amount: float, typed: str) -> str:
    return str(round(amount)) if abs(amount - round(amount)) < 1e-6 else " ".join(typed.split())


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    end: int


def _in_words(text: Typed) -> Iterator[Found]:
    """Runs of words of numbers, and what they count."""
    words = [_Word(match[0], *match.span()) for match in _TOKEN.finditer(text.low)]
    at = 0
    while at < len(words):
        first = at
        while at < len(words) and _is_number(words[at].text) and (at == first or _near(text, words, at)):
            at += 1
        if at > first:
            yield from _of_run(text, words, first, at)
        else:
            at += 1


def _is_number(word: str) -> bool:
    return word in _NUMBER or (len(word) <= 4 and word.isascii() and word.isdecimal())


def _near(text: Typed, words: list[_Word], at: int) -> bool:
    return text.low[words[at - 1].end : words[at].start].isspace()


def _of_run(text: Typed, words: list[_Word], first: int, end: int) -> Iterator[Found]:
    run = [word.text for word in words[first:end]]
    noun = words[end].text if end < len(words) and _near(text, words, end) else ""
    beyond = text.after(words[end].end) if noun else ""
    # up to its last unit a run is a sum: "2 triệu | 2 bản", "400 ngàn | không", "hai trăm ngàn | một tháng"
    scales = [at for at, word in enumerate(run) if word in _SCALES or (at and word in _HALF)]
    split = first + scales[-1] + 1 if scales else first
    if noun in _DONG and beyond not in _NO_DONG:
        yield from _sum_in_words(text, words, first, end, words[end].end)
    elif scales and (split < end or noun not in _NO_CURRENCY | _COPIES | _PAGES):
        if split < end and noun not in _NO_CURRENCY | _COPIES | _PAGES:
            whole = list(_sum_in_words(text, words, first, end, words[end - 1].end))
            yield from whole or _sum_in_words(text, words, first, split, words[split - 1].end)
        else:
            yield from _sum_in_words(text, words, first, split, words[split - 1].end)
    if split == end:
        split = first  # "2 nghìn bản"
    if noun in _COPIES and beyond not in _NO_COPY:
        yield from _count(text, words, split, end, "copies", noun, beyond)
    elif noun in _PAGES and beyond not in (_NO_PAGE if noun == "trang" else _NO_SHEET):
        yield from _count(text, words, split, end, "pages", noun, beyond)


def _sum_in_words(text: Typed, words: list[_Word], first: int, end: int, stop: int) -> Iterator[Found]:
    """The longest that can be read and ends at `end`; what stands before may belong to something else."""
    for begin in range(first, end):
        run = [word.text for word in words[begin:end]]
        value = read_number(run)
        if value is None:
            continue
        if (
            run[-1] in ("không", "khong")
            or not value
            or not _is_sum(run)
            or not _stands_alone(text, words, begin)
        ):
            return
        yield text.found("money", str(value), words[begin].start, stop)
        return


def _is_sum(run: list[str]) -> bool:
    """ "ngan" alone is also "ngân", and "ty một" the end of "công ty một thành viên"."""
    if run[0] in _SCALES:
        return len(run) == 2 and run[0] in ("triệu", "trieu") and run[1] in _HALF
    return not _SCALE_WORDS.isdisjoint(run) or run[-1].isdecimal() or not (_TENS | _HUNDRED).isdisjoint(run)


def _stands_alone(text: Typed, words: list[_Word], begin: int) -> bool:
    """Not the end of "2,5" or "ba bốn triệu", nor of "vài trăm ngàn"."""
    start = words[begin].start
    if start and text.low[start - 1] in ".,/-":
        return False
    before = words[begin - 1].text if begin else ""
    if before in _VAGUE:
        return False
    return not (before in _DIGITS and _DIGITS[before] + 1 == _DIGITS.get(words[begin].text))


def _count(
    text: Typed, words: list[_Word], first: int, end: int, kind: str, noun: str, beyond: str
) -> Iterator[Found]:
    run = [word.text for word in words[first:end]]
    value = read_number(run)
    before = words[first - 1].text if first else ""
    if not value or before in _OWNS_NUMBER or not _stands_alone(text, words, first):
        return
    if not _unlikely(run, noun, beyond):
        yield text.found(kind, str(value), words[first].start, words[end - 1].end)


_SCALE_WORDS = frozenset(_SCALES)


def _unlikely(run: list[str], noun: str, beyond: str) -> bool:
    """Without accents "ba ban nha" is "bà bán nhà" and "nam to" many things."""
    in_words = not run[-1].isdecimal()
    if len(run) == 1 and run[0] in ("tu", "bay", "lam", "nham"):
        return True  # "từ bản lưu", "bày bán", "làm tờ mới"
    if noun == "ban":
        return beyond in _NO_COPY_PLAIN or (run == ["mot"] and beyond not in ("sao", "photo", "copy", "thoi"))
    if noun == "bo":
        return in_words and beyond not in ("ho", "hs")
    if noun == "to":
        return (in_words and run[-1] in _ONE_OF_THEM) or beyond.isdecimal() or run == ["hai"]
    return run == ["không"] or run == ["khong"]


def read_number(words: list[str]) -> int | None:
    """ "hai mươi lăm", "3 trăm ngàn", "hai triệu rưỡi", "một triệu hai"; None if it is no number."""
    total = group = 0
    digit: int | None = None
    last = 0
    for at, word in enumerate(words):
        if word in _FILLERS:
            continue
        if word in _SCALES:
            scale = _SCALES[word]
            if last >= 1000 and (scale >= last or (digit is None and not group)):
                return None
            total += (group + (digit or 0) or 1) * scale
            group, digit, last = 0, None, scale
        elif word in _HUNDRED:
            group, digit, last = group + (1 if digit is None else digit) * 100, None, 100
        elif word in _TENS:
            if digit is not None and digit > 9:
                return None
            group, digit, last = group + (digit or 1) * 10, None, 10
        elif word == "hăm":
            group, digit, last = group + 20, None, 10
        elif word in _HALF:
            if not last or digit is not None or at + 1 < len(words):
                return None
            return total + group + last // 2
        elif digit is not None:
            return None  # "hai ba bản" are two or three
        else:
            digit = int(word) if word.isdecimal() else _DIGITS[word]
    if last >= 1000 and digit is not None and not group and 0 < digit < 10 and words[-2] in _SCALES:
        return total + digit * last // 10  # "một triệu hai"
    return total + group + (digit or 0)
