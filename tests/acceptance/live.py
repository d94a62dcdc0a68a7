"""What a test asks a whole live hotline, and how it waits for the answer. It knows no scenario.

Nothing here waits for a length of time: a condition is looked at again and again, and the deadlines are so generous
that only something broken reaches them.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
import aiomqtt
from prometheus_client.parser import text_string_to_metric_families

from ivr_engine.model.ids import mask_number
from ivr_engine.model.notices import CallRecord
from ivr_engine.recording.export import export
from ivr_engine.recording.vault import Vault
from ivr_engine.stand.hotline import HotlineStand
from ivr_engine.stand.media import MediaScript
from ivr_engine.stand.phones import AgentPhone, CallerPhone, CallPlan, SeatPlan
from ivr_engine.stand.tones import tones_heard
from ivr_engine.store.reader import StoreReader

LONG = 60.0  # seconds; only something broken takes as long
LEFT, RIGHT = 0, 1  # of a recording: the caller, and what he hears
T = TypeVar("T")


async def eventually(look: Callable[[], Awaitable[T]], what: str, within: float = LONG) -> T:
    """Look until the answer is true, and return it."""
    deadline = asyncio.get_running_loop().time() + within
    while True:
        answer = await look()
        if answer:
            return answer
        if asyncio.get_running_loop().time() > deadline:
            raise AssertionError(f"not within {within:g} s: {what}; the last answer was {answer!r}")
        await asyncio.sleep(0.05)


def press(key: str, at: float = 2.0) -> list[tuple[float, str]]:
    """Press a key `at` seconds after the answer, and again should the menu not have begun by then.

    Keys are not heard in a greeting, and mean nothing to one who is in a queue.
    """
    return [(at + later, key) for later in (0.0, 2.0, 5.0, 10.0)]


@dataclass(frozen=True)
class Heard:
    """For how many seconds each tone is in a recording, on the caller's side and on the other."""

    caller: Mapping[int, float]
    other: Mapping[int, float]


