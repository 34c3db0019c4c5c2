"""What is asked of the ward's knowledge and its news, over a whole turn."""

import pytest

from bot.core import payload
from bot.core.heard import Guess, Heard
from tests.services.services_scene import content, said


@pytest.fixture
def tap(world):
    count = iter(range(10_000))

    async def tap_(button: str, sender: str = "hoa"):
        incoming = said("", f"tap{next(count)}", sender, tapped=button)
        return [owed.reply for owed in await world.door.converse(incoming)]

    return tap_


async def test_a_long_answer_comes_in_parts_and_the_last_has_no_further(world, tap):
    procedure = next(
        one.id
        for one in content().catalogue.procedures.values()
        if world.knowledge.ask("documents", one.id)[0].buttons[0].title == "Xem tiếp"
    )
    (first,) = await tap(f"/Ask(documents,{procedure})")
    assert first.buttons[0].payload == f"/Ask(documents,{procedure},2)"
    (second,) = await tap(first.buttons[0].payload)
    assert "(tiếp theo)" in second.text
    assert second.text != first.text


async def test_in_the_middle_of_a_form_only_the_rest_of_the_answer_is_offered(world, tap):
    await tap("/StartFlow(gap_can_bo)")
    replies = await tap("/Ask(documents,dang_ky_khai_sinh)")
    assert replies[0].text.startswith("Đăng ký khai sinh")
    assert [one for one in replies[0].buttons if not one.title.startswith("Xem tiếp")] == []
    assert "việc gì" in replies[-1].text, "and the question in hand is asked again"


async def test_fields_are_browsed_to_the_last_procedure(world, tap):
    (groups,) = await tap("/Browse")
    seen = set()
    for group in groups.buttons:
        if not group.payload.startswith("/Browse"):
            continue
        page = group.payload
        while page:
            (shown,) = await tap(page)
            seen |= {one.payload for one in shown.buttons if one.payload.startswith("/Ask")}
            page = next((one.payload for one in shown.buttons if one.title.startswith("Xem tiếp")), "")
    assert len(seen) == len(content().catalogue.procedures)


@pytest.mark.parametrize(
    "button", ["/Browse(khong_co)", "/Browse(ho_tich,99)", "/News(khong_co)", "/Read(khong_co)"]
)
async def test_forged_buttons_lead_somewhere_sensible(tap, button):
    (reply,) = await tap(button)
    assert reply.buttons
    assert all(one.url or payload.read(one.payload) for one in reply.buttons)


async def test_an_old_belief_is_told_beside_the_answer_or_alone(world):
    beside = world.knowledge.ask("documents", "dang_ky_khai_sinh", "khai sinh co can so ho khau khong")[
        0
    ].text
    assert "Giấy chứng sinh" in beside
    assert "Lưu ý: Nay không còn dùng sổ hộ khẩu" in beside
    alone = world.knowledge.belief("mất sổ hộ khẩu thì sao")
    assert alone is not None
    assert alone.text.startswith("Nay không còn dùng sổ hộ khẩu")
    assert "Nguồn: Nghị định 104/2022/NĐ-CP" in alone.text
    assert world.knowledge.belief("làm khai sinh") is None


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        (
            "Lệ phí chứng thực 5 bản, mỗi bản 3 trang?",
            "5 bản, mỗi bản 3 trang: 5 × 5.000 đồng = 25.000 đồng.",
        ),
        ("sao y hai bản mỗi bản ba trang hết nhiêu", "2 bản, mỗi bản 3 trang: 2 × 5.000 đồng = 10.000 đồng."),
        ("nam ban moi ban muoi trang", "5 bản, mỗi bản 10 trang: 5 × 12.000 đồng = 60.000 đồng."),
        ("3 trang thôi", "1 bản, mỗi bản 3 trang: 1 × 5.000 đồng = 5.000 đồng."),
    ],
)
async def test_a_fee_is_counted_from_words_and_digits(world, text, counted):
    assert world.knowledge.ask("fee", "chung_thuc_ban_sao", text)[0].text.startswith(counted)


async def test_topics_are_followed_and_ended_by_tapping(world, tap):
    (choice,) = await tap("/Topics")
    assert "/Follow(y_te)" in [one.payload for one in choice.buttons]
    (now,) = await tap("/Follow(y_te)")
    assert "Đang nhận: Y tế, tiêm chủng." in now.text
    (other,) = await tap("/Topics", sender="an")
    assert "/Follow(y_te)" in [one.payload for one in other.buttons], "others follow nothing"
    (ended,) = await tap("/Unfollow")
    assert ended.text.startswith("Đã ngừng mọi tin")


@pytest.mark.parametrize(
    ("slash", "says"),
    [
        ("/ask_news", "Tin của phường"),
        ("/ask_planning", "Tin về Quy hoạch, đất đai:"),
        ("/subscribe", "muốn nhận tin"),
        ("/unsubscribe", "Đã ngừng mọi tin"),
        ("/account_help", "VNeID, mỗi việc"),
    ],
)
async def test_the_intents_of_news_and_of_accounts_are_answered(tap, slash, says):
    replies = await tap(slash)
    assert says in "\n".join(one.text for one in replies), replies


async def test_what_nothing_else_answers_is_looked_for_in_what_is_made_known(world):
    entry = next(iter(content().public.entries.values()))
    found = world.bulletin.find(entry.title, world.clock())
    assert found is not None
    assert found.text.startswith(entry.title)


async def test_hours_and_addresses_name_every_office_of_the_ward(world):
    hours, addresses = (world.knowledge.say(name).text for name in ("ask_hours", "ask_address"))
    own = [one for one in content().offices.offices if not one.elsewhere]
    for office in own:
        assert f"• {office.name}: {office.hours or 'chưa có thông tin chính thức'}" in hours
        assert f"• {office.name}: {office.address or 'chưa có thông tin chính thức'}" in addresses
    assert "Trường" not in addresses


async def test_filing_online_leads_to_the_guide_and_to_help(world):
    titles = [one.title for one in world.knowledge.ask("how_online", "dang_ky_khai_sinh")[0].buttons]
    assert {"Hướng dẫn từng bước", "Nhờ phường giúp nộp"} <= set(titles)


@pytest.mark.parametrize("intent", ["ask_time", "out_of_scope"])
async def test_a_matter_of_another_agency_is_told_whose_it_is(world, intent):
    """A question about it that names no procedure of ours, or one that is taken for chat."""
    text = "làm hộ chiếu mới cho con mất mấy ngày"
    world.reader.hears[text] = Heard(text=text, intent=intent, confidence=0.9, source="rasa")
    (owed,) = await world.door.converse(said(text, "passport"))
    assert "không do phường giải quyết" in owed.reply.text


@pytest.mark.parametrize(
    ("text", "procedure", "told"),
    [
        ("giấy độc thân xài được mấy tháng", "xac_nhan_tinh_trang_hon_nhan", "không ghi giấy này dùng được"),
        ("giay doc than nguoi nuoc ngoai co gia tri bao lau", "ket_hon_co_yeu_to_nuoc_ngoai", "6 tháng"),
        ("giấy độc thân mấy ngày có", "xac_nhan_tinh_trang_hon_nhan", "thời gian giải quyết"),
    ],
)
async def test_how_long_a_paper_holds_is_not_how_long_one_waits(world, text, procedure, told):
    guess = Guess(id=procedure, code="", name="", confidence=0.95)
    world.reader.hears[text] = Heard(
        text=text, intent="ask_time", confidence=0.9, procedures=(guess,), source="rasa"
    )
    (owed,) = await world.door.converse(said(text, "holds"))
    assert told in owed.reply.text
