"""What we send to Telegram, over the double: shapes, limits, and what its refusals mean to the outbox."""

import logging
import socket
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels.telegram import TelegramChannel
from bot.channels.text import units
from bot.core.errors import Blocked, FileRefused, Refused, Throttled, Uncertain, Unreachable
from bot.core.messages import Attachment, Button, Incoming, Reply, Row
from tests.doubles.telegram_api import TelegramDouble
from tests.doubles.telegram_control import Citizen

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)


@pytest.fixture
async def channel(telegram: TelegramDouble, tmp_path: Path) -> AsyncIterator[TelegramChannel]:
    def open_file(file: str) -> Path | None:
        return tmp_path / file if (tmp_path / file).exists() else None

    channel = TelegramChannel(telegram.token, api_url=telegram.url, open_file=open_file, read_timeout=0.5)
    yield channel
    await channel.close()


@pytest.fixture
def hoa(telegram: TelegramDouble) -> Citizen:
    return telegram.citizen("Lê Hoa")


def keyboard(message: dict) -> list[list[str]]:
    return [[key["text"] for key in line] for line in message["reply_markup"]["inline_keyboard"]]


async def test_text_goes_out_as_it_is(channel: TelegramChannel, hoa: Citizen) -> None:
    text = "<b>Chào</b> chị *Hoa* _ạ_ [x](https://example.org)"
    receipt = await channel.send(str(hoa.id), Reply(text=text))

    assert [message["text"] for message in hoa.got()] == [text]
    assert receipt == str(hoa.got()[0]["message_id"])


async def test_short_buttons_share_a_line(channel: TelegramChannel, hoa: Citizen) -> None:
    titles = ["Đúng", "Sửa tên", "Xem chi tiết về thủ tục này", "Thôi"]
    buttons = (
        *(Button(title=t, payload="/Ask") for t in titles),
        Button(title="Cổng", url="https://example.org"),
    )
    await channel.send(str(hoa.id), Reply(text="Chọn", buttons=buttons))

    assert keyboard(hoa.got()[0]) == [
        ["Đúng", "Sửa tên"], ["Xem chi tiết về thủ tục này"], ["Thôi", "Cổng"],
    ]  # fmt: skip


async def test_rows_are_lines(channel: TelegramChannel, hoa: Citizen) -> None:
    await channel.send(str(hoa.id), Reply(text="Kiểm tra", rows=(Row(label="Tên", value="An Nhiên"),)))
    assert hoa.got()[0]["text"] == "Kiểm tra\n\nTên: An Nhiên"


async def test_a_long_text_is_cut_at_line_ends_and_buttons_come_last(
    channel: TelegramChannel, hoa: Citizen
) -> None:
    lines = [f"{n}. Giấy tờ 👶 số {n}" + " rất dài" * 12 for n in range(120)]
    receipt = await channel.send(
        str(hoa.id), Reply(text="\n".join(lines), buttons=(Button(title="Rõ", payload="/Ok"),))
    )

    got = hoa.got()
    assert len(got) > 2
    assert "\n".join(message["text"] for message in got).split("\n") == lines
    assert all(units(message["text"]) <= 4096 for message in got)
    assert ["reply_markup" in message for message in got] == [False] * (len(got) - 1) + [True]
    assert receipt == str(got[-1]["message_id"])


async def test_a_question_opens_the_keyboard(channel: TelegramChannel, hoa: Citizen) -> None:
    await channel.send(str(hoa.id), Reply(text="Lý do?", wants_reply=True))
    assert hoa.got()[0]["_force_reply"]


async def test_a_photo_with_a_short_text_is_one_message(
    channel: TelegramChannel, hoa: Citizen, tmp_path: Path
) -> None:
    (tmp_path / "f1").write_bytes(PNG)
    file = Attachment(name="mau.png", mime="image/png", file="f1")
    await channel.send(
        str(hoa.id), Reply(text="Mẫu đơn", files=(file,), buttons=(Button(title="Rõ", payload="/Ok"),))
    )

    (message,) = hoa.got()
    assert message["caption"] == "Mẫu đơn"
    assert message["photo"]
    assert keyboard(message) == [["Rõ"]]


