"""Appointments over a real database: booked by talking, never beyond capacity, moved, reminded of."""

import asyncio
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from bot.core.calendar import ZONE
from bot.core.dossier import Status
from bot.core.effects import Answer, MoveAppointment, OpenDossier
from bot.core.errors import Conflict, NotAllowed
from bot.core.offers import Hour, moment
from bot.store.appointments import State
from bot.store.tables import appointments
from bot.store.tx import Tx
from tests.services.services_scene import said, titles

THURSDAY = "2026-11-26"
FORM = (
    Answer(slot="ngay_hen", label="Ngày hẹn", value=THURSDAY, shown="26/11/2026"),
    Answer(slot="gio_hen", label="Giờ hẹn", value="0900", shown="9:00"),
    Answer(slot="ho_ten", label="Họ tên", value="Lê Thị Hoa", shown="Lê Thị Hoa"),
)


def at(half_hour="0900", day=THURSDAY, counter="ho_tich"):
    return Hour(counter=counter, starts_at=moment(day, half_hour))


async def booked(world, hour=None, person="hoa"):
    who = await world.person(person)
    wanted = OpenDossier(procedure="hen_den_quay", kind="lich_hen", form=FORM, hour=hour or at())
    return await world.keep(lambda tx: world.appointments.open(tx, who, wanted, world.clock()))


async def tapped(world, payload, n, sender="hoa"):
    owed = await world.door.converse(said("", f"t{n}", sender, tapped=payload))
    return [one.reply for one in owed]


async def free(world, day=THURSDAY, counter="ho_tich"):
    return await world.db.read(
        lambda tx: world.appointments.times(tx, counter, date.fromisoformat(day), world.clock())
    )


async def last(world, dossier):
    return await world.db.read(lambda tx: tx.appointments.of_dossier(dossier.id))


async def get(world, dossier):
    return await world.db.read(lambda tx: tx.dossiers.get(dossier.id))


async def book_by_talking(world, sender, *, hour="0900", n=""):
    """The whole conversation; what is said last."""
    for number, text in enumerate(
        (
            "/StartFlow(hen_den_quay,quay=ho_tich)",
            "/SetSlots(dong_y=true)",
            "Đăng ký kết hôn",
            f"/SetSlots(ngay_hen={THURSDAY})",
            f"/SetSlots(gio_hen={hour})",
            "Lê Thị Hoa",
            "0901234567",
        )
    ):
        tap = {"tapped": text} if text.startswith("/") else {}
        await world.door.converse(said("" if tap else text, f"{sender}{n}{number}", sender, **tap))
    owed = await world.door.converse(said("", f"{sender}{n}end", sender, tapped="/SetSlots(kiem_tra=true)"))
    return owed[-1].reply


async def test_a_half_hour_booked_in_a_conversation_is_no_longer_offered(world):
    answer = await book_by_talking(world, "hoa")

    assert "Đã giữ lịch: 9:00 ngày 26/11/2026" in answer.text
    assert "H29.118-261123-0001" in answer.text
    assert await free(world) == ("0800", "1000", "1330", "1430", "1530")
    (dossier,) = await world.db.read(lambda tx: tx.dossiers.of_person(1))
    assert (dossier.kind, dossier.field, dossier.due_at) == ("lich_hen", "Hộ tịch", at().starts_at)
    assert (await last(world, dossier)).hour == at()


async def test_of_two_who_talk_at_the_same_time_one_is_told_what_is_left(world, another_process):
    other = another_process()
    for sender, here in (("hoa", world), ("binh", other)):
        for number, text in enumerate(
            (
                "/StartFlow(hen_den_quay,quay=ho_tich)",
                "/SetSlots(dong_y=true)",
                "Đăng ký kết hôn",
                f"/SetSlots(ngay_hen={THURSDAY})",
                "/SetSlots(gio_hen=0900)",
                "Lê Thị Hoa",
                "0901234567",
            )
        ):
            tap = {"tapped": text} if text.startswith("/") else {}
            await here.door.converse(said("" if tap else text, f"{sender}{number}", sender, **tap))
    ended = await asyncio.gather(
        *(
            here.door.converse(said("", f"{sender}end", sender, tapped="/SetSlots(kiem_tra=true)"))
            for sender, here in (("hoa", world), ("binh", other))
        )
    )
    texts = sorted(owed[-1].reply.text for owed in ended)
    assert sum("Đã giữ lịch" in text for text in texts) == 1
    assert sum("9:00 không còn trống" in text for text in texts) == 1


