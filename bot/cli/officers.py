"""`motcua officers`: who may come in to the desk."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from bot.catalogue.desks import Work, load_desks
from bot.catalogue.fields import load_fields
from bot.cli.database import fail, in_database
from bot.config import ROOT
from bot.core.content import ContentError
from bot.core.permissions import ALL, USUAL
from bot.services.routing import field_names
from bot.services.sign_in import add_officer, one_time_password, reset_password
from bot.store.tx import Tx

FIELD = (
    "Lĩnh vực, nhóm lĩnh vực (data/fields.yml) hay nơi phụ trách (data/routing.yml); lặp lại được. "
    "Không ghi: mọi lĩnh vực."
)
HEAD = "Người phụ trách chung: được báo khi chưa ai nhận hồ sơ."

app = typer.Typer(help="Cán bộ được vào bàn làm việc.", no_args_is_help=True)


@app.command()
def add(
    username: Annotated[str, typer.Argument(help="Tên đăng nhập, ví dụ lan.")],
    name: Annotated[str, typer.Option(help="Cách gọi với người dân, ví dụ “chị Lan”.")],
    telegram: Annotated[str | None, typer.Option(help="Mã số tài khoản Telegram, nếu đã biết.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Cho mọi quyền.")] = False,
    field: Annotated[list[str] | None, typer.Option(help=FIELD)] = None,
    head: Annotated[bool, typer.Option("--head", help=HEAD)] = False,
) -> None:
    """Thêm một cán bộ; in mật khẩu dùng một lần."""
    fields = _known(field)
    once = one_time_password()

    def work(tx: Tx) -> None:
        permissions = ALL if everything else USUAL
        officer = add_officer(
            tx, username=username, name=name, permissions=permissions, once=once, now=datetime.now(UTC)
        )
        if telegram:
            tx.officers.link_telegram(officer, telegram)
        if fields or head:
            tx.routing.set_duty(officer, fields, head)

    in_database(work)
    print(f"Đã thêm {name} ({username}). Mật khẩu dùng một lần: {once.text}")


@app.command()
def duty(
    username: str,
    field: Annotated[list[str] | None, typer.Option(help=FIELD)] = None,
    head: Annotated[bool, typer.Option("--head", help=HEAD)] = False,
) -> None:
    """Đổi lĩnh vực cán bộ phụ trách; không ghi lĩnh vực nào là mọi lĩnh vực."""
    fields = _known(field)

    def work(tx: Tx) -> bool:
        officer = tx.officers.by_username(username)
        if officer is not None:
            tx.routing.set_duty(officer.id, fields, head)
        return officer is not None

    if not in_database(work):
        fail(f"Không có cán bộ nào tên {username}.")
    print(f"Đã ghi lĩnh vực của {username}.")


@app.command(name="list")
def list_() -> None:
    """Liệt kê cán bộ."""
    officers, duties = in_database(lambda tx: (tx.officers.all(), tx.routing.duties()))
    for one in officers:
        state = "đang làm việc" if one.active else "đã khóa"
        linked = "có Telegram" if one.telegram_id else "chưa gắn Telegram"
        fields = field_names(duties, one.id)
        permissions = ", ".join(sorted(one.permissions))
        print(f"{one.username}\t{one.name}\t{state}\t{linked}\t{fields}\t{permissions}")


@app.command()
def disable(username: str) -> None:
    """Khóa một cán bộ: ra khỏi bàn làm việc ngay lập tức."""
    _set_active(username, False)
    print(f"Đã khóa {username}.")


@app.command()
def enable(username: str) -> None:
    """Mở khóa một cán bộ."""
    _set_active(username, True)
    print(f"Đã mở khóa {username}.")


@app.command()
def password(username: str) -> None:
    """Cấp lại mật khẩu dùng một lần."""
    once = one_time_password()
    if not in_database(lambda tx: reset_password(tx, username, once)):
        fail(f"Không có cán bộ nào tên {username}.")
    print(f"Mật khẩu dùng một lần của {username}: {once.text}")


def _known(typed: list[str] | None) -> tuple[str, ...]:
    """The names of what was typed, each once; the first that there is not ends the command."""
    if not typed:
        return ()
    data = ROOT / "data"
    try:
        fields = load_fields(data / "fields.yml")
        work = Work(fields, load_desks(data / "routing.yml", fields, None))
    except ContentError as error:
        fail(str(error).replace(f"{ROOT}/", ""))
    names = []
    for words in typed:
        name = work.called(words)
        if name is None:
            near = work.nearest(words)
            hint = f" Có phải “{near}” không?" if near else ""
            fail(f"Không có lĩnh vực, nhóm hay nơi phụ trách nào tên “{words}”.{hint}")
        names.append(name)
    return tuple(dict.fromkeys(names))


def _set_active(username: str, active: bool) -> None:
    def work(tx: Tx) -> bool:
        officer = tx.officers.by_username(username)
        if officer is not None:
            tx.officers.set_active(officer.id, active)
        return officer is not None

    if not in_database(work):
        fail(f"Không có cán bộ nào tên {username}.")
