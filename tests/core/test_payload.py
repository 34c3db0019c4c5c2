"""The language of buttons: what is written is read back, and what is forged is no call."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.payload import Call, read, write

WORDS = st.text(st.characters(codec="utf-8"), max_size=40)
NAMES = st.from_regex(r"[A-Za-z]{1,20}", fullmatch=True)
KEYS = st.from_regex(r"[a-z_][a-z0-9_]{0,12}", fullmatch=True)


@given(
    NAMES, st.lists(WORDS, max_size=4), st.dictionaries(KEYS.filter(lambda k: k != "name"), WORDS, max_size=3)
)
def test_what_is_written_is_read_back(name, args, named):
    assert read(write(name, *args, **named)) == Call(name, tuple(args), named)


@given(st.text(max_size=200))
def test_whatever_is_tapped_is_read_or_refused_and_never_an_error(text):
    for payload in (text, f"/{text}", f"/A({text})"):
        assert read(payload) is None or isinstance(read(payload), Call)


@pytest.mark.parametrize(
    ("payload", "call"),
    [
        ("/AskStatus", Call("AskStatus")),
        ("/Ask(fee, ket_hon)", Call("Ask", ("fee", "ket_hon"))),
        (" /SetSlots(xac_nhan=true) ", Call("SetSlots", (), {"xac_nhan": "true"})),
        ('/Say("a, (b) = \\"c\\"")', Call("Say", ('a, (b) = "c"',))),
        (
            "/StartFlow(a,ma_ho_so=H29.118-261123-0001)",
            Call("StartFlow", ("a",), {"ma_ho_so": "H29.118-261123-0001"}),
        ),
    ],
)
def test_payloads_as_they_are_on_buttons(payload, call):
    assert read(payload) == call


@pytest.mark.parametrize(
    "payload", ["", "x", "/", "//a", "/a b", "/1", "/A(", "/A)", "/A(b))c", '/A("b)', "/A(b", "A()"]
)
def test_what_is_no_payload_is_none(payload):
    assert read(payload) is None


def test_a_missing_argument_is_its_default():
    assert (Call("A", ("x",)).arg(0), Call("A").arg(0), Call("A").arg(3, "-1")) == ("x", "", "-1")
