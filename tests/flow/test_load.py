from pathlib import Path

import pytest

from bot.core.content import ContentError
from bot.flow.load import load_flows
from bot.flow.wording import ENGINE
from tests.flow.conftest import CALENDAR, FLOWS, procedure
from tests.flow.talking import Citizen

SHARED = (FLOWS / "chung.yml").read_text()

GOOD = """\
version: "3.1"
flows:
  hoi_tham:
    description: Hỏi thăm.
    nlu_trigger:
      - intent: hoi_tham
    steps:
      - id: hoi_ten
        collect: ten
        next:
          - if: slots.ten contains "Hoa"
            then: chao_hoa
          - else:
              - action: utter_chao
                next: END
      - id: chao_hoa
        action: utter_chao_hoa
slots:
  ten: {type: name, metadata: {label: Tên}}
responses:
  utter_ask_ten:
    - text: "Tên?"
  utter_chao:
    - text: "Chào {ten}."
  utter_chao_hoa:
    - text: "Chào Hoa."
"""


def load(folder: Path, text: str = GOOD, **more: str):
    (folder / "chung.yml").write_text(SHARED.replace("/StartFlow(phan_anh)", "/Say(menu)"))
    (folder / "mot.yml").write_text(text)
    for name, other in more.items():
        (folder / f"{name}.yml").write_text(other)
    return load_flows(folder, [], CALENDAR)


def mistakes(folder: Path, text: str, **more: str) -> list[str]:
    with pytest.raises(ContentError) as caught:
        load(folder, text, **more)
    return [f"{one.path.name}:{one.line} {one.message}" for one in caught.value.problems]


def test_a_flow_branches_with_steps_inside_a_branch(tmp_path):
    flows = load(tmp_path)
    assert flows.by_intent("hoi_tham").id == "hoi_tham"
    assert Citizen(flows).start("hoi_tham").say("Lê Thị Hoa").text == "Chào Hoa."
    assert Citizen(flows).start("hoi_tham").say("Lê Văn Bình").text == "Chào Lê Văn Bình."


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "then: chao_hoa",
            "then: chao_ho",
            'mot.yml:10 Step "hoi_ten" goes to "chao_ho", which does not exist. Did you mean "chao_hoa"?',
        ),
        ("then: chao_hoa", "then: END", 'mot.yml:16 The step "chao_hoa" is never reached.'),
        ("slots.ten c", "slots.tn c", "slots.tn, which does not exist."),
        ('contains "Hoa"', "contains", "mot.yml:11 This condition cannot be read"),
        ("collect: ten", "collect: tn", 'The slot "tn" does not exist.'),
        ("{ten}", "{tem}", '"utter_chao" names {tem}, which does not exist. Did you mean "ten"?'),
        ("action: utter_chao_hoa", "action: utter_cha_hoa", "Did you mean"),
        ("action: utter_chao_hoa", "action: action_nop", 'The action "action_nop" does not exist.'),
        ("action: utter_chao_hoa", "action: action_cancel_flow", "Only patterns can do"),
        ("action: utter_chao_hoa", "link: di_dau", 'The flow "di_dau" does not exist.'),
        ("action: utter_chao_hoa", "actions: utter_chao_hoa", 'The key "actions" is not known here.'),
        ("action: utter_chao_hoa", "noop: true\n        link: hoi_tham", "exactly one of"),
        (
            "    steps:\n",
            "    metadata: {ligth: true}\n    steps:\n",
            'mot.yml:7 The key "ligth" is not known here.',
        ),
        ("    steps:\n", "    metadata: {light: co}\n    steps:\n", "metadata.light must be true or false"),
        ("    steps:\n", "    metadata: {light: true}\n    steps:\n", 'In a "light" flow nothing is typed'),
        ("type: name", "type: nam", "is not one of"),
        ("type: name", "type: choice", "metadata.choices are given exactly when"),
        (
            '    - text: "Tên?"',
            '    - {text: "Tên?", buttons: [{title: A, payload: SetSlots}]}',
            "cannot be read",
        ),
        (
            '    - text: "Tên?"',
            '    - {text: "Tên?", buttons: [{title: A, payload: "/SetSlots(ten=' + "a" * 60 + ')"}]}',
            "bytes; 64 are allowed",
        ),
        ("  utter_chao:", '  utter_thua:\n    - text: "x"\n  utter_chao:', '"utter_thua" is never said.'),
        ("          - else:", "          - if: slots.ten\n            then:", "need an “- else:” at the end"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path, old, new, told):
    assert old in GOOD
    found = mistakes(tmp_path, GOOD.replace(old, new))
    assert any(told in one for one in found), found
    assert all(one.startswith("mot.yml:") for one in found)


