"""`motcua run`: the program behind one port, until it is told to stop."""

import asyncio
import logging
import socket
import sys
from types import FrameType

import uvicorn

from bot.app import Program
from bot.config import Settings
from bot.content import Content

#: Seconds before a busy thread makes room for another. The event loop and the writer of the database share
#: one lock; with Python's usual 5 ms they take it from each other in the middle of a commit.
SWITCH = 0.02


class _Server(uvicorn.Server):
    """Uvicorn, that lets waiting browsers go as soon as it is told to stop."""

    def __init__(self, config: uvicorn.Config, program: Program) -> None:
        super().__init__(config)
        self._program = program
        self._loop: asyncio.AbstractEventLoop | None = None
        self._parting: set[asyncio.Task[None]] = set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        # Uvicorn would raise it anew once it has closed, and end us before `Program.stop`.
        self._captured_signals.clear()
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._part)

    def _part(self) -> None:
        self._parting.add(asyncio.create_task(self._program.hang_up()))


async def serve(settings: Settings, content: Content) -> int:
    """Serve until SIGTERM or Ctrl-C; the exit code."""
    set_up_logging()
    sys.setswitchinterval(SWITCH)
    try:
        listener = _listen(settings.host, settings.port)
    except OSError as error:
        print(f"Cổng {settings.port} không dùng được ({error.strerror}). Đặt cổng khác bằng MOTCUA_PORT.")
        return 1
    program = Program(settings, content)
    config = uvicorn.Config(
        program.app,
        http="httptools",
        ws="none",
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=5,
    )
    server = _Server(config, program)
    try:
        first = await program.start()
        _greet(settings, first)
        await server.serve(sockets=[listener])
    finally:
        await program.stop()
        print("Đã dừng.", flush=True)
    return 0


def set_up_logging() -> None:
    """Plain lines on standard error. Libraries that would write addresses with tokens in them stay quiet."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for noisy in ("httpx", "telegram", "apscheduler", "uvicorn.error", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol by name: without it asyncio leaves Nagle's delay on, and every answer waits 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(2048)
    except OSError:
        listener.close()
        raise
    return listener


def _greet(settings: Settings, first: tuple[str, str] | None) -> None:
    base = settings.public_url.rstrip("/") or f"http://{settings.host}:{settings.port}"
    print(f"\nMột Cửa – {settings.ward.name}")
    print(f"  Trò chuyện:    {base}/")
    print(f"  Bàn làm việc:  {base}/desk/")
    if first is not None:
        name, password = first
        print(f"  Cán bộ đầu tiên: {name} – mật khẩu dùng một lần: {password}")
    print("  Dừng: Ctrl-C\n", flush=True)
