"""What was not understood is kept by the turn itself, masked; and an officer's label stands once."""

import asyncio

import pytest
from sqlalchemy import select

from bot.core.heard import Entity, Guess, Heard
from bot.services import unclear
from bot.services.unclear import LONGEST, Label, Unfit, unfit
from bot.store.tables import audit
from bot.store.unclear import Fate

TEXT = "tôi là Nở, gọi 0901 234 567 hỏi cái kia làm sao"
MASKED = "tôi là [tên], gọi [số điện thoại] hỏi cái kia làm sao"
LABEL = Label(text=MASKED, intent="ask_documents", procedure="cap_the_can_cuoc")


def unheard(text=TEXT, intent="ask_overview", confidence=0.3, procedure=0.1, **more):
    guess = Guess(id="cap_the_can_cuoc", code="1", name="Cấp thẻ căn cước", confidence=procedure)
    return Heard(text=text, intent=intent, confidence=confidence, procedures=(guess,), source="rasa", **more)


@pytest.fixture
def kept(world):
    async def kept_():
        return await world.db.read(lambda tx: tx.unclear.open(10))

    return kept_


@pytest.fixture
async def message(world):
    """One that waits for a label."""
    world.reader.hears[TEXT] = unheard()
    await world.say(TEXT, "1")
    (one,) = await world.db.read(lambda tx: tx.unclear.open(10))
    return one.id


async def test_what_was_not_understood_is_kept_masked_with_what_it_was_taken_for(world, kept):
    world.reader.hears[TEXT] = unheard()
    assert await world.say(TEXT, "1")

    (one,) = await kept()
    assert (one.text, one.times) == (MASKED, 1)
    assert (one.intent, one.confidence, one.procedure, one.source) == (
        "ask_overview", 0.3, "cap_the_can_cuoc", "rasa",
    )  # fmt: skip
    assert one.first_at == world.clock()


async def test_several_people_are_counted_and_a_repeated_delivery_is_not(world, kept):
    world.reader.hears[TEXT] = unheard()
    await world.say(TEXT, "1")
    await world.say(TEXT, "1")
    await world.say(TEXT, "2", sender="an")

    assert [one.times for one in await kept()] == [2]


async def test_what_the_model_found_in_it_is_masked_too(world, kept):
    text = "bé Bông học cái kia ở đâu"
    found = Entity(entity="person_name", value="Bông", start=3, end=7)
    world.reader.hears[text] = unheard(text, entities=(found,))
    await world.say(text, "1")

    assert [one.text for one in await kept()] == ["bé [tên] học cái kia ở đâu"]


async def test_what_was_understood_is_not_kept(world, kept):
    await world.say("lệ phí khai sinh bao nhiêu vậy", "1")
    await world.say("xin chào", "2")
    await world.say("", "3", tapped="/Nope")

    assert await kept() == []


async def test_an_answer_to_a_form_is_not_kept_and_a_question_in_a_guide_is(world, kept):
    world.reader.hears[TEXT] = unheard()
    await world.say("", "1", tapped="/StartFlow(gap_can_bo)")
    await world.say(TEXT, "2")
    assert await kept() == []

    await world.say("", "3", sender="an", tapped="/StartFlow(huong_dan_tai_khoan)")
    await world.say(TEXT, "4", sender="an")
    assert [one.text for one in await kept()] == [MASKED]


async def test_a_turn_that_is_decided_anew_keeps_it_once(world, kept):
    world.reader.hears[TEXT] = unheard()
    world.reader.held[TEXT] = asyncio.Event()
    answer = asyncio.create_task(world.say(TEXT, "1"))
    await world.reader.asked[TEXT].wait()
    person = await world.person()
    await world.keep(lambda tx: tx.people.stand(person.id, "", was=0))  # another process took a turn
    world.reader.held[TEXT].set()
    await answer

    assert [one.times for one in await kept()] == [1]


async def test_nothing_is_kept_of_what_is_all_signs(world, kept):
    await world.keep(lambda tx: unclear.keep(tx, unheard("?!"), world.clock()))

    assert await kept() == []


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        ({}, ()),
        ({"procedure": "", "of_none": True}, ()),
        ({"intent": "greet", "procedure": ""}, ()),
        ({"intent": "book_appointment"}, ()),
        ({"procedure": ""}, (Unfit.NO_PROCEDURE,)),
        ({"intent": "start_dossier", "procedure": ""}, (Unfit.NO_PROCEDURE,)),
        ({"of_none": True}, (Unfit.BOTH,)),
        ({"intent": "nlu_fallback", "text": " ?! "}, (Unfit.NO_TEXT, Unfit.NO_INTENT)),
        ({"text": "x" * (LONGEST + 1)}, (Unfit.LONG,)),
    ],
)
def test_what_a_label_needs(changes, problems):
    values = {"text": TEXT, "intent": "ask_fee", "procedure": "cap_the_can_cuoc"}

    assert unfit(Label(**(values | changes))) == problems


async def test_a_label_is_kept_once_and_the_second_officer_is_told(world, message):
    lan, minh = await world.officer(), await world.officer("minh", "Anh Minh", "502")

    def give(tx, by, label=LABEL):
        return unclear.give(tx, message, label, by=by, now=world.clock())

    assert await world.keep(lambda tx: give(tx, lan))
    assert await world.keep(lambda tx: give(tx, lan)), "a double click is no quarrel"
    assert not await world.keep(lambda tx: give(tx, minh))
    assert not await world.keep(lambda tx: unclear.put_aside(tx, message, by=lan, now=world.clock()))

    lines = await world.db.read(
        lambda tx: tx.connection.execute(select(audit.c.officer_id, audit.c.action, audit.c.subject)).all()
    )
    assert [tuple(line) for line in lines] == [
        (lan.id, "unclear_labelled", f"{message} ask_documents cap_the_can_cuoc")
    ]


async def test_an_officers_correction_stands_but_for_numbers_that_nobody_should_keep(world, message):
    lan = await world.officer()
    label = Label(text="ông Lý Thông hỏi giấy, sđt 0901234567", intent="greet")
    await world.keep(lambda tx: unclear.give(tx, message, label, by=lan, now=world.clock()))

    (one,) = await world.db.read(lambda tx: tx.unclear.labelled())
    assert one.text == "ông Lý Thông hỏi giấy, sđt [số điện thoại]"


async def test_what_was_put_aside_can_be_taken_up_again(world, message):
    lan = await world.officer()
    work = [unclear.put_aside, unclear.put_aside, unclear.reopen, unclear.reopen]
    done = [await world.keep(lambda tx, act=act: act(tx, message, by=lan, now=world.clock())) for act in work]

    assert done == [True, True, True, False]
    assert (await world.db.read(lambda tx: tx.unclear.find(message))).fate is Fate.OPEN
