"""What residents do to their dossiers: hand in just what is asked again, withdraw. Codes are given once."""

import asyncio
from datetime import UTC, datetime

from bot.core.dossier import Status
from bot.core.effects import Answer, OpenDossier, Paper, SupplementDossier
from bot.core.messages import Attachment
from tests.services.services_scene import titles

FORM = (
    Answer(slot="ho_ten", label="Họ tên", value="Lê Thị Hoa", shown="Lê Thị Hoa"),
    Answer(slot="ngay_sinh", label="Ngày sinh", value="1990-01-01", shown="01/01/1990"),
)


async def filed(world, papers=()):
    person = await world.person()

    def work(tx):
        files = tuple(Attachment(name=f"{n}.png", mime="image/png", size=1, file=n * 32) for n in "ab")
        tx.files.keep(person.id, files, world.clock())
        wanted = OpenDossier(procedure="dang_ky_khai_sinh", form=FORM, papers=papers)
        return world.dossiers.open(tx, person, wanted, world.clock())

    return await world.keep(work)


def paper(letter: str, id_: str = "giay_chung_sinh") -> tuple[Paper, ...]:
    return (Paper(paper=id_, name="Giấy chứng sinh", files=(letter * 32,)),)


async def ask_again(world, dossier, *again, note=""):
    lan = await world.officer()
    return await world.keep(
        lambda tx: world.dossiers.move(
            tx, dossier.id, Status.SUPPLEMENT, by=lan, note=note, again=again, now=world.clock()
        )
    )


async def test_the_officer_names_what_is_wanted_and_the_form_opens_for_just_that(world):
    dossier = await filed(world, paper("a"))
    await ask_again(world, dossier, "giay_chung_sinh", "ngay_sinh", "khong_co")
    [notice] = await world.owed_to(dossier.person)
    assert "Gửi lại: Giấy chứng sinh; Ngày sinh" in notice.text
    hoa, an = await world.person(), await world.person("an")

    def again(tx):
        return world.theirs.asked_again(tx, tx.dossiers.get(dossier.id))

    wanted = await world.db.read(again)
    assert wanted.papers == (("giay_chung_sinh", "Giấy chứng sinh"),)
    assert wanted.answers == (("ngay_sinh", "Ngày sinh"),)
    opened = await world.db.read(lambda tx: world.theirs.reopening(tx, hoa, dossier.code))
    assert (opened.code, opened.wanted) == (dossier.code, ("giay_chung_sinh", "ngay_sinh"))
    assert await world.db.read(lambda tx: world.theirs.reopening(tx, an, dossier.code)) is None


async def test_what_is_sent_again_takes_the_place_of_the_old_which_is_kept(world):
    dossier = await filed(world, paper("a"))
    await ask_again(world, dossier, "giay_chung_sinh", "ngay_sinh")
    newer = Answer(slot="ngay_sinh", label="Ngày sinh", value="1990-02-02", shown="02/02/1990")
    added = SupplementDossier(code=dossier.code, papers=paper("b"), answers=(newer,))
    hoa = await world.person()
    back = await world.keep(lambda tx: world.theirs.supplement(tx, hoa, added, world.clock()))

    assert back.status is Status.NEW
    assert [(a.slot, a.shown) for a in back.form] == [("ho_ten", "Lê Thị Hoa"), ("ngay_sinh", "02/02/1990")]
    files = await world.db.read(lambda tx: tx.dossiers.files_of(dossier.id))
    assert [(f.file[0], f.replaced_at is not None) for f in files] == [("a", True), ("b", False)]
    last = (await world.db.read(lambda tx: tx.dossiers.history_of(dossier.id)))[-1]
    assert (last.officer, last.note) == (None, "Đã khai lại: Ngày sinh")


async def test_the_button_of_the_notice_asks_for_the_paper_alone(world):
    dossier = await filed(world, paper("a"))
    await ask_again(world, dossier, "giay_chung_sinh")
    asked = await world.say("", "t1", tapped=f"/StartFlow(bo_sung_ho_so,ma_ho_so={dossier.code})")
    assert any("cần bổ sung" in text and "iấy chứng sinh" in text for text in asked)


async def test_they_withdraw_from_the_status_answer_and_it_is_told_to_the_officers(world):
    dossier = await filed(world)
    hoa = await world.person()
    [shown] = await world.db.read(lambda tx: world.status.tell(tx, hoa, None, world.clock()))
    assert "Rút hồ sơ" in titles(shown)
    await world.say("", "w1", tapped=f"/StartFlow(rut_ho_so,ma_ho_so={dossier.code})")
    await world.say("nộp nhầm", "w2")
    told = await world.say("", "w3", tapped="/SetSlots(chac_chan=true)")

    assert "đã được rút" in told[0]
    kept = await world.db.read(lambda tx: tx.dossiers.get(dossier.id))
    assert kept.status is Status.WITHDRAWN
    assert (await world.db.read(lambda tx: tx.dossiers.history_of(dossier.id)))[-1].note == "nộp nhầm"
    assert dossier.code in (await world.owed_in_group())[-1].text
    [shown] = await world.db.read(lambda tx: world.status.tell(tx, hoa, None, world.clock()))
    assert "Rút hồ sơ" not in titles(shown)


async def test_they_withdraw_in_words(world):
    dossier = await filed(world)
    [asked] = await world.say("cho tôi rút hồ sơ", "1")
    assert dossier.code in asked
    assert "vì sao" in asked


async def test_a_second_tap_on_the_last_button_does_nothing_more(world):
    dossier = await filed(world)
    await world.say("", "w1", tapped=f"/StartFlow(rut_ho_so,ma_ho_so={dossier.code})")
    await world.say("", "w2", tapped="/Skip")
    await asyncio.gather(*(world.say("", f"w3{n}", tapped="/SetSlots(chac_chan=true)") for n in range(4)))
    history = await world.db.read(lambda tx: tx.dossiers.history_of(dossier.id))
    assert [step.to_status for step in history] == [Status.NEW, Status.WITHDRAWN]


async def test_codes_are_given_once_however_many_file_at_once(world, another_process):
    other = another_process()
    made = await asyncio.gather(*(filed(one) for one in (world, other) * 15))
    assert len({dossier.code for dossier in made}) == 30
    assert sorted(int(d.code[-4:]) for d in made) == list(range(1, 31))


async def test_the_number_begins_anew_at_midnight_in_vietnam(world):
    codes = []
    for moment in (datetime(2026, 11, 23, 16, 59, tzinfo=UTC), datetime(2026, 11, 23, 17, 0, tzinfo=UTC)):
        world.clock.now = moment
        codes.append((await filed(world)).code)
    assert codes == ["H29.118-261123-0001", "H29.118-261124-0001"]
