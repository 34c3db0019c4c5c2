"""The commands of `motcua`, each a thin door to what does the work."""

import asyncio
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar

import typer
import uvloop

from bot.catalogue.completeness import markdown, missing, table
from bot.cli import nlu, officers, talking
from bot.cli.serving import serve
from bot.config import ROOT, ConfigError, Settings, load_settings
from bot.content import Content, load_content
from bot.core.calendar import ZONE
from bot.core.content import ContentError
from bot.core.errors import MotCuaError
from bot.store.migrate import migrate as migrate_database
from bot.understanding.training import train_model

T = TypeVar("T")

app = typer.Typer(
    name="motcua",
    help="Một Cửa: trợ lý một cửa của phường trên Telegram, Zalo và trang web.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(officers.app, name="officers")
app.add_typer(nlu.app, name="nlu")


@app.command()
def run() -> None:
    """Chạy tất cả: kênh trò chuyện, trang web, bàn làm việc, hẹn giờ và máy chủ Rasa."""
    settings = _settings()
    content = _content(settings)
    settings.var.mkdir(parents=True, exist_ok=True)
    _explained(lambda: migrate_database(settings.database))
    raise typer.Exit(uvloop.run(serve(settings, content)))


@app.command()
def chat() -> None:
    """Trò chuyện ngay trong cửa sổ lệnh này."""
    settings = _settings()
    content = _content(settings)
    settings.var.mkdir(parents=True, exist_ok=True)
    _explained(lambda: migrate_database(settings.database))
    asyncio.run(talking.chat(settings, content))


@app.command()
def understand(
    file: Annotated[str, typer.Argument(help="Tệp văn bản, mỗi dòng một câu; “-” là đọc từ bàn phím.")] = "-",
    as_json: Annotated[bool, typer.Option("--json", help="Mỗi câu một dòng JSON.")] = False,
) -> None:
    """Xem trợ lý hiểu từng câu thế nào: ý định, thủ tục, chi tiết."""
    settings = _settings()
    content = _content(settings)
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        _fail(f"{file}: {error}")
    lines = [line for line in text.splitlines() if line.strip()]
    _explained(lambda: asyncio.run(talking.understand(settings, content, lines, as_json=as_json)))


@app.command()
def catalogue(
    as_json: Annotated[bool, typer.Option("--json", help="In đầy đủ dạng JSON.")] = False,
    as_table: Annotated[
        bool, typer.Option("--table", help="In bảng lĩnh vực, như trong data/README.md.")
    ] = False,
) -> None:
    """In danh mục thủ tục của phường."""
    content = _content(_settings())
    if as_table:
        print(markdown(table(content.catalogue.procedures.values())))
        return
    if as_json:
        print(json.dumps(content.catalogue.as_json(), ensure_ascii=False))
        return
    for one in content.catalogue.procedures.values():
        print(f"{one.code}  {one.name}  ({one.field})")


@app.command()
def check() -> None:
    """Đọc và chơi thử mọi nội dung; lỗi nào cũng kèm tên tệp và số dòng."""
    from bot.cli.covering import uncovered
    from bot.cli.playing import play

    settings = _settings()
    content = _content(settings)
    problems = play(content, settings.ward.facts(), datetime.now(UTC))
    if problems:
        _fail("\n".join(problems))
    flows, procedures = len(content.flows.flows), len(content.catalogue.procedures)
    entries = len(content.public.entries)
    print(
        f"Nội dung tốt: {procedures} thủ tục, {flows} cuộc trò chuyện, {len(content.sayings)} câu trả lời, "
        f"{entries} tin công khai."
    )
    wanting = list(
        missing(
            content.catalogue.procedures.values(),
            content.offices,
            content.public,
            datetime.now(UTC).astimezone(ZONE).date(),
            settings.knowledge.stale_months,
        )
    )
    if not content.counters.confirmed:
        wanting.append("data/counters.yml  giờ và số chỗ hẹn ở quầy là giả định, phường chưa xác nhận")
    wanting += uncovered(settings, content)
    if wanting:
        print("Còn thiếu hoặc đã cũ (không phải lỗi):", *wanting, sep="\n  ")


@app.command()
def train(
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Dùng mô hình mới dù bài thử không đạt (motcua nlu models).")
    ] = False,
) -> None:
    """Huấn luyện mô hình hiểu câu hỏi, nếu chưa có cho dữ liệu hiện tại; thử xong mới thay mô hình cũ."""
    out = _settings().var / "models"
    _explained(
        lambda: asyncio.run(
            train_model(ROOT / "nlu", out, lambda line: print(f"• {line}", flush=True), anyway=anyway)
        )
    )


@app.command()
def migrate() -> None:
    """Đưa cơ sở dữ liệu lên đúng phiên bản này."""
    settings = _settings()
    settings.var.mkdir(parents=True, exist_ok=True)
    _explained(lambda: migrate_database(settings.database))


def _settings() -> Settings:
    try:
        return load_settings()
    except ConfigError as error:
        _fail(str(error))


def _content(settings: Settings) -> Content:
    ward = settings.ward
    try:
        return load_content(
            ROOT,
            facts=ward.facts(),
            ward=ward.code,
            year=datetime.now(UTC).year,
        )
    except ContentError as error:
        _fail(str(error).replace(f"{ROOT}/", ""))


def _explained(work: Callable[[], T]) -> T:
    try:
        return work()
    except MotCuaError as error:
        _fail(str(error))


def _fail(message: str) -> NoReturn:
    print(message, file=sys.stderr)
    raise typer.Exit(1)


if __name__ == "__main__":
    app()
