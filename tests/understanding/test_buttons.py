"""Every payload has its command, and nothing else has one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.commands import (
    Ask,
    AskStatus,
    Back,
    CallOfficer,
    Cancel,
    Clarify,
    CorrectSlot,
    Edit,
    Explain,
    Find,
    Pause,
    Restart,
    Resume,
    Say,
    SetSlot,
    Skip,
    StartFlow,
)
from bot.understanding.buttons import tapped


@pytest.mark.parametrize(
    ("payload", "command"),
    [
        ("/SetSlots(xac_nhan=true)", SetSlot("xac_nhan", "true", tapped=True)),
        ('/SetSlots(ten="Lê, Thị (Hoa)")', SetSlot("ten", "Lê, Thị (Hoa)", tapped=True)),
        ("/StartFlow(phan_anh)", StartFlow("phan_anh")),
        (
            "/StartFlow(bo_sung_ho_so,ma_ho_so=H29.118-261123-0004)",
            StartFlow("bo_sung_ho_so", {"ma_ho_so": "H29.118-261123-0004"}),
        ),
        ("/CorrectSlot(ngay_sinh)", CorrectSlot("ngay_sinh")),
        ("/Edit", Edit()),
        ("/Cancel", Cancel()),
        ("/Back", Back()),
        ("/Skip", Skip()),
        ("/Restart", Restart()),
        ("/Pause", Pause()),
        ("/Resume", Resume()),
        ("/Explain", Explain()),
        ("/Ask(fee,dang_ky_ket_hon)", Ask("fee", "dang_ky_ket_hon")),
        ("/Clarify(start,a_b,c_d)", Clarify("start", ("a_b", "c_d"))),
        ("/AskStatus", AskStatus()),
        ("/AskStatus(h29.118-261123-0004)", AskStatus("H29.118-261123-0004")),
        ("/CallOfficer", CallOfficer()),
        ("/Say(menu)", Say("menu")),
        ('/Find("giấy độc thân")', Find("giấy độc thân")),
        ("/start", Say("greet")),
        ("/start@MotCuaBot khai_sinh", Say("greet")),
        ("/help", Say("help")),
        ("/huy", Cancel()),
        ("/hoso", AskStatus()),
        ("/restart", Restart()),
    ],
)
def test_a_payload_is_its_command(payload, command):
    assert tapped(payload) == command


@pytest.mark.parametrize(
    "forged",
    [
        "",
        "/",
        "SetSlots(a=b)",
        "/SetSlots",
        "/SetSlots(a=b,c=d)",
        "/SetSlots(x)",
        "/SetSlots(Robert'); DROP TABLE=1)",
        "/StartFlow(../../etc)",
        "/StartFlow",
        "/Cancel(now)",
        "/Ask(fee)",
        "/Ask(fee,<b>)",
        "/Say(__class__)",
        "/Find( )",
        "/Delete(everything)",
        "/Nothing",
        "/unheard_of",
        "/SetSlots(a=" + "x" * 5_000 + ")",
    ],
)
def test_what_is_none_of_ours_is_no_command(forged):
    assert tapped(forged) is None


@given(st.text(alphabet=st.sampled_from('/abcSetSlots(),="\\ \n0é'), max_size=120))
def test_nothing_that_is_tapped_breaks_it(payload):
    tapped(payload)
