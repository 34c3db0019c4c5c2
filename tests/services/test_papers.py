"""Files on their way in: by whichever door they come, they are looked at, cleaned, and only then kept."""

import asyncio
import io
import threading
from pathlib import Path

import pytest
from PIL import Image

from bot.core.errors import FileRefused
from bot.core.messages import Attachment
from bot.papers.looked import Limits
from bot.services import papers
from bot.services.papers import AT_ONCE, Papers
from bot.store.blobs import Blobs
from tests.pictures import as_bytes, blurred, card, jpeg, page
from tests.services.services_scene import PNG, said

HEIC = (Path(__file__).parents[1] / "papers" / "the.heic").read_bytes()


@pytest.fixture
def kept_in(tmp_path) -> Papers:
    return Papers(Blobs(tmp_path), Limits(max_bytes=3_000_000))


def located(picture: Image.Image) -> bytes:
    exif = Image.Exif()
    exif[0x010E] = "NHA-BA-HOA"
    return as_bytes(picture, exif=exif, quality=70)


async def test_both_doors_keep_the_cleaned_bytes_and_their_size(world):
    sent = located(page(360, 480, lines=9).convert("L"))
    world.telegram.files = {"a": sent}
    fetched = await world.turns._with_files(
        said("", "1", channel="telegram", files=(Attachment(name="a.jpg", remote="a", size=len(sent)),))
    )
    handed = await world.door.keep_file("a.jpg", sent)

    for one in (fetched.files[0], handed):
        lies = world.blobs.path(one.file).read_bytes()
        assert (one.mime, one.size, one.doubt, one.card) == ("image/jpeg", len(lies), None, None)
        assert b"NHA-BA-HOA" in sent
        assert b"NHA-BA-HOA" not in lies


async def test_what_cannot_be_opened_is_refused_at_both_doors_and_leaves_nothing(world, tmp_path):
    broken = jpeg()[:-400]
    world.telegram.files = {"a": broken}
    fetched = await world.turns._with_files(
        said("", "1", channel="telegram", files=(Attachment(name="a.jpg", remote="a"),))
    )
    assert (fetched.files[0].refused, fetched.files[0].file) == ("unreadable", None)
    with pytest.raises(FileRefused) as why:
        await world.door.keep_file("a.jpg", broken)
    assert why.value.reason == "unreadable"


async def test_a_card_and_a_doubt_are_told_of_what_is_kept(kept_in):
    read = await kept_in.keep("cccd.jpg", as_bytes(card(width=900)))
    doubted = await kept_in.keep("mo.jpg", as_bytes(blurred(page(900, 1200), 8)))

    assert (read.card.name, read.doubt) == ("Lê Thị Hoa", None)
    assert (doubted.doubt, doubted.refused, doubted.card) == ("blurred", None, None)
    assert doubted.file


@pytest.mark.parametrize(
    ("name", "content", "called"),
    [
        ("IMG_0001.HEIC", HEIC, "IMG_0001.jpg"),
        ("Giấy chứng sinh.png", jpeg(), "Giấy chứng sinh.jpg"),
        ("a.JPEG", jpeg(), "a.JPEG"),
        ("a.b", jpeg(), "a.b"),
        ("ảnh", PNG, "ảnh"),
        (".heic", HEIC, ".heic"),
        ("", PNG, "tep"),
        ("../../x.pdf", PNG, "x.png"),
    ],
)
async def test_a_name_ends_as_what_the_file_has_become(kept_in, name, content, called):
    assert (await kept_in.keep(name, content)).name == called


async def test_only_so_many_are_looked_at_together(kept_in, monkeypatch):
    now, most, lock = 0, 0, threading.Lock()
    everyone = threading.Barrier(AT_ONCE, timeout=10)

    def watched(content: bytes, limits: Limits) -> object:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        everyone.wait()
        with lock:
            now -= 1
        return real(content, limits)

    real = papers.look
    monkeypatch.setattr(papers, "look", watched)
    kept = await asyncio.gather(*(kept_in.keep(f"{n}.jpg", jpeg()) for n in range(AT_ONCE * 3)))

    assert most == AT_ONCE
    assert len({one.file for one in kept}) == AT_ONCE * 3


async def test_an_album_of_ten_is_kept_in_its_order(world):
    pictures = {str(n): as_bytes(page(360, 480, lines=n + 1).convert("L"), quality=40) for n in range(10)}
    world.telegram.files = pictures
    album = tuple(Attachment(name=f"{n}.jpg", remote=n) for n in pictures)
    kept = await world.turns._with_files(said("", "1", channel="telegram", files=album))

    assert [one.name for one in kept.files] == [f"{n}.jpg" for n in range(10)]
    with Image.open(io.BytesIO(world.blobs.path(kept.files[9].file).read_bytes())) as last:
        assert last.size == (360, 480)