async def test_files_come_before_a_text_that_is_no_caption(
    channel: TelegramChannel, hoa: Citizen, tmp_path: Path
) -> None:
    (tmp_path / "f1").write_bytes(b"no picture at all")
    (tmp_path / "f2").write_bytes(b"%PDF-1.7")
    files = (
        Attachment(name="hỏng.png", mime="image/png", file="f1"),
        Attachment(name="Tờ khai.pdf", mime="application/pdf", file="f2"),
        Attachment(name="mất.pdf", mime="application/pdf", file="f3"),
    )
    await channel.send(str(hoa.id), Reply(text="x" * 1025, files=files))

    first, second, text = hoa.got()
    assert first["document"]["file_name"] == "hỏng.png", "Telegram refused it as a picture"
    assert second["document"]["file_name"] == "Tờ khai.pdf"
    assert text["text"] == "x" * 1025


async def test_a_card_is_edited_in_place(channel: TelegramChannel, hoa: Citizen) -> None:
    card = Reply(text="Hồ sơ mới", buttons=(Button(title="Nhận", payload="/Take(1)"),))
    receipt = await channel.send(str(hoa.id), card)
    taken = Reply(text="Chị Lan nhận lúc 09:12")

    assert await channel.send(str(hoa.id), taken, editing=receipt) == receipt
    assert await channel.send(str(hoa.id), taken, editing=receipt) == receipt, "not modified: fine"
    (message,) = hoa.got()
    assert message["text"] == taken.text
    assert "reply_markup" not in message


async def test_what_cannot_be_edited_is_sent_anew(
    channel: TelegramChannel, telegram: TelegramDouble, hoa: Citizen
) -> None:
    theirs = hoa.says("chào")
    gone = await channel.send(str(hoa.id), Reply(text="Hồ sơ mới"))
    telegram.delete(hoa.id, hoa.got()[0])

    for editing in (str(theirs["message_id"]), gone, "nothing of Telegram's"):
        assert await channel.send(str(hoa.id), Reply(text="Đã nhận"), editing=editing) != editing
    assert [message["text"] for message in hoa.got()] == ["Đã nhận"] * 3


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (Reply(text="  "), "nothing to say"),
        (Reply(text="", files=(Attachment(name="mất", file="f9"),)), "the file is gone"),
        (Reply(text="x", buttons=(Button(title="Dài", payload="/A(" + "đ" * 31 + ")"),)), "66 bytes"),
        (Reply(text="x", buttons=(Button(title="Trống"),)), "0 bytes"),
    ],
)
async def test_what_telegram_never_takes_is_refused(
    channel: TelegramChannel, hoa: Citizen, reply: Reply, why: str
) -> None:
    with pytest.raises(Refused, match=why):
        await channel.send(str(hoa.id), reply)


async def test_a_citizen_who_blocked_us_is_blocked(channel: TelegramChannel, hoa: Citizen) -> None:
    hoa.blocks()
    with pytest.raises(Blocked):
        await channel.send(str(hoa.id), Reply(text="x"))
    hoa.unblocks()
    await channel.send(str(hoa.id), Reply(text="x"))


async def test_a_chat_that_is_none_is_not_written_to_again(channel: TelegramChannel) -> None:
    with pytest.raises(Blocked):
        await channel.send("404", Reply(text="x"))
    with pytest.raises(Refused):
        await channel.send("hoa", Reply(text="x"))


async def test_a_group_that_moved_tells_where(channel: TelegramChannel, telegram: TelegramDouble) -> None:
    group = telegram.group()
    new = telegram.migrate(group)
    with pytest.raises(Refused, match=str(new)):
        await channel.send(str(group), Reply(text="x"))


async def test_too_fast_says_how_long_to_wait(
    channel: TelegramChannel, telegram: TelegramDouble, hoa: Citizen
) -> None:
    telegram.fault("429", method="sendMessage", retry_after=7)
    with pytest.raises(Throttled) as told:
        await channel.send(str(hoa.id), Reply(text="x"))
    assert told.value.wait == timedelta(seconds=7)


async def test_trouble_at_telegrams_is_tried_again(
    channel: TelegramChannel, telegram: TelegramDouble, hoa: Citizen
) -> None:
    telegram.fault("500", method="sendMessage")
    with pytest.raises(Unreachable):
        await channel.send(str(hoa.id), Reply(text="x"))
    assert hoa.got() == []


