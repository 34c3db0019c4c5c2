"""A slip is owed with its step, drawn after it, kept with the dossier and sent once, whatever happens."""

import asyncio
from datetime import UTC, date, datetime

import httpx
import pypdfium2
import pytest
from starlette.applications import Starlette

from bot.channels.rest import RestChannel
from bot.channels.telegram import TelegramChannel
from bot.core.dossier import Status
from bot.core.effects import Answer, OpenDossier, Paper
from bot.core.errors import Conflict
from bot.core.messages import Attachment
from tests.doubles.telegram_api import TelegramDouble
from tests.services.services_scene import until

FORM = (
    Answer(slot="ho_ten", label="Họ tên", value="Lê Thị Hoa", shown="Lê Thị Hoa"),
    Answer(slot="so_dien_thoai", label="Điện thoại", value="0901234567", shown="0901 234 567"),
)


async def lan(world):
    return await world.keep(lambda tx: tx.officers.by_username("lan")) or await world.officer()


async def owed(world, procedure="dang_ky_thuong_tru", *, channel="web", address="hoa", form=FORM, papers=()):
    """A dossier that was just received: its resident is owed a receipt."""
    person, officer = await world.person(address, channel), await lan(world)
    wanted = OpenDossier(procedure=procedure, form=form, papers=papers)
    dossier = await world.keep(lambda tx: world.dossiers.open(tx, person, wanted, world.clock()))
    return await world.keep(
        lambda tx: world.dossiers.move(tx, dossier.id, Status.RECEIVED, by=officer, now=world.clock())
    )


def text_of(world, file: str) -> str:
    pages = pypdfium2.PdfDocument(world.blobs.path(file).read_bytes())
    return " ".join(" ".join(page.get_textpage().get_text_bounded() for page in pages).split())


def sent(replies) -> list[str]:
    """The files that somebody was sent, in their order."""
    return [one.file for reply in replies for one in reply.files]


def on_disk(world) -> int:
    return sum(1 for one in world.blobs._folder.rglob("*") if one.is_file())


async def slips_of(world, dossier):
    return await world.db.read(lambda tx: tx.slips.of_dossier(dossier.id))


async def test_it_is_drawn_from_the_facts_kept_with_the_dossier_and_sent(world):
    dossier = await owed(world)
    assert await world.slips.draw_owed() == 1

    [slip] = await slips_of(world, dossier)
    said = text_of(world, slip.file)
    for words in ("GIẤY TIẾP NHẬN HỒ SƠ", dossier.code, "Lê Thị Hoa", "0901 234 567", "Chị Lan"):
        assert words in said
    told = [reply for reply in await world.owed_to(dossier.person) if reply.files]
    assert [one.file for one in told[0].files] == [slip.file]
    assert told[0].files[0].mime == "application/pdf"
    assert dossier.code in told[0].files[0].name


async def test_its_resident_may_open_it_and_nobody_else(world):
    dossier = await owed(world)
    await world.slips.draw_owed()
    [slip] = await slips_of(world, dossier)
    assert await world.door.may_show("web", "hoa", slip.file)
    await world.person("an")
    assert not await world.door.may_show("web", "an", slip.file)


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize(
    "where",
    [
        "bot.services.slips.draw",
        "bot.store.blobs.Blobs.keep",
        "bot.store.files.Files.keep",
        "bot.store.slips.Slips.drawn",
        "bot.store.outbox.Outbox.owe",
    ],
)
async def test_a_crash_at_any_step_leaves_one_slip_and_one_message(world, monkeypatch, where):
    dossier = await owed(world)
    told = len(await world.owed_to(dossier.person))

    def killed(*_, **__):
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr(where, killed)
        with pytest.raises(Killed):
            await world.slips.draw_owed()
    assert await slips_of(world, dossier) == []
    assert len(await world.owed_to(dossier.person)) == told

    assert await world.slips.draw_owed() == 1
    assert await world.slips.draw_owed() == 0
    [slip] = await slips_of(world, dossier)
    assert sent(await world.owed_to(dossier.person)) == [slip.file]


async def test_two_processes_that_draw_the_same_send_it_once(world, another_process):
    dossier = await owed(world)
    [late] = await world.db.read(lambda tx: tx.slips.undrawn(10))
    assert await another_process().slips.draw_owed() == 1
    files = on_disk(world)

    assert not await world.slips._make(late)
    [slip] = await slips_of(world, dossier)
    assert sent(await world.owed_to(dossier.person)) == [slip.file]
    assert on_disk(world) == files, "what the slower one drew does not lie about"


