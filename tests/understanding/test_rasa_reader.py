"""Rasa is asked over HTTP; whatever happens to it, nobody waits long and everybody is answered."""

import asyncio
import logging

import pytest

from bot.core.heard import Entity, Guess, Heard
from bot.understanding.base import UNCLEAR
from bot.understanding.rasa import LONGEST, RasaReader
from tests.understanding.rasa_double import TOKEN, RasaDouble


class Rules:
    """The fallback."""

    async def read(self, text: str) -> Heard:
        return Heard(text=text, intent="by_rules", confidence=1.0, source="rules")


@pytest.fixture
async def rasa():
    double = RasaDouble()
    await double.start()
    yield double
    await double.kill()


@pytest.fixture
async def reader(rasa):
    async with asyncio.timeout(20), RasaReader(rasa.url, TOKEN, Rules(), 0.5, probe_every=0.01) as reader:
        await reader.wait_ready()
        rasa.texts.clear()
        yield reader


async def test_what_rasa_says_is_put_in_our_words(reader):
    heard = await reader.read("lệ phí khai sinh")

    assert (heard.text, heard.intent, heard.confidence, heard.source) == (
        "lệ phí khai sinh",
        "ask_fee",
        0.93,
        "rasa",
    )
    assert heard.procedures[0] == Guess(
        id="dang_ky_khai_sinh", code="1.001193", name="Đăng ký khai sinh", confidence=0.9
    )
    assert len(heard.procedures) == 5
    assert heard.entities == (Entity(entity="number", value="12", start=0, end=2),)


async def test_before_rasa_is_up_the_rules_answer(rasa):
    await rasa.kill()
    async with asyncio.timeout(20), RasaReader(rasa.url, TOKEN, Rules(), probe_every=0.01) as reader:
        assert not reader.ready
        assert (await reader.read("lệ phí")).source == "rules"

        await rasa.start()
        await reader.wait_ready()

        assert (await reader.read("lệ phí")).source == "rasa"


async def test_a_reader_that_was_not_started_answers_too():
    assert (await RasaReader("http://127.0.0.1:9", TOKEN, Rules()).read("lệ phí")).source == "rules"


async def test_only_the_first_waits_for_a_slow_rasa(reader, rasa, caplog):
    rasa.awake.clear()
    clock = asyncio.get_running_loop()

    began = clock.time()
    assert (await reader.read("số của tôi 0909123456")).source == "rules"
    assert 0.4 < clock.time() - began < 5
    assert not reader.ready

    asked = len(rasa.texts)
    heard = await asyncio.gather(*(reader.read("lệ phí") for _ in range(50)))
    assert {one.source for one in heard} == {"rules"}
    assert rasa.texts[asked:].count("lệ phí") == 0

    rasa.awake.set()
    await reader.wait_ready()
    assert (await reader.read("lệ phí")).source == "rasa"
    assert "0909123456" not in caplog.text


async def test_a_dead_rasa_is_noticed_and_found_again(reader, rasa):
    await rasa.kill()
    assert (await reader.read("lệ phí")).source == "rules"
    assert not reader.ready

    await rasa.start()
    await reader.wait_ready()

    assert (await reader.read("lệ phí")).source == "rasa"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 200),
        (b"not json", 200),
        (b"[]", 200),
        (b'{"intent": 5}', 200),
        (b'{"procedures": [{"id": null}]}', 200),
        (b'{"intent": {"name": "x", "confidence": ' + b"1" * 300_000, 200),
        (b'{"reason": "no model"}', 409),
        (b"<h1>oops</h1>", 500),
    ],
)
async def test_an_answer_that_makes_no_sense_is_none(reader, rasa, body, status):
    rasa.body, rasa.status = body, status

    assert (await reader.read("lệ phí")).source == "rules"
    assert not reader.ready

    rasa.body, rasa.status = None, 200
    await reader.wait_ready()


@pytest.mark.parametrize(
    "body", [b"{}", b'{"intent": {"name": null, "confidence": 0.0}}', b'{"intent": null}']
)
async def test_a_rasa_that_knows_nothing_says_so(reader, rasa, body):
    rasa.body = body

    heard = await reader.read("lệ phí")

    assert (heard.intent, heard.confidence, heard.source) == (UNCLEAR, 0.0, "rasa")


async def test_a_wrong_token_is_told_in_the_log_and_the_text_is_not(rasa, caplog):
    caplog.set_level(logging.INFO)
    async with asyncio.timeout(20), RasaReader(rasa.url, "wrong", Rules(), probe_every=0.01) as reader:
        await rasa.refused_twice.wait()
        assert (await reader.read("Lê Thị Hoa")).source == "rules"

    assert caplog.text.count("status 401") == 1  # told once, though asked again and again
    assert "Hoa" not in caplog.text
    assert "wrong" not in caplog.text


async def test_the_model_reads_the_beginning_of_a_long_text(reader, rasa):
    text = "dài " * 1_000

    heard = await reader.read(text)

    assert rasa.texts == [text[:LONGEST]]
    assert heard.text == text


async def test_the_text_reaches_rasa_in_one_unicode_form(reader, rasa):
    await reader.read("le\u0323\u0302 phi\u0301")

    assert rasa.texts == ["lệ phí"]


async def test_not_all_ask_at_once(reader, rasa):
    heard = await asyncio.gather(*(reader.read("lệ phí") for _ in range(60)))

    assert {one.source for one in heard} == {"rasa"}
    assert rasa.most_at_once <= 8


async def test_while_rasa_changes_its_model_texts_wait_for_the_new_one(reader, rasa):
    under_way = asyncio.create_task(reader.read("trước"))
    await asyncio.sleep(0)
    async with reader.held():
        assert under_way.done(), "what is being read comes to its end first"
        rasa.awake.clear()  # deaf for longer than a turn is patient
        waiting = asyncio.create_task(reader.read("trong lúc đổi"))
        await asyncio.sleep(0.6)
        assert not waiting.done()
        assert "trong lúc đổi" not in rasa.texts
        rasa.awake.set()

    assert [(await one).source for one in (under_way, waiting)] == ["rasa", "rasa"]
    assert reader.ready


async def test_a_change_that_takes_too_long_is_not_waited_for(reader, monkeypatch):
    monkeypatch.setattr("bot.understanding.rasa._CHANGE", 0.02)
    async with reader.held():
        assert (await reader.read("lệ phí")).intent == "ask_fee"
