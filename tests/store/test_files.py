"""Files: their bytes whole on the disk, their place by our own name, their owner in a table."""

from pathlib import Path

import pytest

from bot.core.messages import Attachment, IdCard
from bot.store.blobs import Blobs
from tests.store.store_scene import NOW, meet

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
CARD = IdCard(number="003196001234", name="Lê Thị Hoa", born="1996-03-12", sex="nu")


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "files")


def test_what_was_looked_at_is_kept_as_it_is_and_as_what_it_was_said_to_be(blobs):
    kept = blobs.keep("virus.exe", PNG, "image/png", doubt="dark", card=CARD)

    assert kept == Attachment(
        name="virus.exe", mime="image/png", size=len(PNG), file=kept.file, doubt="dark", card=CARD
    )
    assert blobs.path(kept.file).read_bytes() == PNG


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\anh.png", "anh.png"),
        ("ảnh bé\x00\n.png", "ảnh bé.png"),
        ("", "tep"),
        ("///", "tep"),
        ("a" * 500, "a" * 200),
    ],
)
def test_a_name_is_only_shown_and_never_a_path(blobs, tmp_path, given, kept):
    file = blobs.keep(given, PNG, "image/png")

    assert file.name == kept
    assert blobs.path(file.file).is_relative_to(tmp_path / "files")


@pytest.mark.parametrize(
    "asked",
    [
        "",
        ".",
        "../../config.yml",
        "/etc/passwd",
        "a" * 31,
        "a" * 33,
        "A" * 32,
        "a" * 30 + "/.",
        "٣" * 32,
        "0" * 32,
    ],
)
def test_what_is_not_a_name_of_ours_is_no_file(blobs, asked):
    blobs.keep("a.png", PNG, "image/png")
    assert blobs.path(asked) is None


def test_a_file_half_written_when_the_power_went_is_no_file(blobs, tmp_path):
    name = "ab" * 16
    left = tmp_path / "files" / "ab" / f"{name}.part"
    left.parent.mkdir(parents=True)
    left.write_bytes(PNG[:10])

    assert blobs.path(name) is None
    assert blobs.path(f"{name}.part") is None
    kept = blobs.keep("a.png", PNG, "image/png")
    assert not list((tmp_path / "files").rglob(f"{kept.file}.part"))


def test_a_disk_that_refuses_leaves_no_file_behind_that_looks_whole(blobs, tmp_path, monkeypatch):
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        blobs.keep("a.png", PNG, "image/png")

    assert all(path.suffix == ".part" for path in tmp_path.rglob("*") if path.is_file())


async def test_a_file_belongs_to_whoever_sent_it_first(db):
    one = Attachment(name="a.png", mime="image/png", size=3, file="a" * 32)
    remote = Attachment(name="b.png", remote="still with the platform")
    hoa = await db.write(meet)
    an = await db.write(lambda tx: meet(tx, "an"))
    await db.write(lambda tx: tx.files.keep(hoa, (one, remote), NOW))
    await db.write(lambda tx: tx.files.keep(an, (one,), NOW))

    kept = await db.read(lambda tx: tx.files.get("a" * 32))
    assert (kept.person, kept.name, kept.mime, kept.size) == (hoa, "a.png", "image/png", 3)
    assert await db.read(lambda tx: tx.files.known(["a" * 32, "b" * 32])) == {"a" * 32}
    assert await db.read(lambda tx: tx.files.known([])) == set()
