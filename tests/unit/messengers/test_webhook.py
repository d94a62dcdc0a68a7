"""What an SMS gateway is sent, and which of its answers mean that somebody was told."""

import asyncio
from typing import Any

import pytest
from aiohttp import web

from ivr_engine.messengers.messenger import in_plain_words
from ivr_engine.messengers.post import try_once
from ivr_engine.messengers.webhook import Webhook
from tests.unit.messengers.gateway import PHONE, Gateway, Reply, raised

BODY: dict[str, Any] = {"msgtype": "text", "text": {"to": ["<address>"], "content": "<title>"}, "template": 7}


async def test_the_body_is_filled_where_the_settings_say(gateway: Gateway) -> None:
    assert await try_once(Webhook(gateway.url, BODY, token="s3cret"), raised(), PHONE) == ""
    assert gateway.bodies == [
        {"msgtype": "text", "text": {"to": [PHONE], "content": "Recall: critical"}, "template": 7}
    ]
    assert gateway.headers[0]["Authorization"] == "Bearer s3cret"


async def test_without_a_body_everything_is_said(gateway: Gateway) -> None:
    assert await try_once(Webhook(gateway.url), raised(), PHONE) == ""
    (said,) = gateway.bodies
    assert (said["address"], said["kind"], said["text"], said["level"]) == (
        PHONE,
        "switched",
        "# Situation\n\n3 calls",
        "critical",
    )
    assert said["at"].startswith("2026-11-2")


@pytest.mark.parametrize("title", ['","admin":true,"x":"', "<text>", "\\", "召回 ☎", "<address>"])
async def test_a_title_stays_one_value_whatever_it_says(gateway: Gateway, title: str) -> None:
    assert await try_once(Webhook(gateway.url, BODY), raised(title=title), PHONE) == ""
    assert gateway.bodies[0]["text"] == {"to": [PHONE], "content": title}


async def test_half_characters_and_lines_in_a_title_hinder_nothing(gateway: Gateway) -> None:
    alert = in_plain_words(raised(title="Recall\r\nBcc: x\ud800 now\x1b[2J", text="a\r\nb\ud800\n  - c"))
    assert await try_once(Webhook(gateway.url), alert, PHONE) == ""
    assert gateway.bodies[0]["title"] == "Recall Bcc: x now[2J"
    assert gateway.bodies[0]["text"] == "a\nb\n  - c"


async def test_a_token_stands_where_the_settings_have_a_place_for_it(gateway: Gateway) -> None:
    hook = Webhook(f"{gateway.url}?key=<token>", {"key": "<token>", "say": "<title>"}, token="a&b")
    assert await try_once(hook, raised(title="<token>"), PHONE) == ""
    assert gateway.paths == ["/sms?key=a%26b"]
    assert gateway.bodies == [{"key": "a&b", "say": "<token>"}]
    assert "Authorization" not in gateway.headers[0]


async def test_every_try_bears_the_same_receipt_and_another_address_another(gateway: Gateway) -> None:
    hook = Webhook(gateway.url)
    for address in (PHONE, PHONE, "13900000000"):
        await try_once(hook, raised(), address)
    first, again, other = (headers["Idempotency-Key"] for headers in gateway.headers)
    assert first == again != other


def _says(status: int = 200, **said: Any) -> Reply:
    async def reply(_: web.Request) -> web.Response:
        return web.Response(status=status, **said)

    return reply


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (_says(500), "it answered 500"),
        (_says(302, headers={"Location": "/elsewhere"}), "it answered 302"),
        (_says(200, text='{"code": 93000}'), "it answered code: '93000', not '0'"),
        (_says(200, text='{"msg": []}'), "it answered code: 'null', not '0'"),
        (_says(200, text="[" * 60_000), "its answer is no JSON"),
        (_says(200, body=b"\xff\xfe"), "its answer is no JSON"),
        (_says(200, body=b"x" * 100_000), "its answer is longer than 64 KiB"),
    ],
)
async def test_what_is_no_success_is_told(gateway: Gateway, reply: Reply, why: str) -> None:
    gateway.reply = reply
    assert await try_once(Webhook(gateway.url, answer={"code": "0"}), raised(), PHONE) == why
    assert len(gateway.bodies) == 1, "nothing that redirects is followed"


async def test_a_slow_gateway_is_left_after_its_time(gateway: Gateway) -> None:
    async def never(_: web.Request) -> web.Response:
        await asyncio.Event().wait()
        return web.Response()

    gateway.reply = never
    assert await try_once(Webhook(gateway.url, within=0.2), raised(), PHONE) == "no answer within 0.2 s"


async def test_a_gateway_that_is_away_is_told_without_its_address(gateway: Gateway) -> None:
    await gateway.stop()
    why = await try_once(Webhook(f"{gateway.url}?key=s3cret"), raised(), PHONE)
    assert why == "it cannot be reached (ClientConnectorError)"
    assert "s3cret" not in repr(Webhook(f"{gateway.url}?key=s3cret", token="s3cret"))
