"""`motcua nlu models` and `motcua nlu use`: the trained models, and going back to the one before."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.database import fail
from bot.config import ConfigError, load_settings
from bot.core.calendar import ZONE
from bot.core.errors import MotCuaError
from bot.understanding.shelf import Card, InUse, Shelf


def models() -> None:
    """Liệt kê các mô hình đã huấn luyện, kết quả bài thử, và mô hình nào đang dùng."""
    shelf = Shelf(_folder())
    now, cards = shelf.in_use(), shelf.cards()
    if not cards:
        print("Chưa có mô hình nào: motcua train")
    for card in cards:
        print(_line(card, now))
        for reason in card.refused:
            print(f"    {reason}")


def use(
    name: Annotated[str, typer.Argument(help="Tên mô hình, hoặc mấy chữ đầu của tên.")],
    anyway: Annotated[bool, typer.Option("--anyway", help="Dù bài thử không đạt.")] = False,
) -> None:
    """Dùng một mô hình khác, ví dụ quay lại mô hình trước; chương trình đang chạy tự đổi theo."""
    shelf = Shelf(_folder())
    named = [card.model for card in shelf.cards() if card.model.startswith(name)]
    if len(named) != 1:
        known = ", ".join(card.model for card in shelf.cards()) or "chưa có mô hình nào"
        fail(f"{name}: không phải tên của một mô hình. Đang có: {known}.")
    try:
        card = shelf.use(named[0], anyway=anyway)
    except MotCuaError as error:
        fail(str(error))
    print(f"Đang dùng {card.model}. Chương trình đang chạy sẽ đổi theo trong vài giây.")


def _line(card: Card, now: InUse | None) -> str:
    state = "bị từ chối" if card.refused else "để dành"
    if now and card.model == now.model:
        state = "đang dùng"
    elif now and card.model == now.before:
        state = "dùng trước đó"
    shares = {
        "đúng ý": card.tried.intent,
        "đúng thủ tục": card.tried.procedure,
        "trong ba thủ tục đầu": card.tried.first_three,
    }
    figures = [
        f"{what} {share * 100:.1f} %".replace(".", ",") for what, share in shares.items() if share is not None
    ]
    trained = datetime.fromisoformat(card.trained).astimezone(ZONE)
    speed = f"{card.tried.ms:.1f} ms một câu".replace(".", ",")
    return "\t".join((card.model, state, f"{trained:%d/%m/%Y %H:%M}", *figures, speed))


def _folder() -> Path:
    try:
        return load_settings().var / "models"
    except ConfigError as error:
        fail(str(error))
