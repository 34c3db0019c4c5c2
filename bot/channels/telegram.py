"""Telegram: what goes out. What comes in is read in `telegram_read` and fetched in `telegram_updates`."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from telegram import (
    Bot,
    BotCommand,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    Message,
)
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.channels import telegram_read
from bot.channels.aiohttp_request import AiohttpRequest
from bot.channels.telegram_errors import in_our_words
from bot.channels.text import clean, split, units, with_rows
from bot.core import payload
from bot.core.errors import FileRefused, Refused, Throttled, Uncertain, Unreachable
from bot.core.messages import Attachment, Button, Incoming, Reply

log = logging.getLogger(__name__)

TEXT, CAPTION, NOTICE = 4096, 1024, 200
DOWNLOAD, PHOTO, UPLOAD = 20_000_000, 10_000_000, 50_000_000
#: Two buttons share a line when neither title is longer.
SHORT_TITLE = 18

COMMANDS = (
    BotCommand("start", "Bắt đầu"),
    BotCommand("hoso", "Hồ sơ của tôi"),
    BotCommand("huy", "Huỷ việc đang làm"),
    BotCommand("help", "Trợ giúp"),
)
PLAIN = LinkPreviewOptions(is_disabled=True)


class TelegramChannel:
    """One bot account, through Telegram's server or one of the ward's own."""

    name = telegram_read.NAME
    #: The outbox sends; nobody comes to fetch.
    pushes = True
    read = staticmethod(telegram_read.read)

    def __init__(
        self,
        token: str,
        *,
        open_file: Callable[[str], Path | None],
        api_url: str = "https://api.telegram.org",
        connections: int = 64,
        read_timeout: float = 20.0,
    ) -> None:
        base = api_url.rstrip("/")
        self._open_file = open_file
        self._username = ""
        self._request = AiohttpRequest(connections=connections, read=read_timeout)
        # Not `Bot.initialize`: it calls getMe, and we want to start while Telegram is away.
        self._bot = Bot(
            token, base_url=f"{base}/bot", base_file_url=f"{base}/file/bot", request=self._request
        )

    @property
    def bot(self) -> Bot:
        return self._bot

    async def close(self) -> None:
        await self._request.shutdown()

    async def send(self, address: str, reply: Reply, *, editing: str | None = None) -> str:
        """As `Channel.send`. The receipt is the id of the last message, the one with the buttons."""
        chat = _chat(address)
        text = with_rows(reply.text, reply.rows)
        markup = _markup(reply)
        parts, files = split(text, TEXT), self._openable(reply.files)
        if (
            editing is not None
            and len(parts) == 1
            and not files
            and await self._edit(
                chat, editing, parts[0], markup if isinstance(markup, InlineKeyboardMarkup) else None
            )
        ):
            return editing
        captioned = len(files) == 1 and units(text) <= CAPTION
        if captioned:
            with in_our_words():
                return await self._send_file(chat, *files[0], text, markup)
        if not parts and not files:
            raise Refused("nothing to say" if not reply.files else "the file is gone")
        return await self._send_all(chat, files, parts, markup)

    async def fetch(self, attachment: Attachment, limit: int) -> bytes:
        """The bytes of a file that a citizen sent. Telegram hands over 20 MB at most."""
        if attachment.size > min(limit, DOWNLOAD):
            raise FileRefused("too_large", str(attachment.size))
        try:
            file = await self._bot.get_file(attachment.remote or "")
            if (file.file_size or 0) > limit:
                raise FileRefused("too_large", str(file.file_size))
            content = bytes(await file.download_as_bytearray())
        except BadRequest as error:
            reason = "too_large" if "too big" in str(error).lower() else "gone"
            raise FileRefused(reason, str(error)) from error
        except InvalidToken as error:  # also how PTB reports a 404 of the file itself
            raise FileRefused("gone", str(error)) from error
        except (TelegramError, OSError) as error:
            raise Unreachable(str(error)) from error
        if len(content) > limit:
            raise FileRefused("too_large", str(len(content)))
        return content

    async def acknowledge(self, incoming: Incoming, notice: str = "") -> None:
        if incoming.callback is not None:
            with suppress(TelegramError):  # too old, or answered before: there is no spinner any more
                await self._bot.answer_callback_query(incoming.callback, text=notice[:NOTICE] or None)

    async def typing(self, address: str) -> None:
        """Show "đang nhập…" for some seconds. Best effort."""
        with suppress(TelegramError, Refused):
            await self._bot.send_chat_action(_chat(address), "typing")

    @property
    def username(self) -> str:
        """Our own, for links; empty until Telegram has told it."""
        return self._username

    async def announce_commands(self) -> None:
        """The menu beside the text field. Best effort."""
        try:
            await self._bot.set_my_commands(COMMANDS)
            self._username = (await self._bot.get_me()).username or ""
        except TelegramError as error:
            log.warning("telegram: the menu of commands was not set: %s", error)

    async def _send_all(
        self,
        chat: int,
        files: Sequence[tuple[Attachment, Path]],
        parts: Sequence[str],
        markup: "InlineKeyboardMarkup | ForceReply | None",
    ) -> str:
        """Files first, then the text: the buttons end up under the last thing read."""
        last, receipt = len(files) + len(parts) - 1, ""
        for at in range(last + 1):
            keys = markup if at == last else None
            try:
                with in_our_words():
                    if at < len(files):
                        receipt = await self._send_file(chat, *files[at], "", keys)
                    else:
                        receipt = await self._send_text(chat, parts[at - len(files)], keys)
            except (Unreachable, Throttled) as error:
                if at == 0:
                    raise
                # The first parts are out: "try again" would not be the whole truth.
                raise Uncertain(f"{at} of {last + 1} parts were sent: {error}") from error
        return receipt

    async def _send_text(
        self, chat: int, text: str, markup: "InlineKeyboardMarkup | ForceReply | None"
    ) -> str:
        sent = await self._bot.send_message(chat, text, reply_markup=markup, link_preview_options=PLAIN)
        return str(sent.message_id)

    async def _send_file(
        self,
        chat: int,
        file: Attachment,
        path: Path,
        caption: str,
        markup: "InlineKeyboardMarkup | ForceReply | None",
    ) -> str:
        content = await asyncio.to_thread(path.read_bytes)
        if len(content) > UPLOAD:
            raise Refused(f"the file has {len(content)} bytes, Telegram takes {UPLOAD}")
        upload = InputFile(content, filename=" ".join(clean(file.name).split()) or "tep")
        sent: Message
        if file.mime in ("image/jpeg", "image/png", "image/webp") and len(content) <= PHOTO:
            try:
                sent = await self._bot.send_photo(chat, upload, caption=caption or None, reply_markup=markup)
                return str(sent.message_id)
            except BadRequest as error:
                # "IMAGE_PROCESS_FAILED", "PHOTO_INVALID_DIMENSIONS": as a document it still arrives.
                if "image" not in str(error).lower() and "photo" not in str(error).lower():
                    raise
        sent = await self._bot.send_document(chat, upload, caption=caption or None, reply_markup=markup)
        return str(sent.message_id)

    async def _edit(self, chat: int, receipt: str, text: str, markup: InlineKeyboardMarkup | None) -> bool:
        """False if that message cannot be edited (too old, deleted, a photo): then send anew."""
        if not receipt.isdecimal():
            return False
        with in_our_words():
            try:
                await self._bot.edit_message_text(
                    text, chat, int(receipt), reply_markup=markup, link_preview_options=PLAIN
                )
            except BadRequest as error:
                told = str(error).lower()
                if "message is not modified" in told:
                    return True
                if "message" in told and ("edit" in told or "not found" in told):
                    return False
                raise
        return True

    def _openable(self, files: Sequence[Attachment]) -> list[tuple[Attachment, Path]]:
        found = []
        for file in files:
            path = self._open_file(file.file) if file.file else None
            if path is None:
                log.error("telegram: file %s is owed to somebody and is not there", file.file)
            else:
                found.append((file, path))
        return found


def _chat(address: str) -> int:
    try:
        return int(address)
    except ValueError:
        raise Refused(f"{address!r} is no chat of Telegram") from None


def _markup(reply: Reply) -> InlineKeyboardMarkup | ForceReply | None:
    if reply.buttons:
        return InlineKeyboardMarkup(_lines(reply.buttons))
    if reply.wants_reply:
        return ForceReply(selective=True)
    return None


def _lines(buttons: Sequence[Button]) -> list[list[InlineKeyboardButton]]:
    """Short titles two a line, long ones alone."""
    lines: list[list[InlineKeyboardButton]] = []
    open_line = False
    for button in buttons:
        short = units(button.title) <= SHORT_TITLE
        if open_line and short:
            lines[-1].append(_key(button))
            open_line = False
        else:
            lines.append([_key(button)])
            open_line = short
    return lines


def _key(button: Button) -> InlineKeyboardButton:
    if button.url:
        return InlineKeyboardButton(button.title, url=button.url)
    size = len(button.payload.encode())
    if not 1 <= size <= payload.LIMIT:
        raise Refused(
            f"button {button.title!r} has a payload of {size} bytes, Telegram takes {payload.LIMIT}"
        )
    return InlineKeyboardButton(button.title, callback_data=button.payload)
