"""What Telegram's refusals mean to the outbox: shall it try again?"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.channels.aiohttp_request import AnswerLost
from bot.core.errors import Blocked, DeliveryError, Refused, Throttled, Uncertain, Unreachable

log = logging.getLogger(__name__)


def meaning(error: TelegramError) -> DeliveryError:
    """Our word for Telegram's error. The order matters: BadRequest is a subclass of NetworkError."""
    match error:
        case RetryAfter():
            wait = error.retry_after
            return Throttled("429", wait if isinstance(wait, timedelta) else timedelta(seconds=wait))
        case Forbidden():
            return Blocked(str(error))
        case ChatMigrated():
            return Refused(f"the group is now {error.new_chat_id}")
        case BadRequest() if "chat not found" in str(error).lower():
            return Blocked(str(error))
        case BadRequest():
            return Refused(str(error))
        case InvalidToken():
            log.error("Telegram does not know our token: check MOTCUA_TELEGRAM_TOKEN")
            return Unreachable("the token is refused")
        case AnswerLost():
            return Uncertain(str(error))
        case NetworkError():  # also TimedOut: no connection was made, so nothing was sent
            return Unreachable(str(error))
    return Refused(str(error))


@contextmanager
def in_our_words() -> Iterator[None]:
    """Errors of Telegram leave as errors of `bot.core.errors`."""
    try:
        yield
    except TelegramError as error:
        raise meaning(error) from error
