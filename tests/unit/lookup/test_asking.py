"""What is told of a system that answers well, badly, late, too much or not at all: one answer for each question."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp import web

from ivr_engine.dialplan.lookups import LookupPlan
from ivr_engine.lookup.breaker import FAILURES_IN_A_ROW, SPARED_SECONDS
from ivr_engine.model.ids import LookupName
from tests.unit.lookup import crm as answers
from tests.unit.lookup.crm import NUMBER, Crm, plan


@pytest_asyncio.fixture
async def crm() -> AsyncIterator[Crm]:
    one = Crm()
    await one.start(plan())
    yield one
    await one.stop()


async def other(one: Crm, *plans: LookupPlan, **more: object) -> Crm:
    """The same with other plans."""
    await one.stop()
    await one.start(*plans, **more)  # type: ignore[arg-type]
    return one


async def test_a_known_caller_is_found_and_what_is_wanted_is_kept(crm: Crm) -> None:
    told = await crm.answer()
    assert (told.answer, told.values, told.why) == ("found", {"tier": "gold"}, "")
    assert [(one.method, one.path) for one in crm.requests] == [("GET", f"/api/customers/{NUMBER}")]
    assert crm.counts.answers == [("customer", "found", False)]


async def test_values_to_send_make_it_a_post(crm: Crm) -> None:
    await other(crm, plan(path="/orders", send=("order", "caller", "unknown")), token="s3cret")
    assert (await crm.answer(order='1"},x')).answer == "found"
    assert crm.requests[0].method == "POST"
    assert await asyncio.to_thread(lambda: crm.bodies[0]) == (
        b'{"order": "1\\"},x", "caller": "13812345678", "unknown": ""}'
    )
    assert crm.requests[0].headers["Authorization"] == "Bearer s3cret"
    assert crm.requests[0].content_type == "application/json"


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ("../../admin", "/api/customers/..%2F..%2Fadmin"),
        ("1?x=2#y&z", "/api/customers/1%3Fx%3D2%23y%26z"),
        ("a b\r\nX-Evil: 1", "/api/customers/a%20bX-Evil%3A%201"),
        ("%2e%2e", "/api/customers/%252e%252e"),
        ("张三@evil.example:80", "/api/customers/%E5%BC%A0%E4%B8%89%40evil.example%3A80"),
    ],
)
async def test_a_value_stays_one_piece_of_the_path(crm: Crm, value: str, path: str) -> None:
    await crm.answer(caller=value)
    assert crm.requests[0].raw_path == path
    assert "X-Evil" not in crm.requests[0].headers


@pytest.mark.parametrize("value", ["", " ", "..", ".", "....", ".\n."])
async def test_nobody_is_known_by_no_value_and_nobody_is_asked(crm: Crm, value: str) -> None:
    told = await crm.answer(caller=value)
    assert (told.answer, told.values, crm.requests) == ("not found", {"tier": ""}, [])


@pytest.mark.parametrize("reply", [answers.status(404), answers.status(204), answers.body(b"null")])
async def test_an_unknown_caller_is_not_found(crm: Crm, reply: answers.Reply) -> None:
    crm.reply = reply
    told = await crm.answer()
    assert (told.answer, told.values) == ("not found", {"tier": ""})


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (answers.status(500), "crm: it answered 500"),
        (answers.status(403), "crm: it answered 403"),
        (answers.status(302, Location="http://127.0.0.1:1/else"), "crm: it answered 302"),
        (answers.body(b"<html>gold</html>", "text/html"), "crm: its answer is no JSON"),
        (answers.body(b'{"tier": "gold"'), "crm: its answer is no JSON"),
        (answers.body(b""), "crm: its answer is no JSON"),
        (answers.body(b"\xff\xfe"), "crm: its answer is no JSON"),
        (answers.body(b"[" * 60_000), "crm: its answer is no JSON"),
        (answers.body(b'"' + b"x" * 70_000 + b'"'), "crm: its answer is longer than 64 KiB"),
        (answers.endless, "crm: its answer is longer than 64 KiB"),
        (answers.breaks_off, "crm: it cannot be reached (ClientPayloadError)"),
    ],
)
async def test_anything_else_has_failed_and_says_why_without_the_callers_number(
    crm: Crm, reply: answers.Reply, why: str
) -> None:
    crm.reply = reply
    told = await crm.answer()
    assert (told.answer, told.why, told.values) == ("failed", why, {"tier": ""})
    assert crm.counts.answers == [("customer", "failed", False)]


@pytest.mark.parametrize("reply", [answers.never, answers.drips])
async def test_who_takes_too_long_has_failed_in_time(crm: Crm, reply: answers.Reply) -> None:
    await other(crm, plan(within=0.2))
    crm.reply = reply
    start = time.monotonic()
    assert (await crm.answer()).why == "crm: no answer within 0.2 s"
    assert time.monotonic() - start >= 0.2


async def test_a_system_that_is_not_there_has_failed(crm: Crm) -> None:
    await crm._runner.cleanup()
    assert (await crm.answer()).why == "crm: it cannot be reached (ClientConnectorError)"


async def test_compressed_answers_are_not_blown_up(crm: Crm) -> None:
    crm.reply = answers.body(b"\x1f\x8b" + bytes(1000), **{"Content-Encoding": "gzip"})
    assert (await crm.answer()).answer == "failed"
    assert crm.requests[0].headers["Accept-Encoding"] == "identity"


async def test_cookies_are_not_kept(crm: Crm) -> None:
    crm.reply = answers.status(404, **{"Set-Cookie": "session=1; Path=/"})
    await crm.answer(caller="1")
    await crm.answer(caller="2")
    assert "Cookie" not in crm.requests[1].headers


@pytest.mark.parametrize("lookup", ["nobody", "elsewhere"])
async def test_a_lookup_that_is_gone_or_whose_system_is_unknown_has_failed(crm: Crm, lookup: str) -> None:
    await other(crm, plan(), plan(name="elsewhere", system="erp"))
    assert (await crm.answer(lookup)).answer == "failed"


async def test_a_fault_of_ours_is_an_answer_too(crm: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    def fault(*_: object) -> None:
        raise RuntimeError("bug")

    monkeypatch.setattr("ivr_engine.lookup.asking.question", fault)
    assert (await crm.answer()).answer == "failed"
    monkeypatch.undo()
    monkeypatch.setattr("ivr_engine.lookup.asking.read_answer", fault)
    assert (await crm.answer()).answer == "failed"


# --- many callers -------------------------------------------------------------------------------------------


async def test_an_answer_is_remembered_for_its_time(crm: Crm) -> None:
    await other(crm, plan(remember=60.0))
    assert [(await crm.answer()).values for _ in range(3)] == [{"tier": "gold"}] * 3
    assert len(crm.requests) == 1
    assert [remembered for *_, remembered in crm.counts.answers] == [False, True, True]
    crm.now += 59
    await crm.answer()
    assert len(crm.requests) == 1
    crm.now += 1
    await crm.answer()
    await crm.answer(caller="2")
    assert len(crm.requests) == 3


async def test_failures_are_not_remembered(crm: Crm) -> None:
    crm.reply = answers.status(500)
    await crm.answer()
    crm.reply = answers.found
    assert (await crm.answer()).answer == "found"


async def test_what_is_kept_of_an_answer_may_change_while_it_is_remembered(crm: Crm) -> None:
    await crm.answer()
    changed = plan(keep={"product": "orders.0.product"})
    crm.systems.plans = {LookupName("customer"): changed}
    assert (await crm.answer()).values == {"product": "kettle"}


async def test_equal_questions_at_once_are_one_request(crm: Crm) -> None:
    go = asyncio.Event()

    async def reply(request: web.Request) -> web.StreamResponse:
        await go.wait()
        return await answers.found(request)

    crm.reply = reply
    asked = [crm.ask() for _ in range(50)]
    await crm.until(lambda: len(crm.requests) == 1)
    assert not crm.told
    go.set()
    await crm.until(lambda: len(crm.told) == 50)
    assert sorted(told.query for told in crm.told) == sorted(asked)
    assert len(crm.requests) == 1


async def test_no_more_than_agreed_are_on_their_way_at_once(crm: Crm) -> None:
    now = most = 0

    async def reply(request: web.Request) -> web.StreamResponse:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.01)
        now -= 1
        return await answers.found(request)

    await other(crm, plan(), at_once=3)
    crm.reply = reply
    for n in range(30):
        crm.ask(caller=str(n))
    await crm.until(lambda: len(crm.told) == 30)
    assert {told.answer for told in crm.told} == {"found"}
    assert most == 3


async def test_a_system_that_is_down_is_left_alone_and_tried_now_and_then(crm: Crm) -> None:
    crm.reply = answers.status(500)
    for n in range(FAILURES_IN_A_ROW):
        await crm.answer(caller=str(n))
    assert crm.counts.spared == [("crm", True)]
    for n in range(100):
        assert "not asked" in (await crm.answer(caller=str(n))).why
    assert len(crm.requests) == FAILURES_IN_A_ROW
    crm.now += SPARED_SECONDS
    asked = [crm.ask(caller=str(n)) for n in range(10)]
    await crm.until(lambda: {told.query for told in crm.told} >= set(asked))
    assert len(crm.requests) == FAILURES_IN_A_ROW + 1, "a single try"
    crm.reply = answers.found
    crm.now += SPARED_SECONDS
    assert (await crm.answer()).answer == "found"
    assert (await crm.answer(caller="2")).answer == "found"
    assert crm.counts.spared == [("crm", True), ("crm", False)]


async def test_callers_nobody_knows_are_no_failure(crm: Crm) -> None:
    crm.reply = answers.status(404)
    for n in range(2 * FAILURES_IN_A_ROW):
        assert (await crm.answer(caller=str(n))).answer == "not found"
    assert crm.counts.spared == []


async def test_stopping_fails_what_is_on_its_way_and_leaves_nothing_behind(crm: Crm) -> None:
    crm.reply = answers.never
    asked = [crm.ask(caller=str(n)) for n in range(30)] + [crm.ask(caller="1")]
    await crm.until(lambda: len(crm.requests) == 20)
    await crm.systems.stop()
    assert sorted(told.query for told in crm.told) == sorted(asked)
    assert {(told.answer, told.why) for told in crm.told} == {("failed", "the engine stops")}
    crm.ask()
    await asyncio.sleep(0.01)
    assert len(crm.told) == len(asked), "nobody listens any more"
