"""Reports answered and opened again; residents asked once whether they are satisfied."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.core.calendar import ZONE
from bot.core.dossier import Status
from bot.core.effects import Answer, OpenDossier
from bot.core.errors import Conflict, NotAllowed
from bot.core.permissions import READ
from tests.services.services_scene import said, titles

FORM = (Answer(slot="noi_dung", label="Nội dung", value="Đèn hỏng", shown="Đèn hỏng"),)


async def filed(world, procedure="phan_anh", kind="phan_anh", person="hoa", **more):
    who = await world.person(person)
    wanted = OpenDossier(procedure=procedure, kind=kind, form=FORM, **more)
    return await world.keep(lambda tx: world.dossiers.open(tx, who, wanted, world.clock()))


async def answer(world, dossier, by, text="Đã thay bóng đèn.", seen=0):
    await world.keep(lambda tx: world.reports.answer(tx, dossier.id, text, by, seen, world.clock()))


async def get(world, dossier):
    return await world.db.read(lambda tx: tx.dossiers.get(dossier.id))


async def tapped(world, payload, n, sender="hoa"):
    owed = await world.door.converse(said("", f"t{n}", sender, tapped=payload))
    return [one.reply for one in owed]


async def test_an_answer_is_sent_and_ends_the_report(world):
    officer, dossier = await world.officer(), await filed(world)
    await answer(world, dossier, officer)

    assert (await get(world, dossier)).status is Status.RETURNED
    (told,) = await world.owed_to(dossier.person)
    assert told.text == f"Phường trả lời phản ánh {dossier.code}: Đã thay bóng đèn."
    assert list(titles(told)) == ["Chưa xong"]
    with pytest.raises(Conflict, match="Chị Lan"):
        await answer(world, dossier, officer)


async def test_it_is_opened_again_once(world):
    officer, dossier = await world.officer(), await filed(world)
    await answer(world, dossier, officer)
    await tapped(world, f"/StartFlow(chua_xong,ma_ho_so={dossier.code})", 1)
    owed = await world.door.converse(said("Đèn lại tắt rồi", "t2", "hoa"))
    assert "chuyển lại phản ánh" in owed[-1].reply.text

    again = await get(world, dossier)
    assert again.status is Status.RECEIVED
    history = await world.db.read(lambda tx: tx.dossiers.history_of(dossier.id))
    assert history[-1].note == "Đèn lại tắt rồi"

    await answer(world, dossier, officer, "Đã sửa dây.", seen=again.version)
    told = (await world.owed_to(dossier.person))[-1]
    assert told.buttons == ()
    (*_, refused) = await tapped(world, f"/StartFlow(chua_xong,ma_ho_so={dossier.code})", 3)
    assert "không mở lại được" in refused.text


async def test_nobody_opens_anothers_report_again(world):
    officer, dossier = await world.officer(), await filed(world)
    await answer(world, dossier, officer)
    (*_, refused) = await tapped(world, f"/StartFlow(chua_xong,ma_ho_so={dossier.code})", 1, "trom")
    assert "không mở lại được" in refused.text
    assert (await get(world, dossier)).status is Status.RETURNED


async def test_an_answer_needs_words_a_permission_and_something_to_answer(world):
    officer, dossier = await world.officer(), await filed(world)
    with pytest.raises(NotAllowed, match="viết câu trả lời"):
        await answer(world, dossier, officer, "  ")
    reader = replace(officer, permissions=frozenset({READ}))
    with pytest.raises(NotAllowed, match="phân quyền"):
        await answer(world, dossier, reader)
    with pytest.raises(NotAllowed):
        await answer(world, await filed(world, "dang_ky_khai_sinh", "ho_so"), officer)


async def test_a_suggestion_is_answered_too_and_stays_answered(world):
    officer, dossier = await world.officer(), await filed(world, "gop_y", "gop_y")
    await answer(world, dossier, officer, "Phường sẽ bỏ câu hỏi lặp.")
    (told,) = await world.owed_to(dossier.person)
    assert told.text.startswith("Phường trả lời ý kiến")
    assert told.buttons == ()


async def test_a_report_goes_to_the_field_that_its_kind_names(world):
    assert (await filed(world, field="Hạ tầng kỹ thuật")).field == "Hạ tầng kỹ thuật"
    assert (await filed(world)).field == ""


# ── ratings ──


async def asked(world):
    await world.satisfaction.run()
    return sorted(key for key in await world.fates() if key.startswith("rate:"))


async def test_whoever_has_a_result_is_asked_once_an_hour_later(world, another_process):
    officer, dossier = await world.officer(), await filed(world)
    await filed(world, person="binh")  # without a result
    await answer(world, dossier, officer)
    world.clock.pass_by(minutes=59)
    assert await asked(world) == []
    world.clock.pass_by(minutes=1)
    assert await asked(world) == [f"rate:{dossier.id}"]
    world.clock.pass_by(minutes=1)
    assert await asked(another_process()) == [f"rate:{dossier.id}"]

    question = (await world.owed_to(dossier.person))[-1]
    assert list(titles(question)) == ["Rất hài lòng", "Hài lòng", "Bình thường", "Không hài lòng"]
    (*_, thanks) = await tapped(world, question.buttons[0].payload, 1)
    assert "Cảm ơn" in thanks.text
    rating = await world.db.read(lambda tx: tx.ratings.of_dossier(dossier.id))
    assert (rating.score, rating.why, rating.call) == (4, "", False)


async def test_a_report_opened_again_and_answered_again_is_not_asked_about_twice(world):
    officer, dossier = await world.officer(), await filed(world)
    await answer(world, dossier, officer)
    world.clock.pass_by(hours=1)
    await asked(world)
    await tapped(world, f"/StartFlow(chua_xong,ma_ho_so={dossier.code})", 1)
    await world.door.converse(said("Đèn lại tắt rồi", "t2", "hoa"))
    await answer(world, dossier, officer, seen=(await get(world, dossier)).version)
    world.clock.pass_by(hours=2)
    assert await asked(world) == [f"rate:{dossier.id}"]


async def test_nobody_is_asked_at_night_or_after_days(world):
    officer, dossier = await world.officer(), await filed(world)
    world.clock.now = datetime(2026, 11, 23, 20, 30, tzinfo=ZONE)
    await answer(world, dossier, officer)
    world.clock.pass_by(hours=1)
    assert await asked(world) == []
    world.clock.now = datetime(2026, 11, 24, 7, 0, tzinfo=ZONE)
    later = world.clock.now
    world.clock.now = later + timedelta(days=4)
    assert await asked(world) == []
    world.clock.now = later
    assert await asked(world) == [f"rate:{dossier.id}"]


async def test_whoever_is_not_satisfied_may_say_why_and_be_called(world):
    officer, dossier = await world.officer(), await filed(world)
    await answer(world, dossier, officer)
    await tapped(world, f"/StartFlow(danh_gia,ma_ho_so={dossier.code},diem=1)", 1)
    await world.door.converse(said("Chờ lâu quá", "t2", "hoa"))
    await tapped(world, "/SetSlots(goi_lai=true)", 3)

    rating = await world.db.read(lambda tx: tx.ratings.of_dossier(dossier.id))
    assert (rating.score, rating.why, rating.call) == (1, "Chờ lâu quá", True)
    (call,) = await world.db.read(lambda tx: tx.dossiers.open_calls())
    assert call.reason == f"Chưa hài lòng với hồ sơ {dossier.code}: Chờ lâu quá"
    begin, end = world.clock(), world.clock() + timedelta(days=1)
    assert await world.db.read(lambda tx: tx.ratings.average(begin, end)) == (1, 1.0)


async def test_only_ones_own_and_only_a_result_is_rated(world):
    officer, dossier = await world.officer(), await filed(world)
    await tapped(world, f"/StartFlow(danh_gia,ma_ho_so={dossier.code},diem=4)", 1)
    assert await world.db.read(lambda tx: tx.ratings.of_dossier(dossier.id)) is None
    await answer(world, dossier, officer)
    await tapped(world, f"/StartFlow(danh_gia,ma_ho_so={dossier.code},diem=1)", 2, "trom")
    await tapped(world, "/Skip", 3, "trom")
    await tapped(world, "/SetSlots(goi_lai=false)", 4, "trom")
    assert await world.db.read(lambda tx: tx.ratings.of_dossier(dossier.id)) is None