async def test_one_that_cannot_be_made_holds_up_no_other(world, monkeypatch):
    monkeypatch.setattr("bot.services.slips._AT_ONCE", 1)
    bad = await owed(world)
    good = await owed(world, address="an")
    facts_of = world.slips._facts_of

    def failing(tx, one):
        if one.dossier == bad.id:
            raise ZeroDivisionError
        return facts_of(tx, one)

    with monkeypatch.context() as broken:
        broken.setattr(world.slips, "_facts_of", failing)
        assert await world.slips.draw_owed() == 1
    assert len(await slips_of(world, good)) == 1
    assert await slips_of(world, bad) == []
    assert await world.slips.draw_owed() == 1
    assert len(await slips_of(world, bad)) == 1


async def test_the_worker_outlives_a_database_that_was_away(world, monkeypatch):
    dossier = await owed(world)
    monkeypatch.setattr("bot.services.slips.LOOK", 0.01)
    undrawn, away = world.slips._undrawn, [ConnectionError(), ConnectionError()]

    async def away_at_first(after):
        if away:
            raise away.pop()
        return await undrawn(after)

    monkeypatch.setattr(world.slips, "_undrawn", away_at_first)
    worker = asyncio.create_task(world.slips.run())
    await until(lambda: slips_of(world, dossier))
    worker.cancel()
    with pytest.raises(asyncio.CancelledError):
        await worker


async def test_a_step_that_is_not_taken_owes_no_slip(world):
    person, officer = await world.person(), await lan(world)
    wanted = OpenDossier(procedure="dang_ky_thuong_tru", form=FORM)
    dossier = await world.keep(lambda tx: world.dossiers.open(tx, person, wanted, world.clock()))

    def half(tx):
        world.dossiers.move(tx, dossier.id, Status.RECEIVED, by=officer, now=world.clock())
        raise Conflict("somebody was faster")

    with pytest.raises(Conflict):
        await world.keep(half)
    assert await world.db.read(lambda tx: tx.slips.waiting()) == 0


async def test_each_step_has_its_slip_as_things_stood_then(world):
    dossier, officer = await owed(world), await lan(world)

    async def move(to, **more):
        await world.keep(
            lambda tx: world.dossiers.move(tx, dossier.id, to, by=officer, now=world.clock(), **more)
        )

    await move(Status.SUPPLEMENT, note="Số điện thoại không liên lạc được", again=("so_dien_thoai",))
    await move(Status.RECEIVED)
    await world.keep(
        lambda tx: world.dossiers.postpone(
            tx, dossier.id, date(2027, 3, 1), by=officer, reason="Chờ xác minh", seen=None, now=world.clock()
        )
    )
    await move(Status.NOT_RECEIVED, note="Không thuộc thẩm quyền")
    assert await world.slips.draw_owed() == 4, "received a second time, it has its receipt already"

    drawn = await slips_of(world, dossier)
    assert [one.kind.value for one in drawn] == ["mau_01", "mau_02", "mau_04", "mau_03"]
    receipt, more, sorry, refusal = [text_of(world, one.file) for one in drawn]
    assert "1. Điện thoại Lý do: Số điện thoại không liên lạc được" in more
    assert "Không thuộc thẩm quyền" in refusal
    promised = receipt.split("Thời gian trả kết quả giải quyết hồ sơ: ")[1].split(" 5. ")[0]
    assert "2026" in promised
    assert f"Thời gian hẹn trả kết quả: {promised}" in sorry
    assert "Lý do: Chờ xác minh" in sorry
    assert "ngày 01 tháng 03 năm 2027" in sorry
    assert "Chị Lan" not in sorry, "an apology is signed by the head"
    assert sent(await world.owed_to(dossier.person)) == [one.file for one in drawn]


async def test_where_no_source_gives_a_time_the_officer_s_day_is_promised_or_none_yet(world):
    officer = await lan(world)
    person = await world.person()
    wanted = OpenDossier(procedure="dang_ky_khai_sinh", form=FORM)
    with_day = await world.keep(lambda tx: world.dossiers.open(tx, person, wanted, world.clock()))
    day = date(2027, 3, 1)
    await world.keep(
        lambda tx: world.dossiers.move(
            tx, with_day.id, Status.RECEIVED, by=officer, due=day, now=world.clock()
        )
    )
    without = await owed(world, "dang_ky_khai_sinh")
    await world.slips.draw_owed()

    line = "Thời gian trả kết quả giải quyết hồ sơ: "
    said = [text_of(world, (await slips_of(world, one))[0].file) for one in (with_day, without)]
    assert "phút, ngày 01 tháng 03 năm 2027 " in said[0].split(line)[1][:50]
    assert f"{line}phường Bình Hòa sẽ báo cho ông/bà sau" in said[1]
    assert "theo quy định là" not in "".join(said)


