"""What the tests of the channels share: the double of Telegram, a Door that plays a script, a real server."""

from collections.abc import Iterator

import pytest

from tests.doubles.telegram_api import TelegramDouble


@pytest.fixture(scope="session")
def telegram_server() -> Iterator[TelegramDouble]:
    with TelegramDouble() as double:
        yield double


@pytest.fixture
def telegram(telegram_server: TelegramDouble) -> TelegramDouble:
    """The double, as new."""
    telegram_server.do("reset")
    return telegram_server