async def test_many_who_want_the_same_half_hour_at_once_get_as_many_places_as_there_are(
    world, another_process
):
    worlds = [world, another_process(), another_process()]
    wanted = [booked(worlds[number % 3], at(), f"p{number}") for number in range(24)]
    ended = await asyncio.gather(*wanted, return_exceptions=True)

    assert [type(one) for one in ended if isinstance(one, Exception)] == [Conflict] * 23
    count = await world.db.read(
        lambda tx: tx.connection.execute(select(func.count()).select_from(appointments)).scalar_one()
    )
    assert count == 1


async def test_holidays_weekends_hours_that_are_over_and_half_hours_nobody_opens_cannot_be_had(world):
    assert await free(world, "2026-11-24") == ()  # Ngày Văn hóa Việt Nam
    assert await free(world, "2026-11-28") == ()
    assert await free(world, "2026-11-23") == ("1000", "1330", "1430", "1530")  # it is nine o'clock
    assert await free(world, counter="khong_co") == ()
    for wrong in (at("0930"), at("0900", "2026-11-28"), at(counter="khong_co")):
        with pytest.raises(Conflict):
            await booked(world, wrong)
    days = await world.db.read(
        lambda tx: world.appointments.days(tx, "ho_tich", date(2026, 11, 23), 2, world.clock())
    )
    assert days == (date(2026, 11, 25), date(2026, 11, 26))


async def test_an_appointment_that_is_moved_gives_its_half_hour_back_and_everything_says_the_new_one(world):
    dossier = await booked(world)
    replies = await tapped(world, f"/StartFlow(doi_lich_hen,ma_ho_so={dossier.code})", 1)
    assert "đang là 9:00 ngày 26/11/2026" in replies[-1].text
    await tapped(world, "/SetSlots(ngay_hen=2026-11-27)", 2)
    await tapped(world, "/SetSlots(gio_hen=1430)", 3)
    (*_, done) = await tapped(world, "/SetSlots(kiem_tra=true)", 4)

    assert "Đã đổi lịch hẹn" in done.text
    moved = await get(world, dossier)
    assert moved.due_at == moment("2026-11-27", "1430")
    assert {a.slot: a.shown for a in moved.form}["gio_hen"] == "14:30"
    assert {a.slot: a.value for a in moved.form}["ngay_hen"] == "2026-11-27"
    assert "0900" in await free(world)
    assert "1430" not in await free(world, "2026-11-27")
    card = (await world.owed_in_group())[-1]
    assert card.replaces == f"card:{dossier.id}"
    assert "14:30, thứ Sáu, 27/11/2026" in card.text


async def test_an_appointment_that_is_cancelled_gives_its_half_hour_back_and_ends_the_dossier(world):
    dossier = await booked(world)
    await tapped(world, f"/StartFlow(huy_lich_hen,ma_ho_so={dossier.code})", 1)
    (*_, done) = await tapped(world, "/SetSlots(chac_chan=true)", 2)

    assert "Đã hủy lịch hẹn" in done.text
    assert (await get(world, dossier)).status is Status.WITHDRAWN
    assert (await last(world, dossier)).state is State.CANCELLED
    assert "0900" in await free(world)
    (*_, again) = await tapped(world, f"/StartFlow(huy_lich_hen,ma_ho_so={dossier.code})", 3)
    assert "không thấy lịch hẹn nào" in again.text


async def test_nobody_moves_or_cancels_what_is_anothers(world):
    dossier = await booked(world)
    for number, flow in enumerate(("doi_lich_hen", "huy_lich_hen")):
        (*_, answer) = await tapped(world, f"/StartFlow({flow},ma_ho_so={dossier.code})", number, "trom")
        assert "không thấy lịch hẹn nào" in answer.text
    thief = await world.person("trom")
    with pytest.raises(Conflict):
        await world.keep(
            lambda tx: world.appointments.move(
                tx, thief, MoveAppointment(code=dossier.code, hour=at("1000")), world.clock()
            )
        )
    assert (await last(world, dossier)).state is State.BOOKED


