"""Huaxing, the shipped hotline with every word, on real calls: an evening without agents, a day, a recall, a reload.

All callers are on the line at once, so `played` lets them live their calls, and each test looks at one of them. What a
caller heard is proven at his phone, sample by sample.
"""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiomqtt
import pytest
import pytest_asyncio
from aiohttp import web

from ivr_engine.dialplan.text import Text
from ivr_engine.model.ids import StepName
from ivr_engine.model.notices import CallRecord
from ivr_engine.model.prompt import Prompt
from ivr_engine.nodes.split import Split
from ivr_engine.prompts import PromptBook
from ivr_engine.prompts.sound import SUFFIX
from ivr_engine.stand.ear import Ear
from ivr_engine.stand.hotline import REMOTE_TONE_HZ, REPOSITORY, HotlineStand
from ivr_engine.stand.media import RATE_HZ, MediaScript
from ivr_engine.stand.phone_log import CallResult
from ivr_engine.stand.phones import AgentPhone, CallerPhone, SeatPlan
from ivr_engine.stand.tones import read_wav, tones_heard
from tests.acceptance.live import LEFT, LONG, RIGHT, Live
from tests.faults.shell import Ended, ivr

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module")]

ORDER, OTHER_NUMBER = "20270105", "02087650000"
TONE, DUTY_TONE = 2310, 1540
AGENT_TONES = {"2001": 1700, "2101": 2430}
MENU = 7.4  # seconds after the answer: the greeting is over, and the menu speaks
# What is different here: always open, one line to the other site, so that callers have to wait, and nobody calls back
# (tests/faults/test_call_backs.py does).
EDITS = {
    "hotline.yaml": (
        ('    - {days: workdays, from: "08:00", to: "20:00"}\n', "    - {days: every day}\n"),
        ('    - {days: [sat, sun], from: "09:00", to: "18:00"}\n', ""),
        ("from: 2027-01-31 18:00, to: 2027-01-31 24:00", "from: 2020-01-31 18:00, to: 2020-01-31 24:00"),
    ),
    "seats.yaml": (
        ("capacity: 20", "capacity: 1"),
        ('    call back: {trunk: carrier, shows: "4008000800", attempts: 3, every: 15m, hours: office}\n', ""),
    ),
}
NEW_HELLO = "您好，华兴电器今天试听新的欢迎词。"
SAID = {"order": ORDER, "cost": "199.5", "due": "2027-03-05"}


def typed(digits: str, at: float) -> list[tuple[float, str]]:
    """Keys one after the other, the first at that moment."""
    return [(at + place * 0.3, key) for place, key in enumerate(digits)]


