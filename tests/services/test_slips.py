"""A slip is owed with its step, drawn after it, kept with the dossier and sent once, whatever happens."""

import pypdfium2
import pytest

from bot.core.dossier import Status
from bot.core.effects import Answer, OpenDossier

FORM = (
    Answer(slot="ho_ten", label="Họ tên", value="Lê Thị Hoa", shown="Lê Thị Hoa"),
    Answer(slot="so_dien_thoai", label="Điện thoại", value="0901234567", shown="0901 234 567"),
)


async def owed(world):
    """A dossier that was just received: its resident is owed a receipt."""
    person, officer = await world.person(), await world.officer()
    wanted = OpenDossier(procedure="dang_ky_thuong_tru", form=FORM)
    dossier = await world.keep(lambda tx: world.dossiers.open(tx, person, wanted, world.clock()))
    return await world.keep(
        lambda tx: world.dossiers.move(tx, dossier.id, Status.RECEIVED, by=officer, now=world.clock())
    )


def text_of(world, file: str) -> str:
    pages = pypdfium2.PdfDocument(world.blobs.path(file).read_bytes())
    return " ".join(" ".join(page.get_textpage().get_text_bounded() for page in pages).split())


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


async def test_a_crash_between_drawing_and_sending_leaves_one_slip_and_one_message(world, monkeypatch):
    dossier = await owed(world)

    def crash(*_):
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr(world.slips, "_send", crash)
        with pytest.raises(ZeroDivisionError):
            await world.slips.draw_owed()
    assert await slips_of(world, dossier) == []

    assert await world.slips.draw_owed() == 1
    assert await world.slips.draw_owed() == 0
    assert len(await slips_of(world, dossier)) == 1
    assert len([reply for reply in await world.owed_to(dossier.person) if reply.files]) == 1


async def test_two_processes_that_draw_the_same_send_it_once(world, another_process):
    dossier = await owed(world)
    sheets = await world.db.read(world.slips._sheets)
    await another_process().slips.draw_owed()
    for one, person, sheet in sheets:
        kept = world.blobs.keep("cham.pdf", b"%PDF-", "application/pdf")
        await world.keep(
            lambda tx, one=one, person=person, kept=kept, sheet=sheet: world.slips._send(
                tx, one, person, kept, sheet.code
            )
        )
    assert len(await slips_of(world, dossier)) == 1
    assert len([reply for reply in await world.owed_to(dossier.person) if reply.files]) == 1


async def test_numbers_count_each_kind_and_year(world):
    first = await owed(world)
    await world.slips.draw_owed()
    assert "Số: 01/TTPVHCC" in text_of(world, (await slips_of(world, first))[0].file)
    numbers = [
        await world.keep(lambda tx: tx.dossiers.next_number("slip:mau_01:2026")),
        await world.keep(lambda tx: tx.dossiers.next_number("slip:mau_02:2026")),
    ]
    assert numbers == [2, 1]
