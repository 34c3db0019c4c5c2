"""`motcua nlu`: what the model is to learn from, and the models that came of it."""

import json
from pathlib import Path
from typing import Annotated

import typer

from bot.cli import models
from bot.cli.database import fail, in_database
from bot.config import ROOT
from bot.core.content import ContentError
from bot.understanding.labelled import (
    Example,
    Joined,
    LeftOut,
    join,
    read_examples,
    standing_elsewhere,
    written,
)

app = typer.Typer(no_args_is_help=True)
app.command("models")(models.models)
app.command("use")(models.use)


@app.callback()
def nlu() -> None:
    """Phần hiểu câu hỏi: câu mẫu để học, mô hình đang dùng, mô hình trước đó."""


@app.command()
def export_unclear(
    out: Annotated[
        Path | None, typer.Option("--out", help="Tệp ghi ra; mặc định là data/nlu/labelled.yml.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Cho biết kết quả dạng JSON.")] = False,
) -> None:
    """Ghi những câu cán bộ đã gắn nhãn (trang “Câu chưa hiểu”) thành câu mẫu cho lần huấn luyện sau."""
    data = ROOT / "data"
    file = out or data / "nlu" / "labelled.yml"
    labelled = in_database(lambda tx: tx.unclear.labelled())
    try:
        joined = join(
            [Example(one.label_intent, one.label_procedure, one.text) for one in labelled],
            read_examples(file) if file.exists() else [],
            standing_elsewhere(data / "nlu", file),
            frozenset(one.stem for one in (data / "procedures").glob("*.yml")),
        )
        if joined.examples or file.exists():
            _write(file, joined)
    except ContentError as error:
        fail(str(error).replace(f"{ROOT}/", ""))
    except OSError as error:
        fail(f"{file}: {error.strerror}")
    print(json.dumps(_plain(file, joined), ensure_ascii=False) if as_json else _told(file, joined))


def _write(file: Path, joined: Joined) -> None:
    """All or nothing: the file may be read by a training at the same time."""
    file.parent.mkdir(parents=True, exist_ok=True)
    scratch = file.with_name(f".{file.name}.new")
    scratch.write_text(written(joined.examples), encoding="utf-8")
    scratch.replace(file)


def _told(file: Path, joined: Joined) -> str:
    if not joined.examples and not joined.left_out:
        return "Chưa có câu nào được gắn nhãn."
    count = len(joined.examples)
    lines = [f"{_name(file)}: {count} câu, trong đó {joined.new} câu mới, {joined.changed} câu đổi nhãn."]
    if joined.left_out:
        lines.append(f"Để lại {len(joined.left_out)} câu:")
        lines += [f"  “{one.example.text}”: {_why(one)}" for one in joined.left_out]
    if joined.new or joined.changed:
        lines.append("Chạy `motcua train` để mô hình học những câu này.")
    return "\n".join(lines)


def _why(one: LeftOut) -> str:
    if one.standing is None:
        return f"không có thủ tục {one.example.procedure}"
    meant = f"{one.standing.example.intent} {one.standing.example.procedure}".rstrip()
    otherwise = f", nhưng với nhãn {meant}" if one.contradicts else ""
    return f"đã có trong {_name(one.standing.file)}{otherwise}"


def _plain(file: Path, joined: Joined) -> dict[str, object]:
    return {
        "file": _name(file),
        "examples": len(joined.examples),
        "new": joined.new,
        "changed": joined.changed,
        "left_out": [
            {
                "text": one.example.text,
                "intent": one.example.intent,
                "procedure": one.example.procedure,
                "stands_in": _name(one.standing.file) if one.standing else None,
                "contradicts": one.contradicts,
            }
            for one in joined.left_out
        ],
    }


def _name(file: Path) -> str:
    """A file of the project by its place in it."""
    return str(file).replace(f"{ROOT}/", "")
