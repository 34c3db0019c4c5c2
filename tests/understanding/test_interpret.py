"""From what came in, and where the citizen stands, to one command."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.commands import (
    Ask,
    AskStatus,
    Back,
    CallOfficer,
    Cancel,
    CannotHandle,
    Clarify,
    Command,
    CorrectSlot,
    Edit,
    Explain,
    Find,
    Say,
    SetSlot,
    StartFlow,
)
from bot.core.heard import Collecting, Guess, Heard, Situation
from bot.core.messages import Attachment, Incoming, Place
from bot.understanding.interpret import SAYINGS, Interpreter
from bot.understanding.words import load_words
from tests.understanding.understanding_scene import ROOT

KHAI_SINH, KET_HON, LAI = "dang_ky_khai_sinh", "dang_ky_ket_hon", "dang_ky_lai_khai_sinh"
TRIGGERS = {"report_problem": "phan_anh", "book_appointment": "hen_chung_thuc_ban_sao"}
FORMS = {KHAI_SINH: KHAI_SINH}
FREE = Situation(triggers=TRIGGERS, forms=FORMS)
AFTER_KHAI_SINH = Situation(triggers=TRIGGERS, forms=FORMS, subject=KHAI_SINH)


class Model:
    """A reader that always hears the same, and counts how often it was asked."""

    def __init__(self, intent: str = "nlu_fallback", confidence: float = 0.9, **procedures: float) -> None:
        self.asked: list[str] = []
        self._intent, self._confidence = intent, confidence
        self._guesses = tuple(
            Guess(id=one, code="", name="", confidence=score) for one, score in procedures.items()
        )

    async def read(self, text: str) -> Heard:
        self.asked.append(text)
        return Heard(
            text=text,
            intent=self._intent,
            confidence=self._confidence,
            procedures=self._guesses,
            source="rasa",
        )


@pytest.fixture
def meant(words):
    """The command for a text, when the model hears this."""

    async def command(model: Model, incoming: Incoming, situation: Situation) -> Command:
        interpreter = Interpreter(model, words)
        needed = interpreter.at_once(incoming, situation) is None
        found, heard = await interpreter.command(incoming, situation)
        assert bool(model.asked) is needed
        assert heard is None or heard.text == incoming.text.strip()
        return found

    return command


@pytest.mark.parametrize(
    ("model", "text", "situation", "command"),
    [
        # a question about a named procedure
        (Model("ask_fee", dang_ky_ket_hon=0.9), "lệ phí kết hôn", FREE, Ask("fee", KET_HON)),
        (Model("ask_overview", dang_ky_ket_hon=0.9), "kết hôn", FREE, Ask("overview", KET_HON)),
        (Model("ask_fee", 0.3, dang_ky_ket_hon=0.9), "kết hôn à ờm", FREE, Ask("overview", KET_HON)),
        # follow-ups keep the subject, whatever was ranked by chance
        (Model("ask_fee", dang_ky_ket_hon=0.3), "hết bao nhiêu vậy", AFTER_KHAI_SINH, Ask("fee", KHAI_SINH)),
        (Model("ask_fee", dang_ky_ket_hon=0.8), "lệ phí bao nhiêu?", AFTER_KHAI_SINH, Ask("fee", KHAI_SINH)),
        (Model("ask_address"), "ở đâu vậy em", AFTER_KHAI_SINH, Ask("where", KHAI_SINH)),
        (Model("ask_fee", dang_ky_ket_hon=0.8), "còn lệ phí kết hôn?", AFTER_KHAI_SINH, Ask("fee", KET_HON)),
        (Model("ask_fee"), "lệ phí bao nhiêu", FREE, Say("which_procedure")),
        # two are likely
        (
            Model("ask_documents", dang_ky_khai_sinh=0.45, dang_ky_lai_khai_sinh=0.4, dang_ky_ket_hon=0.05),
            "làm giấy cho bé",
            FREE,
            Clarify("documents", (KHAI_SINH, LAI)),
        ),
        (
            Model("ask_documents", dang_ky_khai_sinh=0.55, dang_ky_lai_khai_sinh=0.5),
            "làm giấy cho bé cần gì",
            AFTER_KHAI_SINH,
            Ask("documents", KHAI_SINH),
        ),
        # filing
        (
            Model("start_dossier", dang_ky_khai_sinh=0.9),
            "muốn nộp khai sinh",
            FREE,
            StartFlow(KHAI_SINH),
        ),
        (Model("start_dossier"), "nộp luôn tại đây", AFTER_KHAI_SINH, StartFlow(KHAI_SINH)),
        (
            Model("start_dossier", dang_ky_ket_hon=0.9),
            "đăng ký kết hôn luôn",
            FREE,
            Ask("overview", KET_HON),
        ),
        (Model("start_dossier"), "tôi muốn nộp giấy", FREE, Say("which_form")),
        (
            Model("start_dossier", dang_ky_khai_sinh=0.5, dang_ky_lai_khai_sinh=0.45),
            "nộp khai sinh",
            FREE,
            Clarify("start", (KHAI_SINH, LAI)),
        ),
        # other wishes
        (Model("report_problem"), "rác đầy đường", FREE, StartFlow("phan_anh")),
        (Model("book_appointment"), "hẹn chứng thực", FREE, StartFlow("hen_chung_thuc_ban_sao")),
        (Model("talk_to_officer"), "nhờ người phường gọi", FREE, CallOfficer()),
        (Model("dossier_status"), "giấy tôi làm bữa trước sao rồi", FREE, AskStatus()),
        (Model("ask_hours"), "sáng thứ bảy phường làm ko", FREE, Say("ask_hours")),
        (Model("out_of_scope"), "kể chuyện cười đi", FREE, Say("out_of_scope")),
        (Model("cancel"), "thôi mệt quá hổng làm", FREE, Cancel()),
        (Model("correct"), "tôi khai sai mất rồi chú", FREE, Edit()),
        # not understood
        (Model(confidence=0.1), "asdfgh", FREE, CannotHandle()),
        (Model("out_of_scope"), "asdfgh", FREE, CannotHandle()),
        (Model(confidence=0.1, dang_ky_ket_hon=0.3), "cưới hỏi", FREE, Find("cưới hỏi")),
        (Model("an_intent_nobody_knows"), "xyz abc", FREE, CannotHandle()),
        # no model needed
        (Model(), "alo", FREE, Say("greet")),
        (Model(), "H29.118-261123-0004 sao rồi", FREE, AskStatus("H29.118-261123-0004")),
        (Model(), "😀😀", FREE, Say("no_words")),
        (Model(), "   ", FREE, Say("empty")),
        (Model(), "12345", FREE, CannotHandle()),
        (Model(), "a" * 100_000, FREE, Say("too_long")),
        (Model(), "/hoso", FREE, AskStatus()),
    ],
)
async def test_with_no_question_in_hand(meant, typed, model, text, situation, command):
    assert await meant(model, typed(text), situation) == command


FEE = {"intent": "ask_fee", "confidence": 0.9}


@pytest.mark.parametrize(
    ("model", "text", "question", "command"),
    [
        (Model(**FEE), "0909123456", ("so_dien_thoai", "phone", True), SetSlot(None, "0909123456")),
        (Model(), "thôi", ("xac_nhan", "bool", True), SetSlot(None, "thôi")),
        (Model(), "thôi", ("ho_ten_be", "name", True), Cancel()),
        (Model(), "Nguyễn Văn Sao", ("ho_ten_be", "name", True), SetSlot(None, "Nguyễn Văn Sao")),
        (Model(), "là gì vậy", ("ho_ten_be", "name", None), Explain()),
        (
            Model(),
            "à bé sinh mùng 4 chứ ko phải 5",
            ("noi_sinh", "address", True),
            CorrectSlot("ngay_sinh", "mùng 4"),
        ),
        # a question in the middle of a form is about this form
        (Model(**FEE), "mà mất tiền ko", ("noi_sinh", "address", True), Ask("fee", KHAI_SINH)),
        (Model(**FEE), "mà mất tiền ko", ("noi_sinh", "text", None), Ask("fee", KHAI_SINH)),
        (Model(**FEE), "lệ phí bao nhiêu", ("so_dien_thoai", "phone", False), Ask("fee", KHAI_SINH)),
        (
            Model("ask_fee", 0.9, dang_ky_ket_hon=0.9),
            "còn kết hôn mất tiền ko",
            ("so_dien_thoai", "phone", False),
            Ask("fee", KET_HON),
        ),
        (
            Model("ask_fee", 0.6),
            "mà mất tiền ko",
            ("noi_sinh", "text", None),
            SetSlot(None, "mà mất tiền ko"),
        ),
        # what is not a clear wish of its own is an answer
        (
            Model("report_problem"),
            "đèn hư sao không ai sửa?",
            ("noi_dung", "text", None),
            StartFlow("phan_anh"),
        ),
        (
            Model("out_of_scope"),
            "bên kia đường là gì?",
            ("noi_dung", "text", None),
            SetSlot(None, "bên kia đường là gì?"),
        ),
        (Model(**FEE), "số nhà 12", ("so_dien_thoai", "phone", False), SetSlot(None, "số nhà 12")),
        (Model(**FEE), "tiền? " * 200, ("noi_dung", "text", None), SetSlot(None, ("tiền? " * 200).strip())),
        (Model(), "cảm ơn em", ("noi_sinh", "text", None), Say("thanks")),
        (Model(), "😀", ("noi_sinh", "text", None), CannotHandle()),
        (Model(), "👍", ("xac_nhan", "bool", True), SetSlot(None, "👍")),
        (Model(), "", ("noi_sinh", "text", None), Say("empty")),
        (
            Model(),
            "H29.118-261123-0004",
            ("ma_ho_so", "text", None),
            SetSlot(None, "H29.118-261123-0004"),
        ),
        (
            Model(),
            "H29.118-261123-0004 tới đâu rồi",
            ("noi_sinh", "text", None),
            AskStatus("H29.118-261123-0004"),
        ),
    ],
)
async def test_with_a_question_in_hand(meant, typed, asked, model, text, question, command):
    slot, type_, fits = question

    assert await meant(model, typed(text), asked(slot, type_, fits=fits)) == command


async def test_the_matter_in_hand_is_not_begun_again(meant, typed):
    question = Collecting(slot="noi_dung", type="text", required=True)
    here = Situation(collecting=question, flow="phan_anh", triggers={"report_problem": "phan_anh"})

    found = await meant(Model("report_problem"), typed("sao không ai dọn rác?"), here)

    assert found == SetSlot(None, "sao không ai dọn rác?")


PHOTO = (Attachment(name="anh.jpg", mime="image/jpeg", size=9),)
HERE = Place(latitude=10.9, longitude=106.7)


async def test_files_and_places_answer_the_question_in_hand(meant, asked):
    photo = Incoming(channel="web", external_id="1", sender="s", text="mặt trước", files=PHOTO)
    place = Incoming(channel="web", external_id="2", sender="s", place=HERE)

    assert await meant(Model(), photo, asked("anh", "file")) == SetSlot(None, "mặt trước", PHOTO)
    assert await meant(Model(), place, asked("noi", "address")) == SetSlot(None, "", (), HERE)


async def test_files_that_nobody_asked_for_are_kept_and_places_asked_about(meant):
    photo = Incoming(channel="web", external_id="1", sender="s", files=PHOTO)
    place = Incoming(channel="web", external_id="2", sender="s", place=HERE)

    assert await meant(Model(), photo, FREE) == SetSlot(None, "", PHOTO)
    assert await meant(Model(), place, FREE) == Say("place_without_form")


@pytest.mark.parametrize(
    ("payload", "command"),
    [
        ("/SetSlots(xac_nhan=true)", SetSlot("xac_nhan", "true", tapped=True)),
        ("/report_problem", StartFlow("phan_anh")),  # as clients of Rasa's REST channel write it
        ("/ask_hours", Say("ask_hours")),
        ("/rm -rf", CannotHandle()),
        ("DROP TABLE", CannotHandle()),
        ("", CannotHandle()),
    ],
)
async def test_a_tap_is_plain(meant, payload, command):
    tap = Incoming(channel="web", external_id="1", sender="s", tapped=payload)

    assert await meant(Model(), tap, FREE) == command


#: What our rules look for, to be thrown together.
PIECES = [
    "sửa",
    "nhầm",
    "là gì",
    "?",
    "sđt",
    "ngày sinh",
    "bé",
    "chứ không phải",
    "5",
    "thôi",
    "dạ",
    "ạ",
    "/huy",
]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(
    text=st.one_of(
        st.text(max_size=300),
        st.lists(
            st.sampled_from(PIECES),
            max_size=9,
        ).map(" ".join),
    ),
    fits=st.sampled_from([None, True, False]),
    type=st.sampled_from(["text", "name", "phone", "date", "bool", "choice", "file"]),
)
async def test_nothing_that_is_typed_breaks_it_or_gets_lost(words, asked, typed, text, fits, type):
    interpreter = Interpreter(Model("ask_fee", 0.9, dang_ky_ket_hon=0.9), words)
    for situation in (FREE, AFTER_KHAI_SINH, asked("ngay_sinh", type, fits=fits)):
        command, _ = await interpreter.command(typed(text), situation)
        match command:
            case SetSlot(_, value):
                assert value in text or text.startswith("/")
            case Say(response):
                assert response in SAYINGS


GUIDE = Situation(
    triggers=TRIGGERS,
    forms=FORMS,
    subject=KHAI_SINH,
    flow="huong_dan_tai_khoan",
    light=True,
    collecting=Collecting(slot="buoc", type="choice", required=True, fits=False),
    labels={"Bước 1": "buoc"},
)


@pytest.mark.parametrize(
    ("model", "text", "command"),
    [
        (Model("out_of_scope"), "xin đổi bằng lái xe", Say("out_of_scope")),
        (Model("ask_fee", dang_ky_ket_hon=0.9), "kết hôn mất tiền không", Ask("fee", KET_HON)),
        (Model("ask_news"), "bao giờ tiêm chủng", Say("ask_news")),
        (Model(), "quay lại", Back()),
        (Model(), "thôi", Cancel()),
    ],
)
async def test_in_a_guide_what_is_no_choice_is_asked_for_its_own_sake(meant, model, text, command):
    """Nothing is typed in a guide: "đổi bằng lái" corrects nothing, and a question is a question."""
    assert (
        await meant(model, Incoming(channel="web", external_id="1", sender="s", text=text), GUIDE) == command
    )


async def test_asking_for_an_old_paper_goes_on_about_the_matter_in_hand(meant):
    words = load_words(ROOT / "data" / "rules.yml", ("sổ hộ khẩu",))
    interpreter = Interpreter(Model("ask_documents", dang_ky_thuong_tru=0.9), words)
    asked = Incoming(channel="web", external_id="1", sender="s", text="có cần sổ hộ khẩu không")
    command, _ = await interpreter.command(asked, AFTER_KHAI_SINH)
    assert command == Ask("documents", KHAI_SINH)
