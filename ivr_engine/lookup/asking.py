"""This file decides when a system is asked, and that each question is answered once. It does not know what callers do.

Equal questions that are on their way at once are one request. A question fails rather than wait: for a system that has
failed, for one that has too much to do, for one that is not there.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Literal, TypeAlias

import aiohttp
import structlog
from yarl import URL

from ivr_engine.dialplan.lookups import LookupPlan
from ivr_engine.lookup.answer import MOST_BYTES, NoAnswer, kept_of, read_answer
from ivr_engine.lookup.breaker import Breaker
from ivr_engine.lookup.memory import Memory
from ivr_engine.lookup.question import Question, question
from ivr_engine.lookup.system import LookupFigures, System
from ivr_engine.model.commands import AskSystem
from ivr_engine.model.events import SystemAnswered
from ivr_engine.model.ids import LookupName
from ivr_engine.runtime.ports import Tell

log = structlog.get_logger()

MOST_REMEMBERED = 10_000
FOUND: Literal["found"] = "found"
NOT_FOUND: Literal["not found"] = "not found"
FAILED: Literal["failed"] = "failed"
_HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "ivr-engine"}

# What a system said: whether it knows the caller, and what is kept of it.
_Said: TypeAlias = tuple[Literal["found", "not found"], Mapping[str, str]]


class WebSystems:
    """All other systems. `clock` tells seconds that only ever grow."""

    def __init__(
        self,
        systems: Iterable[System],
        plans: Mapping[LookupName, LookupPlan],
        figures: LookupFigures,
        clock: Callable[[], float],
    ) -> None:
        self.plans = plans  # replaced when the dialplan is
        self._systems = {system.name: system for system in systems}
        self._figures = figures
        self._clock = clock
        self._breakers = {name: Breaker() for name in self._systems}
        self._places = {name: asyncio.Semaphore(system.at_once) for name, system in self._systems.items()}
        self._memory: Memory[Question, _Said] = Memory(MOST_REMEMBERED)
        self._running: dict[Question, asyncio.Task[_Said]] = {}
        self._session: aiohttp.ClientSession | None = None
        self._tell: Tell | None = None

    async def start(self, tell: Tell) -> None:
        """Begin to ask."""
        self._tell = tell
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0),  # what is asked at once is bounded here
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None),  # each lookup says how long
            auto_decompress=False,
            headers=_HEADERS,
        )

    async def stop(self) -> None:
        """Ask nobody any more; what is on its way has failed."""
        running = list(self._running.values())
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await asyncio.sleep(0)  # their ends are told now
        self._tell = None
        if self._session is not None:
            await self._session.close()
            self._session = None

    def ask(self, order: AskSystem) -> None:
        """Take a question; its answer is told exactly once, unless nobody listens any more. Never blocks or raises."""
        try:
            self._ask(order)
        except Exception:
            log.exception("a lookup failed by a fault of ours", lookup=order.lookup)
            self._end(order, None, None, "an error")

    def _ask(self, order: AskSystem) -> None:
        plan = self.plans.get(order.lookup)
        if plan is None or plan.system not in self._systems or self._session is None:
            why = "the engine stops" if self._session is None else f"there is no lookup {order.lookup!r}"
            self._end(order, plan, None, why if plan is None else f"system {plan.system!r} is not in the settings")
            return
        asked = question(plan, order.values)
        if asked is None:
            self._end(order, plan, (NOT_FOUND, {}))
            return
        said = self._memory.recall(asked, self._clock())
        if said is not None:
            self._end(order, plan, said, remembered=True)
            return
        if asked not in self._running:
            task = asyncio.create_task(self._look_up(plan, asked), name=f"lookup {plan.name}")
            self._running[asked] = task
            task.add_done_callback(lambda _: self._running.pop(asked))
        self._running[asked].add_done_callback(partial(self._ended, order, plan))

    def _ended(self, order: AskSystem, plan: LookupPlan, task: "asyncio.Task[_Said]") -> None:
        if task.cancelled():
            self._end(order, plan, None, "the engine stops")
        elif error := task.exception():
            if not isinstance(error, NoAnswer):
                log.error("a lookup failed by a fault of ours", lookup=plan.name, exc_info=error)
            self._end(order, plan, None, f"{plan.system}: {error}" if isinstance(error, NoAnswer) else "an error")
        else:
            self._end(order, plan, task.result())

    def _end(
        self, order: AskSystem, plan: LookupPlan | None, said: _Said | None, why: str = "", *, remembered: bool = False
    ) -> None:
        answer, values = said or (FAILED, {})
        if plan is not None:
            self._figures.looked_up(plan.name, answer, remembered)
            values = {name: values.get(name, "") for name in plan.keep}  # so that nothing of an earlier answer stays
        if self._tell is not None:
            self._tell(SystemAnswered(order.call, order.query, answer, values, why))

    async def _look_up(self, plan: LookupPlan, asked: Question) -> _Said:
        breaker = self._breakers[plan.system]
        if not breaker.allows(self._clock()):
            raise NoAnswer("it has failed too often and is not asked for some seconds")
        start, spared = self._clock(), breaker.spares
        try:
            async with asyncio.timeout(plan.within), self._places[plan.system]:
                said = await self._request(asked)
        except TimeoutError:
            breaker.failed(self._clock())
            raise NoAnswer(f"no answer within {plan.within:g} s") from None
        except NoAnswer:
            breaker.failed(self._clock())
            raise
        else:
            breaker.succeeded()
            if plan.remember:
                self._memory.keep(asked, said, self._clock() + plan.remember)
            return said
        finally:
            self._figures.system_asked(plan.system, self._clock() - start)
            if breaker.spares != spared:
                self._figures.system_spared(plan.system, breaker.spares)
                log.warning("a system is asked again" if spared else "a system is left alone", system=plan.system)

    async def _request(self, asked: Question) -> _Said:
        assert self._session is not None
        system = self._systems[asked.system]
        headers = {"Authorization": f"Bearer {system.token}"} if system.token else {}
        try:
            async with self._session.request(
                "POST" if asked.body else "GET",
                URL(system.url.rstrip("/") + asked.path, encoded=True),
                json=dict(asked.body) if asked.body else None,
                headers=headers,
                allow_redirects=False,
                ssl=system.authorities or True,
            ) as response:
                return await _said(response, dict(asked.keep))
        except aiohttp.ClientError as error:
            # Not its words: they may hold the address, and with it the caller's number.
            raise NoAnswer(f"it cannot be reached ({type(error).__name__})") from None


async def _said(response: aiohttp.ClientResponse, keep: Mapping[str, str]) -> _Said:
    if response.status in (204, 404):
        return NOT_FOUND, {}
    if response.status != 200:
        raise NoAnswer(f"it answered {response.status}")
    if "json" not in response.content_type:
        raise NoAnswer("its answer is no JSON")
    answer = read_answer(await _body(response))
    return (NOT_FOUND, {}) if answer is None else (FOUND, kept_of(answer, keep))


async def _body(response: aiohttp.ClientResponse) -> bytes:
    body = b""
    while chunk := await response.content.read(MOST_BYTES):
        body += chunk
        if len(body) > MOST_BYTES:
            raise NoAnswer(f"its answer is longer than {MOST_BYTES // 1024} KiB")
    return body