async def test_no_connection_means_not_sent() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        channel = TelegramChannel("1:x", api_url=url, open_file=lambda _: None)
        with pytest.raises(Unreachable):
            await channel.send("1", Reply(text="x"))
        await channel.close()


@pytest.mark.parametrize(("fault", "there"), [("silence", 0), ("drop", 1)])
async def test_a_lost_answer_is_uncertain(
    channel: TelegramChannel, telegram: TelegramDouble, hoa: Citizen, fault: str, there: int
) -> None:
    telegram.fault(fault, method="sendMessage")
    with pytest.raises(Uncertain):
        await channel.send(str(hoa.id), Reply(text="x"))
    assert len(hoa.got()) == there


async def test_half_a_message_is_uncertain(
    channel: TelegramChannel, telegram: TelegramDouble, hoa: Citizen, tmp_path: Path
) -> None:
    (tmp_path / "f2").write_bytes(b"%PDF-1.7")
    telegram.fault("500", method="sendMessage")
    file = Attachment(name="a.pdf", mime="application/pdf", file="f2")
    with pytest.raises(Uncertain, match="1 of 2"):
        await channel.send(str(hoa.id), Reply(text="x" * 2000, files=(file,)))


async def test_a_wrong_token_is_said_loudly_and_not_shown(
    telegram: TelegramDouble, caplog: pytest.LogCaptureFixture
) -> None:
    channel = TelegramChannel("7:secret-token", api_url=telegram.url, open_file=lambda _: None)
    with pytest.raises(Unreachable) as told:
        await channel.send("1", Reply(text="x"))
    await channel.close()
    assert any(record.levelno >= logging.ERROR for record in caplog.records)
    assert "secret-token" not in caplog.text + str(told.value)


async def test_a_file_is_fetched(channel: TelegramChannel, hoa: Citizen) -> None:
    sent = hoa.sends_photo(PNG)["photo"][-1]
    file = Attachment(name="anh.jpg", remote=sent["file_id"], size=sent["file_size"])
    assert await channel.fetch(file, 1000) == PNG


async def test_a_file_that_is_too_large_is_not_fetched(channel: TelegramChannel, hoa: Citizen) -> None:
    sent = hoa.sends_document(b"x" * 20_000_001)["document"]
    small = hoa.sends_document(b"x" * 11)["document"]
    for size, part, limit in ((0, sent, 50_000_000), (20_000_001, sent, 50_000_000), (0, small, 10)):
        with pytest.raises(FileRefused) as told:
            await channel.fetch(Attachment(name="x", remote=part["file_id"], size=size), limit)
        assert told.value.reason == "too_large"


async def test_a_file_that_is_gone_is_gone_and_one_out_of_reach_is_not(
    channel: TelegramChannel, telegram: TelegramDouble
) -> None:
    file = Attachment(name="x", remote="photos-file_0")
    with pytest.raises(FileRefused) as told:
        await channel.fetch(file, 1000)
    assert told.value.reason == "gone"
    telegram.fault("500", method="getFile")
    with pytest.raises(Unreachable):
        await channel.fetch(file, 1000)


async def test_a_tap_is_acknowledged_once_and_never_raises(
    channel: TelegramChannel, telegram: TelegramDouble, hoa: Citizen
) -> None:
    await channel.send(str(hoa.id), Reply(text="?", buttons=(Button(title="Đúng", payload="/Yes"),)))
    tap = hoa.taps("Đúng")
    incoming = Incoming(channel="telegram", external_id="1", sender=str(hoa.id), callback=tap)
    await channel.acknowledge(incoming, "Đã ghi" + "!" * 300)
    await channel.acknowledge(incoming, "lần nữa")
    assert telegram.state()["taps"][tap]["answered"] == ("Đã ghi" + "!" * 300)[:200]


async def test_the_menu_and_the_typing_sign(
    channel: TelegramChannel, telegram: TelegramDouble, hoa: Citizen
) -> None:
    await channel.announce_commands()
    await channel.typing(str(hoa.id))
    await channel.typing("404")
    state = telegram.state()
    assert [command["command"] for command in state["commands"]] == ["start", "hoso", "huy", "help"]
    assert state["actions"] == [{"chat": hoa.id, "action": "typing"}]
