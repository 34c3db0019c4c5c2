"""Messages: made of plain values, the same after a round trip through JSON."""

from dataclasses import FrozenInstanceError

import pytest

from bot.core.messages import Attachment, Button, Choice, Collect, Incoming, Place, Reply, Row
from bot.store.json import dump, parse

WHOLE = Reply(
    text="Dạ\n“vâng” 👩‍👧",
    buttons=(Button(title="Có", payload="/SetSlots(a=true)"), Button(title="Trang", url="https://a.vn")),
    rows=(Row(label="Họ tên", value="Lê Thị Hoa", payload="/CorrectSlot(ho_ten)"),),
    files=(Attachment(name="a.png", mime="image/png", size=3, file="0" * 32),),
    collect=Collect(slot="a", type="choice", choices=(Choice(id="x", title="X"),)),
    replaces="card:1",
    wants_reply=True,
)


def test_a_reply_and_what_was_said_survive_json():
    said = Incoming(
        channel="web", external_id="1", sender="s", text="\\ \" '", place=Place(latitude=1.5, longitude=106)
    )
    assert parse(dump(WHOLE), Reply) == WHOLE
    assert parse(dump(said), Incoming) == said


def test_but_changes_only_what_is_named_and_not_the_reply_itself():
    assert WHOLE.but(text="khác", replaces=None).but(text=WHOLE.text, replaces="card:1") == WHOLE
    with pytest.raises(TypeError):
        WHOLE.but(colour="red")
    with pytest.raises(FrozenInstanceError):
        WHOLE.text = "khác"
