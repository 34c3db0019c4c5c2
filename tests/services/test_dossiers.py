"""A dossier's life: code, due time, card and notices, and who may do what."""

import re
from datetime import datetime

import pytest

from bot.core import payload
from bot.core.calendar import ZONE
from bot.core.dossier import Status
from bot.core.effects import Answer, OpenDossier, SupplementDossier
from bot.core.errors import Conflict, NotAllowed
from bot.store.dossiers import Wanted
from tests.services.services_scene import GROUP, said, titles

FORM = (Answer(slot="ho_ten", label="Họ tên", value="Lê Thị Hoa", shown="Lê Thị Hoa"),)


async def filed(world, procedure="dang_ky_khai_sinh", kind="ho_so", form=FORM):
    person = await world.person()
    wanted = OpenDossier(procedure=procedure, kind=kind, form=form)
    return await world.keep(lambda tx: world.dossiers.open(tx, person, wanted, world.clock()))


def move(world, dossier, to, by, note="", seen=None):
    return world.keep(
        lambda tx: world.dossiers.move(tx, dossier.id, to, by=by, note=note, seen=seen, now=world.clock())
    )


async def tap(world, tapped, n, sender="501"):
    """An officer's tap in the group; what they are shown on it."""
    incoming = said("", f"tap{n}", sender, channel="telegram", group=GROUP, tapped=tapped, callback=f"cb{n}")
    await world.door.converse(incoming)
    return world.telegram.acknowledged[-1][1]


async def test_the_code_counts_the_days_dossiers_by_the_wards_own_clock(world):
    first, second = await filed(world), await filed(world)
    world.clock.now = datetime(2026, 11, 23, 23, 59, tzinfo=ZONE)
    third = await filed(world)
    world.clock.pass_by(minutes=2)
    next_day = await filed(world)

    assert [d.code for d in (first, second, third, next_day)] == [
        "H29.118-261123-0001", "H29.118-261123-0002", "H29.118-261123-0003", "H29.118-261124-0001",
    ]  # fmt: skip


async def received(world, lan, procedure="chung_thuc_ban_sao"):
    return await move(world, await filed(world, procedure), Status.RECEIVED, lan)


async def test_it_is_due_by_the_calendar_since_it_was_received_and_an_appointment_at_its_hour(world):
    lan = await world.officer()
    assert (await filed(world, "chung_thuc_ban_sao")).due_at is None  # nobody has received it
    by_slip = await received(world, lan, "dang_ky_khai_sinh")
    early = await received(world, lan)
    world.clock.now = datetime(2026, 11, 23, 16, 0, tzinfo=ZONE)
    late = await received(world, lan)  # after three, and Tuesday is a holiday
    slots = (("ngay_hen", "2026-11-26"), ("gio_hen", "0930"))
    form = tuple(Answer(slot=slot, label=slot, value=value, shown=value) for slot, value in slots)
    appointment = await filed(world, "hen_chung_thuc_ban_sao", "lich_hen", form)

    assert by_slip.due_at is None  # its source gives no number
    assert early.due_at == datetime(2026, 11, 23, 17, 0, tzinfo=ZONE)
    assert late.due_at == datetime(2026, 11, 25, 17, 0, tzinfo=ZONE)
    assert appointment.due_at == datetime(2026, 11, 26, 9, 30, tzinfo=ZONE)


async def test_a_dossier_and_its_card_are_kept_together_or_not_at_all(world):
    person = await world.person()

    def fails(tx):
        world.dossiers.open(tx, person, OpenDossier(procedure="dang_ky_khai_sinh", form=FORM), world.clock())
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await world.keep(fails)
    assert (await world.fates(), await world.db.read(lambda tx: tx.dossiers.count(Wanted()))) == ({}, 0)

    dossier = await filed(world)
    assert dossier.code.endswith("-0001")
    (card,) = await world.owed_in_group()
    assert dossier.code in card.text
    assert "Lê Thị Hoa" not in card.text  # the group hears no whole name


async def test_a_move_owes_its_notice_once(world):
    lan, dossier = await world.officer(), await filed(world)
    await move(world, dossier, Status.RECEIVED, lan)

    (notice,) = await world.owed_to(dossier.person)
    assert dossier.code in notice.text
    assert "Chị Lan" in notice.text
    assert not re.search(r"[{}]", notice.text)


async def test_moves_need_a_rule_a_right_and_where_the_law_wants_one_a_reason(world):
    lan, dossier = await world.officer(), await filed(world)
    words = world.words.officers
    with pytest.raises(NotAllowed, match="Mới nộp"):
        await move(world, dossier, Status.RETURNED, lan)
    for blank in ("", "  \n"):
        with pytest.raises(NotAllowed, match=re.escape(words.needs_reason)):
            await move(world, dossier, Status.SUPPLEMENT, lan, blank)
    await world.keep(lambda tx: tx.officers.set_active(lan.id, False))
    out = await world.db.read(lambda tx: tx.officers.get(lan.id))
    with pytest.raises(NotAllowed, match=re.escape(words.not_permitted)):
        await move(world, dossier, Status.RECEIVED, out)
    assert await world.owed_to(dossier.person) == []


