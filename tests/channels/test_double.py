"""The double of Telegram is as strict as Telegram. Spoken to over bare HTTP, as the real one would be."""

import asyncio
import json
import subprocess
import sys
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.doubles.telegram_api import TOKEN, TelegramDouble
from tests.doubles.telegram_control import TelegramControl

ROOT = Path(__file__).parents[2]


def call(double: TelegramControl, method: str, token: str = TOKEN, **params: Any) -> tuple[int, Any]:
    body = json.dumps(params).encode()
    request = urllib.request.Request(
        f"{double.url}/bot{token}/{method}", data=body, headers={"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, json.load(answer)["result"]
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)["description"]


def key(**fields: str) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "x"} | fields]]}


@pytest.mark.parametrize(
    ("params", "told"),
    [
        ({"text": " "}, "text is empty"),
        ({"text": "x" * 4097}, "too long"),
        ({"text": "👶" * 2049}, "too long"),
        ({"text": "x", "reply_markup": key(callback_data="đ" * 33)}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_markup": key(callback_data="")}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_markup": key(callback_data="a", url="https://x.vn")}, "exactly one"),
        ({"text": "x", "reply_markup": key(url="javascript:alert(1)")}, "URL"),
        ({"text": "x", "reply_markup": "x"}, "object expected"),
        ({"text": "x", "chat_id": 404}, "chat not found"),
        ({}, "text is empty"),
    ],
)
def test_what_telegram_refuses_is_refused(
    telegram: TelegramDouble, params: dict[str, Any], told: str
) -> None:
    status, answer = call(telegram, "sendMessage", **({"chat_id": telegram.citizen().id} | params))
    assert status == 400
    assert told in answer


def test_tokens_and_methods_are_checked(telegram: TelegramDouble) -> None:
    assert call(telegram, "getMe")[1]["is_bot"] is True
    assert call(telegram, "getMe", token="1:x") == (401, "Unauthorized")
    assert call(telegram, "makeCoffee") == (404, "Not Found")


def test_an_offset_confirms(telegram: TelegramDouble) -> None:
    hoa = telegram.citizen()
    hoa.says("một")
    hoa.says("/start hai")
    _, first = call(telegram, "getUpdates")
    assert call(telegram, "getUpdates")[1] == first, "not confirmed: again"
    assert first[1]["message"]["entities"] == [{"offset": 0, "length": 6, "type": "bot_command"}]
    _, left = call(telegram, "getUpdates", offset=first[0]["update_id"] + 1)
    assert [update["message"]["text"] for update in left] == ["/start hai"]


def test_a_long_poll_ends_when_something_comes_and_only_one_is_allowed(telegram: TelegramDouble) -> None:
    hoa = telegram.citizen()
    with ThreadPoolExecutor(2) as threads:
        older = threads.submit(call, telegram, "getUpdates", timeout=30)
        telegram.wait_for(lambda state: state["calls"].get("getUpdates"))
        newer = threads.submit(call, telegram, "getUpdates", timeout=30)
        assert older.result(10)[0] == 409
        hoa.says("một")
        assert newer.result(10)[1][0]["message"]["text"] == "một"


def test_a_webhook_and_polling_exclude_each_other(telegram: TelegramDouble) -> None:
    assert call(telegram, "setWebhook", url="http://example.org/x")[0] == 400
    assert call(telegram, "setWebhook", url="https://127.0.0.1:9/x", secret_token="không")[0] == 400
    assert call(telegram, "setWebhook", url="https://127.0.0.1:9/x", secret_token="a_b-1") == (200, True)
    assert call(telegram, "getWebhookInfo")[1]["url"] == "https://127.0.0.1:9/x"
    assert call(telegram, "getUpdates")[0] == 409
    assert call(telegram, "deleteWebhook") == (200, True)
    assert call(telegram, "getUpdates") == (200, [])


def test_a_tap_is_answered_once(telegram: TelegramDouble) -> None:
    hoa = telegram.citizen()
    call(telegram, "sendMessage", chat_id=hoa.id, text="?", reply_markup=key(callback_data="/Yes"))
    tap = hoa.taps("x")
    assert call(telegram, "answerCallbackQuery", callback_query_id=tap) == (200, True)
    assert call(telegram, "answerCallbackQuery", callback_query_id=tap)[0] == 400
    assert call(telegram, "answerCallbackQuery", callback_query_id="0")[0] == 400
    with pytest.raises(AssertionError, match="no button"):
        hoa.taps("Xoá hết")
    hoa.taps("/Delete(all)", forged=True)
    assert call(telegram, "getUpdates")[1][-1]["callback_query"]["data"] == "/Delete(all)"


def test_editing_knows_what_is_not_modified(telegram: TelegramDouble) -> None:
    hoa = telegram.citizen()
    _, sent = call(telegram, "sendMessage", chat_id=hoa.id, text="a")
    which = {"chat_id": hoa.id, "message_id": sent["message_id"]}
    assert "not modified" in call(telegram, "editMessageText", **which, text="a")[1]
    assert call(telegram, "editMessageText", **which, text="b")[1]["edit_date"]
    markup = key(callback_data="/A")
    assert call(telegram, "editMessageReplyMarkup", **which, reply_markup=markup)[1]["text"] == "b"
    assert "not found" in call(telegram, "editMessageText", chat_id=hoa.id, message_id=99, text="b")[1]


def test_groups_have_members_and_move(telegram: TelegramDouble) -> None:
    lan, group = telegram.citizen("Lan"), telegram.group()
    call(telegram, "sendMessage", chat_id=group, text="Hồ sơ mới", reply_markup=key(callback_data="/Take(1)"))
    lan.taps("/Take(1)", chat=group)
    query = call(telegram, "getUpdates")[1][0]["callback_query"]
    assert (query["from"]["first_name"], query["message"]["chat"]["type"]) == ("Lan", "supergroup")
    telegram.migrate(group)
    assert call(telegram, "sendMessage", chat_id=group, text="x")[0] == 400


def test_one_chat_may_be_slowed_down(telegram: TelegramDouble) -> None:
    hoa, lan = telegram.citizen(), telegram.citizen()
    telegram.limit(per_chat=60)
    statuses = [call(telegram, "sendMessage", chat_id=who.id, text="x")[0] for who in (hoa, lan, hoa)]
    assert statuses == [200, 200, 429]


def test_waiting_tells_what_the_bot_said_instead(telegram: TelegramDouble) -> None:
    hoa = telegram.citizen()
    call(telegram, "sendMessage", chat_id=hoa.id, text="khác")
    with pytest.raises(AssertionError, match="khác"):
        hoa.reads("đúng", timeout=0.05)
    with ThreadPoolExecutor(1) as threads:
        reading = threads.submit(hoa.reads, "đúng")
        call(telegram, "sendMessage", chat_id=hoa.id, text="đúng rồi")
        assert reading.result()["text"] == "đúng rồi"


def test_it_runs_as_a_process_of_its_own() -> None:
    command = [sys.executable, "-m", "tests.doubles.telegram_api", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            assert process.stdout is not None
            control = TelegramControl(process.stdout.readline().split()[2])
            control.citizen().says("một")
            assert call(control, "getUpdates")[1][0]["message"]["text"] == "một"
        finally:
            process.terminate()


async def test_blocking_waits_may_be_given_to_a_thread(telegram: TelegramDouble) -> None:
    hoa = telegram.citizen()
    reading = asyncio.create_task(asyncio.to_thread(hoa.reads, "chào"))
    await asyncio.to_thread(call, telegram, "sendMessage", chat_id=hoa.id, text="chào")
    assert (await reading)["text"] == "chào"