class Live:
    """One stand, asked by tests. Callers are told apart by their number, so each test dials from its own."""

    def __init__(self, stand: HotlineStand, *, loses_events: bool = False) -> None:
        self.stand = stand
        self._loses_events = loses_events  # on purpose: else nothing that is believed is ever put right
        self._numbers = iter(range(10_000))

    # --- people ---------------------------------------------------------------------------------------------

    def number(self) -> str:
        """A caller's number nobody had before, also when it is masked."""
        return f"1381234{next(self._numbers):04}"

    async def dial(
        self, caller: str, presses: Sequence[tuple[float, str]] = (), *, tone: int = 2310, **plan: Any
    ) -> CallerPhone:
        """Somebody begins to call, and presses keys that many seconds after he is answered."""
        number, voice = self.stand.hotline.numbers[0], MediaScript(tone, 60.0, tuple(presses))
        return await self.stand.caller(CallPlan(number, caller, voice, **plan))

    async def agent(self, user: str, voice: int | MediaScript, **plan: Any) -> AgentPhone:
        """An agent comes on duty, and is seen. His voice may be no more than a tone."""
        voice = MediaScript(voice, 60.0) if isinstance(voice, int) else voice
        phone = await self.stand.agent(SeatPlan(user, voice, **plan))
        await eventually(lambda: self._online(user), f"agent {user} is online")
        return phone

    async def off_duty(self, *agents: AgentPhone) -> None:
        """Agents leave, and are seen to be gone."""
        await asyncio.gather(*(agent.stop() for agent in agents))
        await eventually(self._all_local_offline, "the agents' seats are offline")

    # --- the engine -----------------------------------------------------------------------------------------

    async def doing(self, caller: str) -> str | None:
        """What the engine says a caller is doing now; None when it has no such call."""
        masked = mask_number(caller)
        for call in await self.stand.ask("calls"):
            if call["caller"] == masked:
                return str(call["doing"]) if call["doing"] != "menu" else f"menu {call['step']}"
        return None

    async def until(self, caller: str, *doing: str, within: float = LONG) -> None:
        """Wait until a caller is doing that (one of those)."""

        async def look() -> bool:
            return await self.doing(caller) in doing

        await eventually(look, f"caller {caller} is {' or '.join(doing)}", within)

    async def pool(self, name: str = "local") -> dict[str, int]:
        """How many seats of a pool are in which state; empty states left out."""
        row = next(row for row in await self.stand.ask("pools") if row["pool"] == name)
        return {state: count for state, count in row.items() if state not in ("pool", "at") and count}

    async def ask_queue(self, name: str) -> dict[str, Any]:
        """A queue as it is now."""
        row: dict[str, Any] = next(row for row in await self.stand.ask("queues") if row["queue"] == name)
        return row

    async def health(self) -> tuple[int, dict[str, Any]]:
        """What /readyz answers."""
        async with aiohttp.ClientSession() as session, session.get(f"{self.stand.web_url}/readyz") as response:
            return response.status, await response.json()

    async def until_health(self, status: int, degraded: str = "") -> None:
        """Wait until /readyz answers so: degraded for one reason that contains that, or for none."""

        async def look() -> bool:
            found, told = await self.health()
            reasons = told["degraded"]
            fits = any(degraded in reason for reason in reasons) if degraded else not reasons
            return found == status and fits

        await eventually(look, f"/readyz is {status}, degraded: {degraded or 'nothing'}")

    async def figure(self, name: str, **labels: str) -> float:
        """The sum of a figure over all label sets that fit."""
        families = text_string_to_metric_families(await self.stand.figures())
        return sum(
            sample.value
            for family in families
            for sample in family.samples
            if sample.name == name and labels.items() <= sample.labels.items()
        )

    # --- what is kept ---------------------------------------------------------------------------------------

    async def records(self, caller: str) -> list[CallRecord]:
        """The call records of a caller."""
        return [record for record in await self.all_records() if record.caller == caller]

    async def all_records(self) -> list[CallRecord]:
        """All call records there are."""

        def read() -> list[CallRecord]:
            reader = StoreReader(self.stand.settings.store.url)
            try:
                return reader.calls(limit=1000)
            finally:
                reader.close()

        return await asyncio.to_thread(read)

    async def record(self, caller: str) -> CallRecord:
        """The one record of a caller's one call, once it is written."""
        (record,) = await eventually(lambda: self.records(caller), f"the record of {caller}")
        return record

    async def retained(self, *topics: str) -> dict[str, Any]:
        """What a newcomer is told at once of each topic."""
        states: dict[str, Any] = {}
        async with aiomqtt.Client("127.0.0.1", self.stand.broker.port) as client, asyncio.timeout(LONG):
            for topic in topics:
                await client.subscribe(topic)
            async for message in client.messages:
                assert isinstance(message.payload, bytes)
                states[str(message.topic)] = json.loads(message.payload)
                if set(states) == set(topics):
                    break
        return states

    async def sealed(self, call: str) -> Path:
        """The sealed recording of a call, once it is there."""

        async def look() -> Path | None:
            entry = Vault(self.stand.settings.recording.vault).find(call)
            return entry.path if entry else None

        path = await eventually(look, f"the recording of {call} is sealed")
        assert path is not None
        return path

    async def heard(self, call: str, *tones: int) -> Heard:
        """Open a call's recording with the private key, and say for how long each tone is in it."""
        await self.sealed(call)
        settings, out = self.stand.settings, self.stand.folder / f"{call}.wav"
        identity = self.stand.folder / "keys" / "recording-identity.txt"
        await asyncio.to_thread(export, settings.recording.vault, call, identity, out)
        heard = await asyncio.to_thread(tones_heard, out, tones)
        return Heard(heard[LEFT], heard[RIGHT])

    def spooled(self) -> list[str]:
        """The raw recordings that lie in the spool."""
        return sorted(path.name for path in self.stand.settings.recording.spool.iterdir())

    # --- Asterisk -------------------------------------------------------------------------------------------

    async def ari(self, path: str) -> Any:
        """What Asterisk itself answers to a GET."""
        at = self.stand.settings.asterisk
        headers = {"Authorization": aiohttp.encode_basic_auth(at.user, at.password)}
        async with aiohttp.ClientSession(headers=headers) as session, session.get(f"{at.url}/ari/{path}") as response:
            return await response.json()

    async def channels(self) -> int:
        """How many channels Asterisk has."""
        found = re.search(r"(\d+) active channel", await self.stand.site.cli("core show channels count"))
        assert found
        return int(found[1])

    async def nothing_left(self) -> None:
        """See that no channel, bridge, call, busy seat or plaintext is left once all calls are over."""

        async def leftovers() -> list[str]:
            left = [f"call {call['call']}" for call in await self.stand.ask("calls")]
            left += [f"bridge {bridge['id']}" for bridge in await self.ari("bridges")]
            left += [f"channel {channel['name']}" for channel in await self.ari("channels")]
            left += [f"raw {name}" for name in self.spooled()]
            for row in await self.stand.ask("pools"):
                left += [f"{row['pool']} {state}" for state in ("ringing", "talking", "wrap_up") if row[state]]
            left += [f"waiting in {row['queue']}" for row in await self.stand.ask("queues") if row["waiting"]]
            return left

        async def none_left() -> bool:
            return not await leftovers()

        try:
            await eventually(none_left, "nothing is left")
        except AssertionError:
            raise AssertionError(f"left behind: {await leftovers()}") from None
        assert await self.channels() == 0
        repairs = re.findall(r'.*"kind": ?"repaired".*', self.log())
        assert self._loses_events or not repairs

    def log(self) -> str:
        """All the engine has said."""
        return (self.stand.folder / "engine.log").read_text("utf-8")

    async def _online(self, user: str) -> bool:
        endpoint = await self.ari(f"endpoints/PJSIP/{user}")
        if endpoint.get("state") != "online":
            return False
        counts = [await self.pool(pool.name) for pool in self.stand.hotline.pools.values() if pool.agents]
        online = [one for one in await self.ari("endpoints/PJSIP") if one["state"] == "online"]
        agents = [one["resource"] for one in online if one["resource"] in self._agents()]
        return sum(count for pool in counts for state, count in pool.items() if state != "offline") >= len(agents)

    async def _all_local_offline(self) -> bool:
        pools = [pool.name for pool in self.stand.hotline.pools.values() if pool.agents]
        return all([set(await self.pool(pool)) <= {"offline"} for pool in pools])

    def _agents(self) -> set[str]:
        return {str(agent) for pool in self.stand.hotline.pools.values() for agent in pool.agents}