def test_all_mistakes_are_told_at_once(tmp_path):
    found = mistakes(tmp_path, GOOD.replace("{ten}", "{tem}").replace("then: chao_hoa", "then: chao"))
    assert len(found) >= 2


def test_an_intent_starts_one_flow(tmp_path):
    other = GOOD.replace("hoi_tham:", "hoi_nua:")
    assert any("starts" in one for one in mistakes(tmp_path, GOOD, hai=other))


def test_a_flow_stands_in_one_file(tmp_path):
    assert any("is in hai.yml too" in one for one in mistakes(tmp_path, GOOD, hai=GOOD))


CALLING = """\
version: "3.1"
flows:
  goi:
    description: Gọi.
    steps:
      - call: hoi_dia_chi
      - action: utter_xong
  hoi_dia_chi:
    description: Hỏi.
    steps:
      - collect: dia_chi
slots:
  dia_chi: {type: address, metadata: {label: Địa chỉ}}
responses:
  utter_ask_dia_chi:
    - text: "Ở đâu?"
  utter_xong:
    - text: "Ở {dia_chi}."
"""


def test_a_called_flow_asks_in_the_place_of_the_call(tmp_path):
    flows = load(tmp_path, hai=CALLING)
    citizen = Citizen(flows).start("goi")
    assert citizen.asked == "dia_chi"
    assert citizen.say("12 đường số 3").text == "Ở 12 đường số 3."


def test_flows_that_call_each_other_are_refused(tmp_path):
    circle = CALLING.replace("      - collect: dia_chi", "      - collect: dia_chi\n      - call: goi")
    assert any("call each other" in one for one in mistakes(tmp_path, GOOD, hai=circle))


LINKING = """\
version: "3.1"
flows:
  dem:
    description: Đếm, rồi sang việc khác.
    if: context.gio < "12:00"
    persisted_slots: [so]
    steps:
      - set_slots:
          - buoc: hai
      - collect: so
        ask_before_filling: true
        metadata: {if: "slots.buoc = 'hai'"}
      - link: hoi_tham
slots:
  so: {type: number, metadata: {label: Số}}
  buoc: {type: text}
responses:
  utter_ask_so:
    - text: "Mấy?"
"""


def test_a_flow_sets_slots_asks_again_remembers_and_links(tmp_path):
    flows = load(tmp_path, hai=LINKING)
    citizen = Citizen(flows).start("dem", so="3")
    assert citizen.asked == "so"
    citizen.say("5")
    assert citizen.asked == "ten"
    assert [frame.flow for frame in citizen.state.stack] == ["hoi_tham"]
    assert citizen.state.memory == {"so": 5}


def test_a_guard_closes_a_flow(tmp_path):
    citizen = Citizen(load(tmp_path, hai=LINKING))
    citizen.now = citizen.now.replace(hour=13)
    citizen.start("dem")
    assert citizen.state.stack == ()
    assert "chưa nhận" in citizen.text


def test_the_shared_file_must_say_all_that_the_engine_says(tmp_path):
    (tmp_path / "chung.yml").write_text(SHARED.replace("  utter_da_huy:", "  utter_huy_mat:"))
    with pytest.raises(ContentError, match=r"utter_da_huy.* is missing"):
        load_flows(tmp_path, [], CALENDAR)


def test_a_written_flow_takes_the_place_of_a_form(tmp_path):
    text = GOOD.replace("hoi_tham:\n    desc", "khai_sinh:\n    desc")
    (tmp_path / "chung.yml").write_text(SHARED.replace("/StartFlow(phan_anh)", "/Say(menu)"))
    (tmp_path / "mot.yml").write_text(text)
    flows = load_flows(tmp_path, [procedure()], CALENDAR)
    assert flows.flows["khai_sinh"].description == "Hỏi thăm."
    assert flows.by_procedure("khai_sinh").description == "Hỏi thăm."


def test_every_wording_the_engine_says_is_named_in_its_code():
    code = "".join(
        path.read_text() for path in Path(__file__).parents[2].glob("bot/flow/*.py") if path.stem != "wording"
    )
    assert sorted(name for name in ENGINE if f'"{name}"' not in code) == []


def test_every_wording_named_in_the_code_is_checked_for():
    import re

    code = "".join(
        path.read_text() for path in Path(__file__).parents[2].glob("bot/flow/*.py") if path.stem != "wording"
    )
    named = {name for name in re.findall(r'"(utter_[a-z_]+)"', code) if not name.endswith("_")}
    assert named - ENGINE <= {"utter_sai_file_gone", "utter_gioi_thieu", "utter_sau_khi_nop"}


def test_our_own_flows_speak_to_people_as_anh_chi():
    said = "".join(path.read_text() for path in FLOWS.glob("*.yml"))
    assert " bạn " not in said
