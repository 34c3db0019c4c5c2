"""Files: their type by content, their place by our own name, their owner in a table."""

from pathlib import Path

import pytest

from bot.core.errors import FileRefused
from bot.core.messages import Attachment
from bot.store.blobs import Blobs
from tests.store.store_scene import NOW, meet

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
SAMPLES = {
    "image/png": PNG,
    "image/jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\0" * 40,
    "image/webp": b"RIFF\x24\0\0\0WEBPVP8 " + b"\0" * 40,
    "image/heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 40,
    "application/pdf": b"%PDF-1.4\n" + b"\0" * 40,
}


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "files", max_bytes=1000)


@pytest.mark.parametrize("mime", SAMPLES)
def test_pictures_and_pdf_are_kept_whatever_they_are_called(blobs, mime):
    kept = blobs.keep("virus.exe", SAMPLES[mime])

    assert (kept.mime, kept.size, kept.name) == (mime, len(SAMPLES[mime]), "virus.exe")
    path = blobs.path(kept.file)
    assert path.read_bytes() == SAMPLES[mime]


@pytest.mark.parametrize(
    "content",
    [
        b"MZ" + b"\0" * 99,
        b"<html><script>",
        b"PK\x03\x04" + b"\0" * 99,
        b"GIF89a" + b"\0" * 99,
        b"x",
        b"\0" * 99,
    ],
    ids=["exe", "html", "zip", "gif", "one byte", "zeros"],
)
def test_what_is_neither_picture_nor_pdf_is_refused_whatever_it_is_called(blobs, tmp_path, content):
    with pytest.raises(FileRefused) as refused:
        blobs.keep("anh.png", content)

    assert refused.value.reason == "unknown_type"
    assert not list(tmp_path.rglob("*.*"))


def test_an_empty_file_and_one_too_large_are_refused(blobs):
    with pytest.raises(FileRefused) as refused:
        blobs.keep("a.png", b"")
    assert refused.value.reason == "empty"
    with pytest.raises(FileRefused) as refused:
        blobs.keep("a.png", PNG + b"\0" * 1000)
    assert refused.value.reason == "too_large"
    assert blobs.keep("a.png", PNG.ljust(1000, b"\0")).size == 1000


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
    file = blobs.keep(given, PNG)

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
    blobs.keep("a.png", PNG)
    assert blobs.path(asked) is None


def test_a_file_half_written_when_the_power_went_is_no_file(blobs, tmp_path):
    name = "ab" * 16
    left = tmp_path / "files" / "ab" / f"{name}.part"
    left.parent.mkdir(parents=True)
    left.write_bytes(PNG[:10])

    assert blobs.path(name) is None
    assert blobs.path(f"{name}.part") is None
    kept = blobs.keep("a.png", PNG)
    assert not list((tmp_path / "files").rglob(f"{kept.file}.part"))


def test_a_disk_that_refuses_leaves_no_file_behind_that_looks_whole(blobs, tmp_path, monkeypatch):
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        blobs.keep("a.png", PNG)

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
