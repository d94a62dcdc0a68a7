"""A crisis is ordered over every wire there is: dialled at a real phone, over a real broker, over HTTP, in the shell.

One hotline with three people, one of whom may not any more, and a profile that takes two of them.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import aiohttp
import aiomqtt
import pytest
import pytest_asyncio

from ivr_engine.commission import phone_passwords
from ivr_engine.people_pins import MOST_WRONG
from ivr_engine.stand.codes import dial_code
from ivr_engine.stand.hotline import HotlineStand
from tests.acceptance.live import LONG, Live, eventually
from tests.faults.shell import Ended, ivr

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module")]

HOTLINE = Path(__file__).parent / "wires"
MONITOR_TOKEN = "monitor-token-of-this-test"
ANSWERED, FORBIDDEN = (200, "far"), (403, None)
# As Alertmanager 0.27 posts it; shortened nowhere.
ALERTS: Mapping[str, Any] = {
    "receiver": "hotline",
    "status": "firing",
    "alerts": [
        {
            "status": "firing",
            "labels": {"alertname": "ShopDown", "instance": "shop:443", "severity": "page"},
            "annotations": {"summary": "The shop answers 502 for 5 minutes"},
            "startsAt": "2026-11-22T03:14:15.926Z",
            "endsAt": "0001-01-01T00:00:00Z",
            "generatorURL": "http://prometheus:9090/graph?g0.expr=up",
            "fingerprint": "8cbc4a21d2e9ad5f",
        }
    ],
    "groupLabels": {"alertname": "ShopDown"},
    "commonLabels": {"alertname": "ShopDown", "instance": "shop:443", "severity": "page"},
    "commonAnnotations": {"summary": "The shop answers 502 for 5 minutes"},
    "externalURL": "http://alertmanager:9093",
    "version": "4",
    "groupKey": '{}:{alertname="ShopDown"}',
    "truncatedAlerts": 0,
}


class Stand(HotlineStand):
    """One where a monitor has a token of its own."""

    def _commission(self) -> None:
        super()._commission()
        (self.folder / "secrets" / "monitor").write_text(MONITOR_TOKEN)
        with self.settings_path.open("a") as settings:
            settings.write("\nsignals: {monitor: {token file: secrets/monitor}}\n")


class Wires(Live):
    """What this test asks of its stand."""

    def pin(self, who: str) -> str:
        """Somebody's PIN."""
        return self.stand.pins[who]

    async def dial_code(self, agent: str, code: str) -> tuple[int | None, str | None]:
        """How a code went that was dialled at that agent's phone: the answer, and who hung up."""
        password = phone_passwords(self.stand.phones_file, ())[agent]
        result = await dial_code(self.stand.line(f"code-{next(self._numbers)}"), agent, password, code)
        assert result.exit_code == 0, result.trouble
        return result.status, result.hung_up_by

    async def on(self) -> dict[str, str]:
        """The profiles that are on, each with its level."""
        return {one["profile"]: one["level"] for one in (await self.stand.ask("crisis"))["active"]}

    async def proposals(self) -> list[tuple[str, str, str]]:
        """What waits for a yes: its number, profile and level."""
        waiting = (await self.stand.ask("crisis"))["proposals"]
        return [(one["id"], one["switch"]["profile"], one["switch"].get("level", "general")) for one in waiting]

    async def noted(self, *line: object) -> dict[str, Any]:
        """The first line of the audit with that kind, who, and what, and went so; once it is there."""

        async def look() -> dict[str, Any] | None:
            deeds = await self.stand.ask("crisis/audit?since=1h")
            return next((one for one in deeds if (one["kind"], one["who"], one["what"], one["ok"]) == line), None)

        found = await eventually(look, f"the audit has {line}")
        assert found is not None
        return found

    async def post(self, path: str, body: object, token: str = MONITOR_TOKEN) -> tuple[int, dict[str, Any]]:
        """What the web answers: a body that is bytes goes out as it is."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.post(f"{self.stand.web_url}/api/{path}", data=raw) as response,
        ):
            return response.status, await response.json()

    async def type(self, *words: str | Path) -> Ended:
        """Type `ivr crisis …`."""
        return await asyncio.to_thread(ivr, "crisis", *words, "--settings", self.stand.settings_path, COLUMNS="200")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def wires(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Wires]:
    async with Stand(tmp_path_factory.mktemp("wires") / "hotline", dialplan=HOTLINE) as stand:
        yield Wires(stand)


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def nothing_is_on(wires: Wires) -> AsyncIterator[None]:
    """Each test begins in calm, and leaves nothing."""
    assert (await wires.on(), await wires.proposals()) == ({}, [])
    yield
    await wires.stand.ask("crisis", {"profile": None, "by": "张伟", "reason": "the test is over"})
    for proposal, _, _ in await wires.proposals():
        await wires.stand.ask(f"crisis/proposals/{proposal}", {"answer": "no", "by": "张伟", "reason": "over"})


# --- a phone ---------------------------------------------------------------------------------------------------


async def test_a_crisis_is_switched_at_an_agents_phone_in_the_name_of_whose_pin_it_is(wires: Wires) -> None:
    pin = wires.pin("张伟")
    assert await wires.dial_code("1001", f"*81{pin}12") == ANSWERED
    assert await wires.on() == {"recall": "major"}
    order = await wires.noted("crisis", "张伟", "crisis recall on, level major, for all calls", True)
    assert order["why"] == "dialled at phone 1001"
    assert await wires.dial_code("1001", f"*81{pin}13") == ANSWERED
    assert await wires.on() == {"recall": "critical"}
    for nonsense in ("*81{}19", "*81{}71", "*81{}", "*83{}9", "*82{}12"):  # level, code, nothing, proposal, not on
        assert await wires.dial_code("1001", nonsense.format(pin)) == FORBIDDEN
    assert await wires.dial_code("1001", f"*84{pin}1") == (404, None)
    assert await wires.on() == {"recall": "critical"}
    assert await wires.dial_code("1002", f"*82{pin}") == ANSWERED  # whoever's phone it is
    assert await wires.on() == {}
    for path in wires.stand.folder.rglob("*"):
        if path.is_file() and "phones" not in path.parts and path.name != "people-pins":
            assert pin.encode() not in path.read_bytes(), path


async def test_two_people_switch_at_their_phones_and_one_alone_does_not(wires: Wires) -> None:
    zhang, li, zhao = (wires.pin(name) for name in ("张伟", "李娜", "赵敏"))
    assert await wires.dial_code("1001", f"*81{zhang}122") == ANSWERED  # code 12, level 2
    ((proposal, *switch),) = await wires.proposals()
    assert (switch, await wires.on()) == (["outage", "major"], {})
    assert await wires.dial_code("1001", f"*83{zhang}{proposal}") == FORBIDDEN  # he is not another person
    assert await wires.dial_code("1001", f"*83{zhao}{proposal}") == FORBIDDEN  # his time is over
    assert await wires.on() == {}
    assert await wires.dial_code("1002", f"*83{li}{proposal}") == ANSWERED
    assert (await wires.on(), await wires.proposals()) == ({"outage": "major"}, [])
    await wires.noted("crisis", "张伟 and 李娜", "crisis outage on, level major, for all calls", True)
    assert await wires.dial_code("1002", f"*82{li}12") == ANSWERED
    assert await wires.dial_code("1001", f"*81{zhang}121") == ANSWERED
    assert await wires.dial_code("1002", f"*81{li}121") == ANSWERED  # who orders the same says yes
    assert await wires.on() == {"outage": "general"}


async def test_a_phone_that_guesses_pins_is_locked_and_the_others_are_not(wires: Wires) -> None:
    pin = wires.pin("张伟")
    known = {wires.pin(name) for name in ("张伟", "李娜", "赵敏")}
    guesses = [guess for guess in (f"{number:06}" for number in range(MOST_WRONG + 3)) if guess not in known]
    for guess in guesses[:MOST_WRONG]:
        assert await wires.dial_code("1002", f"*81{guess}11") == FORBIDDEN
    assert await wires.dial_code("1002", f"*81{pin}11") == FORBIDDEN
    assert await wires.on() == {}
    assert await wires.figure("ivr_agent_codes_total", result="wrong_pin") == MOST_WRONG + 1
    await wires.noted("turned away", "1002", "*81", False)
    assert await wires.dial_code("1001", f"*81{pin}11") == ANSWERED
    assert await wires.on() == {"recall": "general"}


# --- the broker ------------------------------------------------------------------------------------------------


async def test_commands_over_mqtt_are_answered_and_garbage_changes_nothing(wires: Wires) -> None:
    async def sent(word: str, payload: str | bytes) -> dict[str, Any]:
        return await _sent(client, f"ivr/command/crisis/{word}", payload)

    async with _client(wires) as client:
        order = {"profile": "recall", "level": "major", "by": "张伟", "reason": "batch 7", "id": "7"}
        answer = await sent("on", json.dumps(order))
        assert (answer["ok"], answer["id"], answer["active"][0]["level"]) == (True, "7", "major")
        again = await sent("on", json.dumps({**order, "id": "8"}))
        assert (again["ok"], again["id"], again["remedy"]) == (False, "8", "nothing was changed")
        for garbage in (b"\xff\xfe", "garbage", "[]", '{"profile": 7}', '{"profile": "recall"}', "[" * 9999, ""):
            refused = await sent("on", garbage)
            assert not refused["ok"]
            assert refused["cause"].startswith("the command cannot be read"), garbage
            assert refused["remedy"].startswith("send JSON such as")
        for word in ("of", "on/recall", "off/now"):
            assert not (await sent(word, json.dumps(order)))["ok"]
        stranger = await sent("off", json.dumps({**order, "level": "general", "by": "王五"}))
        assert stranger["cause"] == "'王五' is not among the hotline's people"
        assert await wires.on() == {"recall": "major"}
        await wires.noted("turned away", "mqtt", "command/crisis/on", False)
        done = await sent("done", '{"profile": "recall", "clock": "核实", "by": "李娜", "note": "checked"}')
        assert [clock["done_by"] for clock in done["clocks"]] == ["李娜"]
        off = await sent("off", '{"profile": "recall", "by": "张伟", "reason": "over", "id": "9"}')
        assert (off["ok"], off["id"], off["active"]) == (True, "9", [])


async def test_a_retained_command_is_refused_whenever_the_engine_comes(wires: Wires) -> None:
    order = json.dumps({"profile": "recall", "by": "张伟", "reason": "left at the broker", "id": "7"})
    topic = "ivr/command/crisis/on"
    async with _client(wires) as client:
        await client.subscribe("ivr/reply/#", qos=1)
        await wires.stand.stop_engine()
        await client.publish(topic, order, qos=1, retain=True)
        try:
            await wires.stand.start_engine()
            answer = await _answer(client)
        finally:
            await client.publish(topic, None, qos=1, retain=True)
    assert (answer["ok"], answer["id"]) == (False, "7")
    assert "retained" in answer["cause"]
    assert await wires.on() == {}


async def test_a_signal_over_mqtt_makes_a_trigger_propose_and_one_told_twice_counts_once(wires: Wires) -> None:
    async with _client(wires) as client:
        for _ in range(2):
            answer = await _sent(client, "ivr/signal/complaints", '{"id": "post-1", "text": "漏电"}')
            assert answer == {"ok": True, "id": "post-1"}
        broken = await _sent(client, "ivr/signal/complaints", '{"id": ')
        assert (broken["ok"], broken["cause"]) == (False, "the signal is no JSON")
        await asyncio.sleep(6)  # triggers look every 5 s: one signal is not enough
        assert await wires.proposals() == []
        assert (await _sent(client, "ivr/signal/complaints", "漏电 again"))["ok"]
    ((proposal, *switch),) = await eventually(wires.proposals, "the trigger proposes")
    assert switch == ["outage", "major"]
    no = {"proposal": proposal, "by": "李娜", "reason": "a rehearsal", "id": "1"}
    async with _client(wires) as client:
        assert (await _sent(client, "ivr/command/crisis/reject", json.dumps(no)))["proposals"] == []
    await wires.noted(
        "proposal", "李娜", f"proposal {proposal} rejected: crisis outage on, level major, for all calls", False
    )


# --- HTTP ------------------------------------------------------------------------------------------------------


async def test_what_alertmanager_posts_fires_a_trigger_and_its_token_opens_nothing_else(wires: Wires) -> None:
    for path, body in (
        ("crisis", {"profile": "recall", "by": "张伟", "reason": "stolen token"}),
        ("crisis/proposals/1", {"answer": "yes", "by": "李娜"}),
        ("status", {"by": "张伟", "text": "全部修复"}),
    ):
        assert (await wires.post(path, body))[0] == 401
    other = {"signal": "ShopDown", "id": "1", "source": "another"}
    assert (await wires.post("signals", other))[0] == 403
    assert (await wires.post("alertmanager", ALERTS, token="wrong"))[0] == 401
    for garbage in (b"", b"garbage", b"\xff", b"{}", json.dumps({**ALERTS, "alerts": "none"}).encode()):
        status, answer = await wires.post("alertmanager", garbage)
        assert (status, set(answer["error"])) == (400, {"cause", "remedy"})
    await wires.noted("turned away", "monitor", "POST /api/alertmanager", False)
    resolved = {**ALERTS, "alerts": [{**ALERTS["alerts"][0], "status": "resolved"}]}
    assert await wires.post("alertmanager", resolved) == (202, {"taken": 0})
    await asyncio.sleep(6)  # triggers look every 5 s
    assert (await wires.on(), await wires.proposals()) == ({}, [])

    for _ in range(2):  # it repeats what still fires
        assert await wires.post("alertmanager", ALERTS) == (202, {"taken": 1})
    ((proposal, *switch),) = await eventually(wires.proposals, "the trigger proposes")
    assert switch == ["outage", "critical"]
    token = wires.stand.settings.web.token
    status, now = await wires.post(f"crisis/proposals/{proposal}", {"answer": "yes", "by": "李娜"}, token)
    assert (status, now["active"]) == (200, [])  # one person of two
    yes = {"answer": "yes", "by": "张伟"}
    status, now = await wires.post(f"crisis/proposals/{now['proposal']}", yes, token)
    assert (status, [one["level"] for one in now["active"]]) == (200, ["critical"])


# --- the shell -------------------------------------------------------------------------------------------------


async def test_what_is_typed_is_done_and_shown(wires: Wires) -> None:
    by = ("--by", "张伟")
    would = await wires.type("on", "recall", "--level", "major", "--lasts", "4h", *by, "--dry-run")
    assert "nothing was changed" in would.out
    assert "crisis recall comes on for all calls, level major (较大)" in would.out
    assert await wires.on() == {}
    on = await wires.type("on", "recall", "--lasts", "4h", *by, "--reason", "召回公告已发布")
    _shows(
        on, "recall", "general 一般", "3h59m", "张伟", "召回公告已发布", "核实", "ivr crisis done recall 核实 --by NAME"
    )
    _shows(await wires.type("level", "recall", "critical", *by), "critical 重大", "3h59m")
    _shows(await wires.type("done", "recall", "核实", "--by", "李娜", "--note", "已确认"), "done", "李娜", "已确认")
    proposed = await wires.type("on", "outage", *by)
    ((proposal, *_),) = await wires.proposals()
    _shows(proposed, "NOT DONE YET 尚未生效", f"ivr crisis confirm {proposal} --by NAME")
    _shows(await wires.type("status"), "recall", "outage on", f"ivr crisis confirm {proposal} --by NAME")
    assert "outage on" not in (await wires.type("reject", proposal, "--by", "李娜", "--reason", "误报")).out
    await wires.type("on", "outage", *by)
    ((proposal, *_),) = await wires.proposals()
    _shows(await wires.type("confirm", proposal, "--by", "李娜"), "张伟 and 李娜")
    assert await wires.on() == {"recall": "critical", "outage": "general"}
    which = (await wires.type("off", *by)).only_line
    assert "2 crisis profiles are on: name one of " in which
    assert "no crisis profile is on" in (await wires.type("off", "--all", *by)).out
    assert await wires.on() == {}
    await wires.noted("crisis", "张伟", "crisis recall off", True)
    said = (await wires.type("log", "--since", "1h")).out
    for line in (
        "order by 张伟: crisis recall on, level critical, for all calls",
        "clock by 李娜: clock 核实 of recall: done (已确认)",
        f"order by 李娜: confirm proposal {proposal}",
        f"(proposal {proposal} waits for another person's yes)",
    ):
        assert line in said


REFUSED: Mapping[tuple[str, ...], str] = {
    ("on", "recal", "--by", "张伟"): "'recal' is not in the dialplan: known is outage, recall",
    ("on", "recall", "--by", "王五"): "'王五' is not among the hotline's people: order it as one of 张伟, 李娜",
    ("on", "recall", "--by", "赵敏"): "赵敏 could do so until 2020-01-31 18:00: ask another",
    ("on", "recall", "--by", "张伟"): "is on already, by 李娜: nothing was changed",
    ("on", "recall", "--by", "张伟", "--lasts", "soon"): "'soon' is no length of time: write for instance",
    ("on", "recall", "--by", "张伟", "--lasts", "0s"): "'0s' is over at once: write for instance",
    ("on", "recall", "--by", "张伟", "--lasts", "99d"): "more than 30 days: let it end sooner",
    ("on", "recall", "--by", "张伟", "--until", "25:00"): "'25:00' is no time: write for instance 18:00",
    ("on", "recall", "--by", "张伟", "--until", "2020-01-01 10:00"): "it would be over already",
    ("on", "recall", "--by", "张伟", "--number", "110"): "110 is not a number of this hotline: choose of 4000000400",
    ("level", "outage", "major", "--by", "张伟"): "'outage' is not on (on: recall): switch it on",
    ("off", "outage", "--by", "张伟"): "'outage' is not on: nothing was changed (on: recall)",
    ("confirm", "99", "--by", "李娜"): "there is no proposal '99', or it has lapsed: waiting now is none",
    ("reject", "../x", "--by", "李娜", "--reason", "no"): "there is no proposal '../x'",
    (
        "done",
        "recall",
        "nothing",
        "--by",
        "李娜",
    ): "there is no clock 'nothing' of crisis 'recall' now: choose of recall 核实",
    ("log", "--since", "yesterdayish"): "'yesterdayish' is no time: write for instance",
}


async def test_nonsense_is_refused_in_one_line_and_changes_nothing(wires: Wires) -> None:
    assert (await wires.type("on", "recall", "--level", "major", "--by", "李娜")).status == 0
    before = await wires.stand.ask("crisis")
    for words, why in REFUSED.items():
        said = (await wires.type(*words)).only_line
        assert why in said, (words, said)
    after = await wires.stand.ask("crisis")
    assert {**after, "at": 0} == {**before, "at": 0}
    await wires.noted("order", "赵敏", "crisis recall on, level major, for all calls", False)


async def test_no_phone_call_or_channel_is_left(wires: Wires) -> None:
    await wires.nothing_left()
    assert await wires.figure("ivr_trouble_total") == 0


def _shows(ended: Ended, *words: str) -> None:
    assert (ended.status, ended.err) == (0, "")
    for word in words:
        assert word in ended.out, (word, ended.out)


def _client(wires: Wires) -> aiomqtt.Client:
    return aiomqtt.Client("127.0.0.1", wires.stand.broker.port)


async def _sent(client: aiomqtt.Client, topic: str, payload: str | bytes) -> dict[str, Any]:
    """What is answered to a message."""
    reply = "ivr/reply" + topic.removeprefix("ivr").removeprefix("/command")
    await client.subscribe(reply, qos=1)
    await client.publish(topic, payload, qos=1)
    return await _answer(client)


async def _answer(client: aiomqtt.Client) -> dict[str, Any]:
    async with asyncio.timeout(LONG):
        async for message in client.messages:
            assert isinstance(message.payload, bytes)
            answer: dict[str, Any] = json.loads(message.payload)
            return answer
    raise AssertionError("the broker is gone")