async def test_whoever_is_second_is_told_who_was_faster(world):
    lan, minh = await world.officer(), await world.officer("minh", "Anh Minh", "502")
    dossier = await filed(world)
    await move(world, dossier, Status.RECEIVED, lan, seen=0)

    with pytest.raises(Conflict, match="Chị Lan") as told:
        await move(world, dossier, Status.NOT_RECEIVED, minh, "trùng", seen=0)
    assert "Đã tiếp nhận" in str(told.value)


async def test_what_the_resident_adds_returns_the_dossier_to_its_officer(world):
    lan, dossier = await world.officer(), await filed(world)
    await move(world, dossier, Status.SUPPLEMENT, lan, "ảnh mờ")
    hoa, an = await world.person(), await world.person("an")
    added = SupplementDossier(code=dossier.code, note="đã chụp lại")

    with pytest.raises(Conflict):
        await world.keep(lambda tx: world.theirs.supplement(tx, an, added, world.clock()))
    back = await world.keep(lambda tx: world.theirs.supplement(tx, hoa, added, world.clock()))

    assert (back.status, back.officer) == (Status.NEW, lan.id)  # nobody has received it yet
    assert dossier.code in (await world.owed_in_group())[-1].text


async def test_a_stranger_learns_nothing_from_a_code(world):
    dossier = await filed(world)
    an, hoa = await world.person("an"), await world.person()

    async def told(person, code):
        return (await world.db.read(lambda tx: world.status.tell(tx, person, code, world.clock())))[0].text

    nonsense = (await told(an, "H29.118-261123-9999")).replace("9999", "0001")
    assert await told(an, dossier.code) == nonsense
    assert "Mới nộp".lower() in await told(hoa, dossier.code.lower())
    assert await told(an, None) == world.words.status.none


async def test_an_officers_tap_moves_the_dossier_and_a_second_tap_is_told_so(world):
    await world.officer()
    dossier = await filed(world)

    assert await tap(world, f"/Move({dossier.id},received,0)", 1) == "Đã ghi: Đã tiếp nhận."
    assert "Chị Lan" in await tap(world, f"/Move({dossier.id},received,0)", 2)
    assert (await world.owed_in_group())[-1].replaces == f"card:{dossier.id}"


FORGED = [
    "/Move(999,received,0)",
    "/Move(-1,received,0)",
    "/Move(1,nope,0)",
    "/Move(1)",
    "/Move",
    "/Drop(1,received,0)",
    "/Move(٣,received,0)",
    "/Move(99999999999999999999,received,0)",
    "/Move(1,received,x)",
    "/Move(1,payment,0)",
]


@pytest.mark.parametrize("tapped", FORGED)
async def test_forged_buttons_move_nothing(world, tapped):
    await world.officer()
    dossier = await filed(world)

    assert await tap(world, tapped, 1)
    assert await world.db.read(lambda tx: tx.dossiers.get(dossier.id)) == dossier


async def test_a_move_that_needs_a_reason_asks_for_one_and_takes_it(world):
    await world.officer()
    dossier = await filed(world)
    await tap(world, f"/Move({dossier.id},supplement,0)", 1)
    asked = (await world.owed_in_group())[-1]
    assert titles(asked)[:3] == list(world.words.reasons[Status.SUPPLEMENT])
    assert all(len(button.payload.encode()) <= payload.LIMIT for button in asked.buttons)

    await tap(world, asked.buttons[1].payload, 2)
    moved = await world.db.read(lambda tx: tx.dossiers.get(dossier.id))
    (notice,) = await world.owed_to(dossier.person)
    assert moved.status is Status.SUPPLEMENT
    assert world.words.reasons[Status.SUPPLEMENT][1] in notice.text


async def test_a_typed_reason_is_the_reply_to_our_question(world):
    await world.officer()
    dossier = await filed(world)
    await tap(world, f"/Reason({dossier.id},not_received,0)", 1)
    asked = [key for key in await world.fates() if key.startswith("ask-reason")]

    def sent(tx):
        ((row, _),) = tx.outbox.owed_for(asked[0])
        tx.outbox.settle(row, "sent", world.clock(), receipt="msg-9")

    await world.keep(sent)
    for n, (text, answers) in enumerate([("chuyện khác", None), ("Sai thẩm quyền", "msg-9")]):
        await world.say(text, f"typed{n}", "501", channel="telegram", group=GROUP, reply_to=answers)

    moved = await world.db.read(lambda tx: tx.dossiers.get(dossier.id))
    assert moved.status is Status.NOT_RECEIVED
    assert (await world.db.read(lambda tx: tx.dossiers.history_of(dossier.id)))[-1].note == "Sai thẩm quyền"


async def test_an_account_that_is_not_linked_moves_nothing_until_it_is(world):
    await world.officer(telegram="")
    dossier = await filed(world)
    assert "/ketnoi" in await tap(world, f"/Move({dossier.id},received,0)", 1)

    await world.say("/ketnoi sai-ma", "k1", "501", channel="telegram", group=GROUP)
    assert (await world.owed_in_group())[-1].text == world.words.officers.bad_code
    await world.say("/ketnoi@bot ma-lan", "k2", "501", channel="telegram", group=GROUP)
    assert "Chị Lan" in (await world.owed_in_group())[-1].text
    assert "Đã tiếp nhận" in await tap(world, f"/Move({dossier.id},received,0)", 2)