class Crm:
    """Customers by their number, and one order."""

    def __init__(self) -> None:
        self.customers: dict[str, dict[str, Any]] = {}
        self.asked: list[str] = []

    async def start(self) -> str:
        app = web.Application()
        app.router.add_get("/customers/{number}", self._customer)
        app.router.add_get("/orders/{order}", self._order)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        await self._runner.cleanup()

    async def _customer(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        customer = self.customers.get(request.match_info["number"])
        return web.json_response(customer, status=200 if customer else 404)

    async def _order(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        known = request.match_info["order"] == ORDER
        order = {"delivery": {"date": SAID["due"]}, "total": 199.5}
        return web.json_response(order if known else None, status=200 if known else 404)


class Stand(HotlineStand):
    """One whose settings name a customer system."""

    crm_url: str

    def _commission(self) -> None:
        super()._commission()
        with self.settings_path.open("a") as settings:
            settings.write(f"\nsystems: {{crm: {{url: '{self.crm_url}'}}}}\n")


@dataclass
class Played:
    """What everybody did and heard."""

    live: Live
    numbers: dict[str, str] = field(default_factory=dict)
    phones: dict[str, CallerPhone] = field(default_factory=dict)
    results: dict[str, CallResult] = field(default_factory=dict)
    records: dict[str, CallRecord] = field(default_factory=dict)
    agents: dict[str, AgentPhone] = field(default_factory=dict)
    said: dict[str, Ended] = field(default_factory=dict)
    told: list[tuple[str, Any]] = field(default_factory=list)

    async def dial(self, name: str, presses: Sequence[tuple[float, str]] = (), **plan: Any) -> None:
        """Somebody calls, from the number he was given, or from one that hears the long menu."""
        number = self.numbers.setdefault(name, self.long_menu())
        self.phones[name] = await self.live.dial(number, presses, tone=TONE, listens=True, **plan)

    def long_menu(self) -> str:
        """A number whose caller hears the long menu."""
        layout = self.live.stand.hotline.normal.steps[StepName("layout")]
        assert isinstance(layout, Split)
        return next(one for one in iter(self.live.number, "") if layout.arm_of(one) == "long")

    async def step(self, name: str, *doing: str) -> None:
        """Wait until a caller is doing that."""
        await self.live.until(self.numbers[name], *doing)

    def words(self, step: str, setting: str = "prompt", flow: str = "normal") -> Text:
        """What the hotline says there."""
        text = getattr(self.live.stand.hotline.flow(flow).steps[StepName(step)], setting)
        assert isinstance(text, Text)
        return text

    def heard(self, name: str, *texts: Text, language: str = "zh-CN", **values: str) -> None:
        """See that a caller heard these texts whole, with these values in them, one after the other."""
        at = 0
        for prompt in (prompt for text in texts for prompt in text.said(language, language, values)):
            end = self._ear(name).find(self._sound(prompt), at)
            assert end >= 0, f"{name} did not hear {prompt.text!r} after {at / RATE_HZ:.1f} s"
            at = end

    def hears(self, name: str, words: str, language: str = "zh-CN") -> bool:
        """Whether a caller heard these words whole at any time."""
        return self._ear(name).find(self._sound(Prompt(language, words))) >= 0

    def _ear(self, name: str) -> Ear:
        ear = self.phones[name].ear
        assert ear is not None
        return ear

    def _sound(self, prompt: Prompt) -> bytes:
        return PromptBook(self.live.stand.settings.prompts).path(prompt).with_suffix(SUFFIX).read_bytes()

    async def order(self, name: str, *words: str | Path) -> Ended:
        """Type an `ivr` command about this hotline."""
        ended = await asyncio.to_thread(ivr, *words, "--settings", self.live.stand.settings_path)
        self.said[name] = ended
        return ended


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def crm() -> AsyncIterator[Crm]:
    one = Crm()
    Stand.crm_url = await one.start()
    yield one
    await one.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def live(crm: Crm, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Live]:
    del crm
    folder = tmp_path_factory.mktemp("words")
    for part in ("huaxing", "calendars"):
        shutil.copytree(REPOSITORY / "dialplans" / part, folder / part)
    for name, edits in EDITS.items():
        for before, after in edits:
            edit(folder / "huaxing" / name, before, after)
    async with Stand(folder / "hotline", dialplan=folder / "huaxing") as stand:
        yield Live(stand)


def edit(path: Path, before: str, after: str) -> None:
    text = path.read_text("utf-8")
    assert before in text, before
    path.write_text(text.replace(before, after, 1), "utf-8")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def played(live: Live, crm: Crm) -> AsyncIterator[Played]:
    """Everybody calls, and hangs up."""
    one = Played(live)
    async with aiomqtt.Client("127.0.0.1", live.stand.broker.port) as client:
        await client.subscribe("ivr/#")
        ear = asyncio.create_task(_listen(client, one.told))
        try:
            await _evening(one, crm)
            await _day(one, crm)
            await _recall(one, crm)
            await _reload(one)
            for name, phone in one.phones.items():
                async with asyncio.timeout(LONG):
                    one.results[name] = await phone.finished()
            for name, number in one.numbers.items():
                one.records[name] = await live.record(number)
        finally:
            ear.cancel()
            await asyncio.gather(ear, return_exceptions=True)
    yield one


async def _listen(client: aiomqtt.Client, told: list[tuple[str, Any]]) -> None:
    async for message in client.messages:
        assert isinstance(message.payload, bytes)
        told.append((str(message.topic), json.loads(message.payload) if message.payload else None))


async def _evening(played: Played, crm: Crm) -> None:
    """No agent is there; one line leads to the other site."""
    played.agents["duty"] = await played.live.stand.far_end(
        SeatPlan("02087654321", MediaScript(DUTY_TONE, 60.0, first_packet=60_000), ring_s=1.0, talk_s=2.0)
    )
    played.numbers["gold at night"] = number = played.long_menu()
    crm.customers[number] = {"tier": "platinum"}
    await played.dial("hash key", [(1.0, "#")], hang_up_after=20.0)
    await played.dial("message", [(MENU, "3"), (MENU + 8.6, "#")])
    await played.dial("message cut short", [(MENU, "3"), (MENU + 1.0, "#")], hang_up_after=MENU + 4.0)
    await played.dial("gold at night")
    await played.dial("called back", [(MENU, "0"), (MENU + 2.0, "1"), (MENU + 4.5, "1")])
    other = [(MENU, "0"), (MENU + 2.0, "1"), (MENU + 4.5, "2"), *typed(OTHER_NUMBER + "#", MENU + 5.5)]
    await played.dial("called back elsewhere", [*other, (MENU + 18.0, "1")])


async def _day(played: Played, crm: Crm) -> None:
    """Agents come when those who must find none have."""
    live = played.live
    played.numbers["gold"] = number = played.long_menu()
    crm.customers[number] = {"tier": "gold"}
    asks = [(MENU, "2"), *typed(ORDER, MENU + 1.2), (MENU + 5.0, "1")]
    judges = [(MENU + later, "1") for later in (19.5, 21.5, 24.5)]  # it is not known when the agent hangs up
    await played.dial("order", [*asks, (MENU + 13.0, "1"), *judges])
    asks = [(MENU, "9"), (MENU + 1.2, "2"), *typed(ORDER, MENU + 2.4), (MENU + 6.2, "1")]
    await played.dial("English", asks, hang_up_after=MENU + 19.0)
    await played.step("gold at night", "talking")
    await played.step("message", "menu message")
    await played.step("message cut short", "menu message")
    await played.step("called back", "menu wish")
    await played.step("called back elsewhere", "menu wish", "menu other-number")
    for user, tone in AGENT_TONES.items():
        # Phones number their packets from anywhere, and half of all begin where Asterisk may take them for late ones.
        voice = MediaScript(tone, 60.0, first_packet=40_000)
        played.agents[user] = await live.agent(user, voice, talk_s=3.0 if user == "2001" else None)
    await played.dial("gold")


async def _recall(played: Played, crm: Crm) -> None:
    """A recall is on for those who come now; who talks is left alone, and who is in a menu would follow."""
    for name in set(played.phones) - {"gold"}:
        async with asyncio.timeout(LONG):
            await played.phones[name].finished()
    await played.step("gold", "talking")
    played.numbers["buyer"] = number = played.long_menu()
    crm.customers[number] = {"tier": "silver", "last_order": {"product": "电水壶"}}
    await played.order("recall", "crisis", "on", "recall", "--by", "张伟", "--reason", "rehearsal")
    await played.dial("buyer")
    await played.dial("progress", [(MENU, "3")], hang_up_after=MENU + 11.0)
    await played.step("buyer", "talking")
    await asyncio.sleep(1)
    played.phones["buyer"].hang_up()
    async with asyncio.timeout(LONG):
        await played.phones["progress"].finished()
    await played.order("recall over", "crisis", "off", "--by", "张伟")


async def _reload(played: Played) -> None:
    """Another greeting, while one talks, and back to the first."""
    live = played.live
    await played.step("gold", "talking")
    edit(live.stand.dialplan / "hotline.yaml", played.words("hello", "text").words["zh-CN"], NEW_HELLO)
    await played.order("reload", "reload", "--by", "Li")
    await played.dial("newcomer", hang_up_after=6.0)
    await played.step("newcomer", "menu hello")
    await played.order("rollback", "rollback", "--by", "Wang")
    await played.dial("after rollback", hang_up_after=MENU)
    await played.step("after rollback", "menu hello")
    assert played.phones["gold"].so_far().ended_at is None, "he talks all the time"
    played.phones["gold"].hang_up()


async def test_who_is_gold_comes_first_to_an_agent_and_is_heard_by_him(played: Played, crm: Crm) -> None:
    record = played.records["gold"]
    assert (record.queue, record.tags, record.seat) == ("vip", ("金卡",), "2101")
    assert f"/customers/{record.caller}" in crm.asked
    heard = await played.live.heard(record.call, TONE, AGENT_TONES["2101"])
    assert heard.caller[TONE] > 6
    assert heard.other[AGENT_TONES["2101"]] > 1
    assert heard.caller[AGENT_TONES["2101"]] == heard.other[TONE] == 0


async def test_an_order_is_typed_looked_up_and_told_and_the_agent_is_judged(played: Played, crm: Crm) -> None:
    told = played.words("order-told.then", "text")
    played.heard("order", told, played.words("goodbye", "farewell"), **SAID)
    assert f"/orders/{ORDER}" in crm.asked
    record = played.records["order"]
    assert (record.queue, record.seat, record.tags) == ("general", "2001", ("满意",))
    assert record.steps[-6:] == ("more", "person", "waiting", "survey", "survey.1", "goodbye")
    assert played.results["order"].hung_up_by == "far"
    heard = await played.live.heard(record.call, AGENT_TONES["2001"])
    assert heard.other[AGENT_TONES["2001"]] > 2
    _, channels = read_wav(played.live.stand.folder / f"{record.call}.wav")
    goodbye = channels[RIGHT][-RATE_HZ:]
    assert max(goodbye) > 500, "what he heard after the talk is recorded, too"


async def test_who_presses_9_is_told_his_order_in_english(played: Played) -> None:
    told, more = played.words("order-told.then", "text"), played.words("more")
    played.heard("English", told, more, language="en", **SAID)
    assert not played.hears("English", more.words["zh-CN"])
    assert "main.9" in played.records["English"].steps


async def test_messages_are_listed_and_open_to_the_callers_voice(played: Played) -> None:
    live = played.live
    listed = json.loads((await played.order("messages", "messages", "list", "--all", "--numbers", "--json")).out)
    by_caller = {one["caller"]: one for one in listed}
    ended, cut = (played.numbers[name] for name in ("message", "message cut short"))
    assert set(by_caller) == {ended, cut}
    for number, least in ((ended, 2.5), (cut, 1.2)):
        message = by_caller[number]
        assert message["queue"] == "complaint"
        await live.sealed(message["message"])
        out, key = live.stand.folder / f"{number}.wav", live.stand.folder / "keys" / "recording-identity.txt"
        opened = await played.order("export", "messages", "export", message["message"], "-o", out, "--identity", key)
        assert opened.status == 0, opened
        spoken = tones_heard(out, (TONE,))[LEFT][TONE]
        assert least < spoken <= message["seconds"] + 0.1
        assert spoken > message["seconds"] - 0.6
    words = played.words("message", "say"), played.words("message", "thanks"), played.words("goodbye", "farewell")
    played.heard("message", *words)
    assert played.records["message"].steps[-1] == "goodbye"
    assert played.records["message cut short"].steps[-1] == "message"


async def test_who_will_not_wait_is_called_back(played: Played) -> None:
    listed = json.loads((await played.order("callbacks", "callbacks", "list", "--json")).out)
    wanted = {one["number"]: one for one in listed}
    own = played.numbers["called back"]
    assert set(wanted) == {own, OTHER_NUMBER}
    for name, number in (("called back", own), ("called back elsewhere", OTHER_NUMBER)):
        record = played.records[name]
        assert wanted[number]["queue"] == record.queue == "general"
        assert wanted[number]["since"] == record.enqueued_at, "his place in the line is kept"
        assert record.outcome.value == "completed in menu"
        played.heard(name, played.words("wished", "text"), played.words("goodbye", "farewell"))
        assert played.results[name].hung_up_by == "far"
    played.heard("called back elsewhere", played.words("other-number", "confirm"), phone=OTHER_NUMBER)


async def test_where_no_agent_is_the_manager_on_duty_is_rung_over_the_carriers_trunk(played: Played) -> None:
    record, duty = played.records["gold at night"], played.agents["duty"]
    assert (record.outcome.value, record.steps[-1], record.seat) == ("transferred", "duty", None)
    (call,) = duty.evidence().calls
    assert call.answered_at
    assert call.hung_up_by == "us"
    dialled = (played.live.stand.folder / "phones" / "far-end-02087654321").glob("*.messages")
    assert "INVITE sip:02087654321@" in "".join(one.read_text() for one in dialled)
    heard = await played.live.heard(record.call, TONE, DUTY_TONE)
    assert heard.other[DUTY_TONE] > 1
    assert heard.caller[TONE] > 7
    assert heard.caller[DUTY_TONE] == 0
    assert played.results["gold at night"].hung_up_by == "far"


async def test_the_hash_key_leads_to_a_person_from_the_first_word_on(played: Played) -> None:
    record = played.records["hash key"]
    assert (record.steps, record.seat) == (("hello", "person", "waiting"), "wuhan#1")
    assert not played.hears("hash key", played.words("hello", "text").words["zh-CN"])
    heard = await played.live.heard(record.call, REMOTE_TONE_HZ)
    assert heard.other[REMOTE_TONE_HZ] > 10


async def test_a_recall_is_for_those_who_come_while_it_is_on(played: Played) -> None:
    buyer, asks = played.records["buyer"], played.records["progress"]
    assert (buyer.flow, buyer.queue, buyer.tags) == ("recall", "urgent", ("危机", "召回"))
    assert buyer.outcome.value == "answered"  # by whoever is free when he has heard it
    played.heard("buyer", played.words("affected-told", "text", "recall"))
    assert asks.flow == "recall"
    played.heard("progress", played.words("progress", "text", "recall"))
    for name in ("order", "gold", "newcomer"):
        assert played.records[name].flow == "normal"
    on = [said["state"].get("active", []) for topic, said in played.told if topic == "ivr/crisis"]
    assert ["recall"] in [[one["profile"] for one in active] for active in on]
    assert on[-1] == []


async def test_a_changed_text_is_heard_by_the_next_caller_and_taken_back(played: Played) -> None:
    hello = played.words("hello", "text").words["zh-CN"]
    assert f"the text of hello in zh-CN changed: {hello} → {NEW_HELLO}" in played.said["reload"].out
    assert played.said["rollback"].status == 0
    assert played.hears("newcomer", NEW_HELLO)
    assert not played.hears("newcomer", hello)
    assert played.hears("after rollback", hello)
    assert not played.hears("after rollback", NEW_HELLO)
    versions = [said["version"] for topic, said in played.told if topic == "ivr/dialplan"]
    assert len(versions) == 2
    assert versions[1] != versions[0]


async def test_nothing_went_wrong_and_nothing_is_left(played: Played) -> None:
    await played.live.nothing_left()
    assert {name: result.exit_code for name, result in played.results.items()} == dict.fromkeys(played.results, 0)
    assert await played.live.figure("ivr_trouble_total") == 0
    told = json.dumps(played.told)
    assert not [number for number in (*played.numbers.values(), OTHER_NUMBER) if number in told]