async def test_a_receipt_lists_the_papers_that_were_received(world):
    person = await world.person()
    kept = [world.blobs.keep(f"{n}.jpg", b"x", "image/jpeg") for n in range(3)]
    await world.keep(lambda tx: tx.files.keep(person.id, tuple(kept), world.clock()))
    papers = (Paper(paper="cho_o", name="Giấy tờ chỗ ở", files=(kept[0].file, kept[1].file)),)
    dossier = await owed(world, papers=papers)
    world.clock.pass_by(minutes=1)
    later = (Paper(paper="khac", name="Giấy gửi sau", files=(kept[2].file,)),)
    await world.keep(lambda tx: tx.dossiers.add_papers(dossier.id, later, world.clock()))

    await world.slips.draw_owed()
    said = text_of(world, (await slips_of(world, dossier))[0].file)
    assert "(1) Giấy tờ chỗ ở (2 tệp)" in said
    assert "Giấy gửi sau" not in said
    filed = await world.db.read(lambda tx: tx.dossiers.files_of(dossier.id))
    assert [one.paper for one in filed] == ["cho_o", "cho_o", "khac"], "no slip among what they handed in"


async def test_the_address_is_that_of_who_files_and_of_nobody_else(world):
    def asked(slot, shown):
        return Answer(slot=slot, label=slot, value=shown, shown=shown)

    dead = (asked("ho_ten_mat", "Lê Văn Mất"), asked("noi_cu_tru_mat", "1 đường Người Mất"))
    mother = (asked("quan_he", "me"), asked("ho_ten_me", "Lê Thị Hoa"), asked("noi_cu_tru_me", "2 đường Mẹ"))
    death = await owed(world, "dang_ky_khai_tu", form=(*dead, *FORM))
    birth = await owed(world, "dang_ky_khai_sinh", form=(asked("ten_be", "Lê An"), *mother), address="an")
    await world.slips.draw_owed()

    said = [text_of(world, (await slips_of(world, one))[0].file) for one in (death, birth)]
    assert "của: Lê Thị Hoa Địa chỉ: …" in said[0]
    assert "Người Mất" not in said[0]
    assert "của: Lê Thị Hoa Địa chỉ: 2 đường Mẹ Số điện thoại: …" in said[1]


async def test_telegram_gets_the_pdf_itself(world):
    with await asyncio.to_thread(TelegramDouble) as double:
        hoa = await asyncio.to_thread(double.citizen, "Lê Thị Hoa")
        channel = TelegramChannel(double.token, api_url=double.url, open_file=world.blobs.path)
        dossier = await owed(world, channel="telegram", address=str(hoa.id))
        await world.slips.draw_owed()
        sender = asyncio.create_task(world.sender(channels={"telegram": channel}).run())

        async def documents():
            return [one for one in await asyncio.to_thread(hoa.got) if "document" in one]

        await until(documents)
        sender.cancel()
        [message] = await documents()
        taken = Attachment(name="", remote=message["document"]["file_id"])
        content = await channel.fetch(taken, 1_000_000)
        await channel.close()

    assert message["document"]["file_name"] == f"giay-tiep-nhan-{dossier.code}.pdf"
    assert message["document"]["mime_type"] == "application/pdf"
    assert message["caption"].startswith("Giấy tiếp nhận hồ sơ và hẹn trả kết quả")
    [slip] = await slips_of(world, dossier)
    assert content == world.blobs.path(slip.file).read_bytes()
    assert len(pypdfium2.PdfDocument(content)) == 1


async def test_over_rest_its_owner_and_nobody_else_finds_a_link_to_the_pdf(world):
    dossier = await owed(world, channel="rest")
    await world.slips.draw_owed()
    app = Starlette(routes=RestChannel(world.door).routes())
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
        told = (await http.get("/webhooks/rest/messages", params={"sender": "hoa"})).json()
        [link] = [one["attachment"] for one in told if "attachment" in one]
        shown, theirs = await http.get(link), await http.get(link.replace("sender=hoa", "sender=an"))

    [slip] = await slips_of(world, dossier)
    assert shown.headers["content-type"] == "application/pdf"
    assert shown.content == world.blobs.path(slip.file).read_bytes()
    assert theirs.status_code == 404


async def test_numbers_count_each_kind_and_year(world):
    first = await owed(world)
    await world.slips.draw_owed()
    assert "Số: 01/TTPVHCC" in text_of(world, (await slips_of(world, first))[0].file)
    numbers = [
        await world.keep(lambda tx: tx.dossiers.next_number("slip:mau_01:2026")),
        await world.keep(lambda tx: tx.dossiers.next_number("slip:mau_02:2026")),
    ]
    assert numbers == [2, 1]


async def test_a_year_begins_at_midnight_here(world):
    world.clock.now = datetime(2026, 12, 31, 17, 30, tzinfo=UTC)  # half past midnight on 1 January
    await owed(world)
    assert await world.keep(lambda tx: tx.dossiers.next_number("slip:mau_01:2027")) == 2