async def test_my_dossiers_offer_to_move_and_to_cancel_what_is_to_come(world):
    dossier = await booked(world)
    (answer,) = await tapped(world, "/AskStatus", 1)
    assert list(titles(answer))[:2] == ["Đổi hẹn 9:00 26/11", "Hủy hẹn 9:00 26/11"]
    assert answer.buttons[0].payload == f"/StartFlow(doi_lich_hen,ma_ho_so={dossier.code})"
    world.clock.now = at().starts_at + timedelta(minutes=1)
    (answer,) = await tapped(world, "/AskStatus", 2)
    assert "Đổi hẹn 9:00 26/11" not in titles(answer)


async def test_a_dossier_that_was_withdrawn_otherwise_holds_no_place_and_is_not_reminded_of(world):
    dossier = await booked(world)
    await world.keep(
        lambda tx: tx.dossiers.move(
            dossier, Status.WITHDRAWN, by=None, note="", now=world.clock(), due_at=dossier.due_at
        )
    )
    assert "0900" in await free(world)
    world.clock.now = datetime(2026, 11, 25, 17, 0, tzinfo=ZONE)
    await world.reminders.run()
    assert not [key for key in await world.fates() if key.startswith("appointment:")]


# ── officers ──


async def test_an_officer_notes_who_came_and_who_did_not_and_only_once(world):
    officer = await world.officer()
    came, stayed_away = await booked(world), await booked(world, at("1000"), "binh")
    await world.keep(lambda tx: world.appointments.kept(tx, came.id, officer, 0, world.clock()))
    await world.keep(lambda tx: world.appointments.missed(tx, stayed_away.id, officer, 0, world.clock()))

    assert [(await last(world, one)).state for one in (came, stayed_away)] == [State.KEPT, State.MISSED]
    assert (await get(world, came)).status is Status.RETURNED
    (told,) = await world.owed_to(stayed_away.person)
    assert "không thấy anh/chị đến" in told.text
    assert await world.owed_to(came.person) == []
    with pytest.raises(Conflict, match="Chị Lan"):
        await world.keep(lambda tx: world.appointments.missed(tx, came.id, officer, 0, world.clock()))


async def test_an_officer_moves_or_calls_off_an_appointment_and_says_why(world):
    officer = await world.officer()
    dossier = await booked(world)
    await booked(world, at("1000"), "binh")

    async def rebook(when, seen):
        await world.keep(
            lambda tx: world.appointments.rebook(tx, dossier.id, officer, seen, when, world.clock())
        )

    with pytest.raises(Conflict):
        await rebook(at("1000").starts_at, 0)
    await rebook(at("1430").starts_at, 0)
    (told,) = await world.owed_to(dossier.person)
    assert "sang 14:30, thứ Năm, 26/11/2026" in told.text
    assert list(titles(told)) == ["Đổi giờ hẹn", "Hủy hẹn"]

    with pytest.raises(NotAllowed):
        await world.keep(
            lambda tx: world.appointments.call_off(tx, dossier.id, officer, 1, "  ", world.clock())
        )
    await world.keep(
        lambda tx: world.appointments.call_off(tx, dossier.id, officer, 1, "Mất điện", world.clock())
    )
    assert "Lý do: Mất điện." in (await world.owed_to(dossier.person))[-1].text
    assert await free(world) == ("0800", "0900", "1330", "1430", "1530")


# ── reminders ──


async def reminded(world):
    await world.reminders.run()
    return sorted(key for key in await world.fates() if key.startswith("appointment:"))


async def test_they_are_reminded_on_the_working_day_before_and_an_hour_before_each_once(
    world, another_process
):
    dossier = await booked(world, at("0900", "2026-11-30"))  # a Monday: the working day before is Friday
    world.clock.now = datetime(2026, 11, 27, 16, 59, tzinfo=ZONE)
    assert await reminded(world) == []
    world.clock.pass_by(minutes=1)
    await asyncio.gather(world.reminders.run(), another_process().reminders.run())
    for _ in range(3):
        assert await reminded(world) == ["appointment:1:day-before"]
        world.clock.pass_by(minutes=1)

    world.clock.now = datetime(2026, 11, 30, 8, 0, tzinfo=ZONE)
    again = another_process()  # after a restart
    assert await reminded(again) == ["appointment:1:day-before", "appointment:1:hour-before"]
    first, second = await world.owed_to(dossier.person)
    assert "9:00" in first.text.replace("09:00", "9:00")
    assert "thứ Hai, 30/11/2026" in first.text
    assert "Sắp đến giờ hẹn" in second.text
    assert list(titles(first)) == ["Đổi giờ hẹn", "Hủy hẹn"]


