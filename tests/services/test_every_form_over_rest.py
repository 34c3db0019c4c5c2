"""Every procedure that can be filed is filed over REST, by a client that knows `custom.collect` alone."""

import base64
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from starlette.applications import Starlette

from bot.channels.rest import RestChannel
from bot.flow.model import decode
from bot.store.tables import dossiers, people
from tests.filling import PICTURE, Filler
from tests.services.services_scene import MONDAY, PNG, World, content

FILED = sorted(content().flows.forms.items())


class Client:
    """Speaks to one World after another as one sender: a restart between any two messages."""

    def __init__(self, sender: str, seed: int) -> None:
        self.sender = sender
        self.filler = Filler(MONDAY.date(), seed)
        self.number = 0

    async def post(self, world: World, message: str, files: list[dict[str, str]] | None = None) -> Any:
        app = Starlette(routes=RestChannel(world.door).routes())
        transport = httpx.ASGITransport(app, client=("127.0.0.1", 40000))
        self.number += 1
        body = {
            "sender": self.sender,
            "message": message,
            "metadata": {"message_id": self.number},
            "attachments": files or [],
        }
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as http:
            answer = await http.post("/webhooks/rest/webhook", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def answer(self, world: World, said: Any) -> Any:
        """Answer the last thing that was asked."""
        asked = next((one for one in reversed(said) if "collect" in one.get("custom", {})), None)
        assert asked is not None, f"nothing is asked: {said}"
        offered = {one["payload"]: one["title"] for one in asked.get("buttons", [])}
        words = self.filler.answer(asked["custom"]["collect"], offered)
        if words != PICTURE:
            return await self.post(world, words)
        picture = {"name": "anh.png", "mime": "image/png", "data": base64.b64encode(PNG).decode()}
        return await self.post(world, "", [picture])


def in_hand(world: World, sender: str) -> Any:
    async def read() -> bool:
        state = await world.db.read(
            lambda tx: tx.connection.execute(
                select(people.c.state).where(people.c.address == sender)
            ).scalar_one()
        )
        return bool(decode(state).stack)

    return read()


@pytest.mark.parametrize(
    ("procedure", "flow", "seed"), [(*one, number) for number, one in enumerate(FILED)], ids=dict(FILED)
)
async def test_it_is_filed(another_process, procedure: str, flow: str, seed: int):
    client = Client("hoa", seed)
    world = another_process()
    said = await client.post(world, f"/StartFlow({flow})")
    while await in_hand(world, "hoa"):
        if client.number % 5 == 0:
            world = another_process()  # the program is started anew in the middle of the form
        said = await client.answer(world, said)
    rows = await world.db.read(
        lambda tx: tx.connection.execute(select(dossiers.c.code, dossiers.c.procedure)).all()
    )
    [(code, filed)] = rows
    assert filed == procedure
    assert any(code in one.get("text", "") for one in said)
