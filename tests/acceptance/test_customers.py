"""A real caller is known to a real customer system, types a secret, and talks to an agent: what was left of it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import aiomqtt
import pytest
import pytest_asyncio
from aiohttp import web

from ivr_engine.recording.export import export
from ivr_engine.stand.hotline import HotlineStand
from ivr_engine.stand.tones import tone_spans
from tests.acceptance.live import LEFT, LONG, Live

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module")]

HOTLINE = Path(__file__).parent / "customers"
SECRET, TOKEN = "4539578763621486", "s3cret-token"
TONE, AGENT_TONE = 2310, 1540
TYPES_AT, A_KEY = 4.0, 0.3  # seconds after the answer, and from key to key
TYPES = [(TYPES_AT + place * A_KEY, key) for place, key in enumerate(SECRET + "#")]


class Crm:
    """Knows everybody but those it is told not to; with the cards it stands well."""

    def __init__(self) -> None:
        self.strangers: set[str] = set()
        self.tokens: set[str | None] = set()
        self.cards: list[object] = []

    async def start(self) -> str:
        app = web.Application()
        app.router.add_get("/v1/customers/{number}", self._customer)
        app.router.add_post("/v1/cards/search", self._card)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}/v1"

    async def stop(self) -> None:
        await self._runner.cleanup()

    async def _customer(self, request: web.Request) -> web.Response:
        self.tokens.add(request.headers.get("Authorization"))
        known = request.match_info["number"] not in self.strangers
        return web.json_response({"tier": "gold"}) if known else web.json_response(None, status=404)

    async def _card(self, request: web.Request) -> web.Response:
        self.cards.append(await request.json())
        return web.json_response({"account": {"standing": "good"}})


class Stand(HotlineStand):
    """One whose settings name a customer system."""

    crm_url: str

    def _commission(self) -> None:
        super()._commission()
        (self.folder / "crm-token").write_text(TOKEN)
        with self.settings_path.open("a") as settings:
            settings.write(f"\nsystems: {{crm: {{url: '{self.crm_url}', token file: crm-token}}}}\n")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def crm() -> AsyncIterator[Crm]:
    one = Crm()
    Stand.crm_url = await one.start()
    yield one
    await one.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def live(crm: Crm, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Live]:
    del crm
    async with Stand(tmp_path_factory.mktemp("live") / "hotline", dialplan=HOTLINE) as stand:
        yield Live(stand)


async def test_a_known_caller_types_a_secret_and_nobody_else_learns_it(live: Live, crm: Crm) -> None:
    await live.agent("1001", AGENT_TONE)
    caller = live.number()
    async with aiomqtt.Client("127.0.0.1", live.stand.broker.port) as client, asyncio.timeout(LONG):
        await client.subscribe("ivr/#")
        phone = await live.dial(caller, TYPES, tone=TONE)
        await live.until(caller, "talking")
        await asyncio.sleep(1.5)
        phone.hang_up()
        told = b""
        async for message in client.messages:
            assert isinstance(message.payload, bytes)
            told += message.payload
            if str(message.topic).endswith("/ended"):
                break
    assert SECRET.encode() not in told
    assert not any(f'"{key}"'.encode() in told for key in SECRET), "no key of it is told either"
    record = await live.record(caller)
    assert (record.queue, record.tags, record.seat) == ("local-only", ("known",), "1001")
    assert crm.cards == [{"card": SECRET, "tier": "gold"}]
    assert crm.tokens == {f"Bearer {TOKEN}"}
    await live.sealed(record.call)
    wav = live.stand.folder / "out.wav"
    identity = live.stand.folder / "keys" / "recording-identity.txt"
    await asyncio.to_thread(export, live.stand.settings.recording.vault, record.call, identity, wav)
    spans = (await asyncio.to_thread(tone_spans, wav, (TONE,)))[LEFT][TONE]
    first, last = TYPES[0][0], TYPES[-1][0]
    assert spans[0].begin < 0.5
    assert spans[-1].begin > last - 0.5, "he is heard again when he has typed it"
    assert not [span for span in spans if span.begin < last - 0.5 and span.end > first], f"heard while typing: {spans}"
    await asyncio.sleep(0.2)  # the journal's thread
    for path in live.stand.folder.rglob("*"):
        if path.is_file() and "phones" not in path.parts:
            content = path.read_bytes()
            assert SECRET.encode() not in content, path
            assert b"Bearer " + TOKEN.encode() not in content, path
    assert '"digit":"?"' in (live.stand.folder / "journal" / "journal.jsonl").read_text("utf-8")


async def test_a_stranger_goes_another_way_and_the_figures_tell(live: Live, crm: Crm) -> None:
    caller = live.number()
    crm.strangers.add(caller)
    phone = await live.dial(caller)
    await live.until(caller, "talking")
    phone.hang_up()
    record = await live.record(caller)
    assert (record.queue, record.tags) == ("anywhere", ("stranger",))
    assert await live.figure("ivr_lookups_total", lookup="customer", answer="not_found") == 1
    assert await live.figure("ivr_system_request_seconds_count", system="crm") == 3
