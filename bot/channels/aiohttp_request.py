"""HTTP for python-telegram-bot over aiohttp: several times the messages a second, and it tells a request
that never left from one whose answer was lost."""

import os
from typing import TypeAlias

import aiohttp
from telegram._utils.defaultvalue import DefaultValue
from telegram._utils.types import ODVInput
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

# python-telegram-bot's own switch: without it each 429 warns that `retry_after` will be a timedelta one day.
os.environ.setdefault("PTB_TIMEDELTA", "true")

_Seconds: TypeAlias = "ODVInput[float]"


class AnswerLost(NetworkError):
    """The request was (perhaps) written and no answer came: Telegram may have carried it out."""


class AiohttpRequest(BaseRequest):
    """One pool of connections. It opens by itself with the first request."""

    def __init__(
        self,
        *,
        connections: int = 64,
        connect: float = 5.0,
        read: float = 20.0,
        wait_for_connection: float = 10.0,
    ) -> None:
        self._connections = connections
        self._connect = connect
        self._read = read
        self._pool = wait_for_connection
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        return self._read

    async def initialize(self) -> None:
        self._open()

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: _Seconds = BaseRequest.DEFAULT_NONE,
        write_timeout: _Seconds = BaseRequest.DEFAULT_NONE,
        connect_timeout: _Seconds = BaseRequest.DEFAULT_NONE,
        pool_timeout: _Seconds = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        connect = _given(connect_timeout, self._connect)
        pool = _given(pool_timeout, self._pool)
        timeout = aiohttp.ClientTimeout(
            connect=None if connect is None or pool is None else connect + pool,
            sock_connect=connect,
            sock_read=_given(read_timeout, self._read),
        )
        try:
            async with self._open().request(
                method, url, data=_form(request_data), timeout=timeout, allow_redirects=False
            ) as response:
                return response.status, await response.read()
        except (aiohttp.ConnectionTimeoutError, aiohttp.ClientConnectorError) as error:
            # Never with the address: it holds the token.
            raise TimedOut(f"no connection ({type(error).__name__})") from None
        except (aiohttp.ClientError, TimeoutError) as error:
            raise AnswerLost(f"no answer ({type(error).__name__})") from None

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            # Shorter than servers keep idle connections: a stale one would look like a lost answer.
            connector = aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=15.0)
            self._session = aiohttp.ClientSession(connector=connector, trust_env=True)
        return self._session


def _given(value: _Seconds, otherwise: float | None) -> float | None:
    return otherwise if isinstance(value, DefaultValue) else value


def _form(data: RequestData | None) -> aiohttp.FormData | dict[str, str] | None:
    if data is None:
        return None
    if not data.contains_files:
        return data.json_parameters
    # Not quoted: Telegram shows names as they come, so "Tờ khai.pdf" must not become "T%E1%BB%9D…".
    form = aiohttp.FormData(data.json_parameters, quote_fields=False)
    for field, (filename, content, mime) in data.multipart_data.items():
        form.add_field(field, content, filename=filename, content_type=mime)
    return form