async def test_a_holiday_between_is_no_day_to_be_reminded_on(world):
    await booked(world, at("0900", "2026-11-25"))  # Tuesday is a holiday, so it is Monday at five
    world.clock.now = datetime(2026, 11, 23, 17, 0, tzinfo=ZONE)
    assert await reminded(world) == ["appointment:1:day-before"]


async def test_a_reminder_that_is_much_too_late_is_not_sent(world):
    await booked(world)
    world.clock.now = datetime(2026, 11, 25, 20, 1, tzinfo=ZONE)
    assert await reminded(world) == []
    world.clock.now = datetime(2026, 11, 26, 9, 0, tzinfo=ZONE)  # it has begun
    assert await reminded(world) == []


async def test_who_books_after_the_time_of_a_reminder_is_not_reminded_of_what_they_just_did(world):
    world.clock.now = datetime(2026, 11, 25, 17, 30, tzinfo=ZONE)
    await booked(world)
    assert await reminded(world) == []
    world.clock.now = datetime(2026, 11, 26, 8, 0, tzinfo=ZONE)
    assert await reminded(world) == ["appointment:1:hour-before"]


async def test_what_is_moved_or_cancelled_is_not_reminded_of_and_what_waits_is_taken_back(world):
    dossier = await booked(world)
    world.clock.now = datetime(2026, 11, 25, 17, 0, tzinfo=ZONE)
    assert await reminded(world) == ["appointment:1:day-before"]

    person = await world.person()
    move = MoveAppointment(code=dossier.code, hour=at("0900", "2026-11-27"))
    await world.keep(lambda tx: world.appointments.move(tx, person, move, world.clock()))
    assert (await world.fates())["appointment:1:day-before"] == "expired"
    world.clock.now = datetime(2026, 11, 26, 8, 0, tzinfo=ZONE)
    assert "appointment:1:hour-before" not in await reminded(world)
    world.clock.now = datetime(2026, 11, 26, 17, 0, tzinfo=ZONE)
    assert "appointment:2:day-before" in await reminded(world)


# ── whatever happens ──

DEEDS = st.lists(
    st.tuples(
        st.sampled_from(["book", "cancel", "move"]),
        st.integers(0, 5),
        st.sampled_from(["0800", "0900"]),
    ),
    max_size=25,
)


async def test_whatever_is_booked_moved_and_cancelled_no_half_hour_ever_has_more_than_its_capacity(world):
    people = [await world.person(f"p{number}") for number in range(6)]

    def play(tx, deeds):
        tx.connection.execute(delete(appointments))
        for deed, number, half_hour in deeds:
            person, now = people[number], world.clock()
            mine = tx.appointments.coming(person.id, now)
            try:
                with tx.connection.begin_nested():
                    if deed == "book":
                        wanted = OpenDossier(
                            procedure="hen_den_quay", kind="lich_hen", form=FORM, hour=at(half_hour)
                        )
                        world.appointments.open(tx, person, wanted, now)
                    elif mine and deed == "move":
                        move = MoveAppointment(code=mine[0].code, hour=at(half_hour))
                        world.appointments.move(tx, person, move, now)
                    elif mine:
                        tx.appointments.settle(mine[0].id, State.CANCELLED, by=None, now=now)
            except Conflict:
                assert half_hour not in world.appointments.times(tx, "ho_tich", date(2026, 11, 26), now)
            taken = tx.appointments.taken("ho_tich", moment(THURSDAY, "0000"), moment(THURSDAY, "2300"))
            assert all(count == 1 for count in taken.values()), (deeds, taken)

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(DEEDS)
    def property_(deeds):
        with world.db.engine.begin() as connection:
            play(Tx(connection), deeds)

    await asyncio.to_thread(property_)
