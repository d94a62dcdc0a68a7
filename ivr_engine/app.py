"""This file wires everything together, and is the only one that does. It decides nothing about calls."""

import asyncio
import os
import time
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from functools import partial

import structlog

from ivr_engine.agent_desk import AgentDesk
from ivr_engine.arm_desk import ArmDesk
from ivr_engine.asterisk import AsteriskTelephony, Connection
from ivr_engine.briefing import Briefings
from ivr_engine.call_backs import watch_wishes
from ivr_engine.commission import check_messages
from ivr_engine.core.crisis.permission import why_not_he
from ivr_engine.crisis_codes import CrisisCodes
from ivr_engine.crisis_desk import CrisisDesk
from ivr_engine.crisis_front import CrisisFront
from ivr_engine.desk import EngineDesk
from ivr_engine.dialplan.hotline import Hotline, groups_told
from ivr_engine.earlier import remember_callers, unlisted, what_waits
from ivr_engine.errors import StartError
from ivr_engine.in_service import InService, degraded
from ivr_engine.kept import message_in, recording_row, row_of, row_of_drill
from ivr_engine.lookup import WebSystems
from ivr_engine.metrics.metrics import Metrics
from ivr_engine.model.notices import CallShown
from ivr_engine.mqtt.intake import Intake
from ivr_engine.mqtt.publisher import Broker, MqttPublisher
from ivr_engine.nodes import Node
from ivr_engine.people import messengers, roster_of, unheard
from ivr_engine.people_pins import PeoplePins
from ivr_engine.phone_codes import PhoneCodes
from ivr_engine.prompts import PromptBook
from ivr_engine.recording.seal import Sealed
from ivr_engine.recording.sealer import Sealer
from ivr_engine.recording.spool import check_spool, free_share, lacking
from ivr_engine.recording.vault import Vault
from ivr_engine.recording.watch import RecordingWatch
from ivr_engine.recording.work import SealingWork
from ivr_engine.reload import Reloader
from ivr_engine.reports import Reports
from ivr_engine.runtime.callers import RecentCallers
from ivr_engine.runtime.clock import SystemClock
from ivr_engine.runtime.engine import Engine
from ivr_engine.runtime.watched import watched
from ivr_engine.second_copies import check_extra, second_copies
from ivr_engine.settings import Settings
from ivr_engine.situation import SituationRoom
from ivr_engine.spans import AgentSpans
from ivr_engine.status_desk import StatusDesk
from ivr_engine.store.tables import Row
from ivr_engine.store.writer import StoreWriter
from ivr_engine.systems import check_systems, systems_of
from ivr_engine.told import log_drill, log_notice
from ivr_engine.usual import watch_usual
from ivr_engine.web.server import WebServer

log = structlog.get_logger()

COUNT_EVERY_SECONDS = 30.0  # what callers left
LAST_SEALS_SECONDS = 10.0  # what is not sealed by then is sealed by the next engine


class App:
    """One engine with all its adapters."""

    def __init__(self, settings: Settings) -> None:
        """Read the dialplan and look at everything local. Raises a HotlineError before anything is started."""
        self._settings = settings
        if "," in str(settings.prompts):
            raise StartError(f"the prompts folder {settings.prompts} has a comma, where Asterisk splits it: move it")
        self._clock = SystemClock()
        book = PromptBook(settings.prompts, settings.voices)
        self._in_service = InService(settings, book, self._check, self._clock.now)
        self._board = self._in_service.board
        check_spool(settings.recording.spool)
        Vault(settings.recording.vault).check()
        self._roster = roster_of(settings)
        self._stop = asyncio.Event()
        self._failure: StartError | None = None
        self._metrics = Metrics(self._clock.now, lambda: len(self._board.calls))
        self._degraded: set[str] = set()
        self._store_up = asyncio.Event()

    def _check(self, hotline: Hotline[Node]) -> None:
        for check in (check_systems, check_messages, check_extra):
            check(hotline, self._settings)

    def stop(self) -> None:
        """Let `run` come to its end. May be called from a signal handler."""
        self._stop.set()

    async def run(self) -> None:
        """Serve until `stop`. Raises StartError, with nothing left running, if it cannot begin or go on."""
        async with AsyncExitStack() as stack:
            await self._start(stack)
            log.info("ready", hotline=self._board.hotline.name, dialplan=self._board.hotline.version, pid=os.getpid())
            await self._stop.wait()
            log.info("stopping", live_calls=len(self._board.calls))
        if self._failure is not None:
            raise self._failure

    async def _start(self, stack: AsyncExitStack) -> None:
        settings, metrics = self._settings, self._metrics
        self._in_service.expect(metrics)
        telephony = self._telephony()
        # What can fail comes first, so that nobody is told of an engine that cannot start.
        await telephony.check()
        journal = self._in_service.journal()
        if journal is not None:
            metrics.journal_lost_from(lambda: journal.lost)
        engine = Engine(self._board, telephony, self._clock, metrics, journal)
        engine.on_overflow = telephony.resync
        callers = RecentCallers(self._clock.now)
        telephony.count_call = callers.arrived
        stack.push_async_callback(_cancel, asyncio.create_task(self._recall(callers), name="earlier callers"))
        metrics.stale_statuses_from(self._count_stale)
        systems, room = self._systems(), SituationRoom(self._board, self._clock.now)
        people = PeoplePins(settings.site.people_pins if settings.site else None, self._clock.now)
        engine.systems = Briefings(systems, people, self._why_not_listen, room.report, metrics.crises.briefed)
        engine.on_ended = telephony.on_ended = self._fail
        reloader = self._in_service.connect(engine, telephony, systems, metrics)
        crises = CrisisDesk(engine.tell, settings.state / "crisis.json")
        agents = AgentDesk(self._board, engine.tell, settings.state / "agents.json")
        reports = Reports(settings.store.url, lambda: self._board.hotline, self._clock.now)
        stack.callback(reports.stop)
        statuses = StatusDesk(self._board, crises, self._in_service.book, self._clock.now)
        front = CrisisFront(
            *(self._board, crises, self._clock.now),
            tell=engine.tell,
            publish=engine.publish,
            store=settings.store.url,
        )
        desk = EngineDesk(
            *(self._board, self._clock, front, partial(self._degradations, reloader)),
            reloader=reloader,
            agents=agents,
            reports=reports.figures,
            statuses=statuses,
            arms=ArmDesk(self._board, crises),
            situation=room.report,
            whole_numbers=settings.screen_numbers == "whole",
        )
        crisis_codes = CrisisCodes(front, people, lambda: self._board.hotline)
        pins = settings.site.agent_pins if settings.site else None
        telephony.take_code = PhoneCodes(agents.order, pins, metrics.agent_code, crisis_codes.take).take
        # The first to hear: what is on is kept before anybody acts on it.
        for listener in (crises.hear, callers.hear, agents.hear, desk.hear, room.hear):
            engine.listen(listener)
        engine.listen(metrics.observe, of_drills=metrics.observe_drill)
        engine.listen(log_notice, of_drills=log_drill)
        sources = {name: one.token for name, one in settings.signals.items()}
        at = settings.web
        web = WebServer(desk, metrics.render, at.token, host=at.host, port=at.port, sources=sources)
        await web.start()
        stack.push_async_callback(web.stop)
        self._copies = second_copies(settings, engine, metrics, lambda: self._board.hotline)
        writer = await self._start_store(stack, engine)
        await self._start_mqtt(stack, engine, agents, front)
        post = messengers(self._roster, settings.state, engine, metrics, self._clock.now, situated=room.situated)
        await self._keep_running(stack, post.run(), "messengers")
        stack.push_async_callback(engine.stop)
        agents.resume()  # these two before the first caller is seen
        await statuses.resume(crises.resume())
        await engine.start()
        await self._start_recording(stack, telephony, writer, engine)
        await self._in_service.started(reloader)
        await self._keep_running(stack, self._look_in_store(watch_wishes, engine), "call-backs")
        watching = reloader.watch(on_change=settings.reload == "on change")
        await self._keep_running(stack, watching, "dialplan files")

    def _telephony(self) -> AsteriskTelephony:
        settings, (agents, trunks) = self._settings, self._in_service.phones()
        connection = Connection(
            url=settings.asterisk.url.rstrip("/") + "/ari",
            user=settings.asterisk.user,
            password=settings.asterisk.password,
            app=settings.asterisk.app,
            sound_of=PromptBook(settings.prompts.absolute()).path,
            agents=agents,
            trunks=trunks,
            look_every=settings.asterisk.look_every,
        )
        return AsteriskTelephony(connection, on_request=self._count_request, on_replaced=self._replaced)

    def _why_not_listen(self, name: str) -> str | None:
        return why_not_he(self._board.hotline, name, "listen", self._clock.now())

    def _count_stale(self) -> int:
        crisis = self._board.crisis
        return crisis.statuses.stale(crisis.flow(self._board.hotline), self._clock.now())

    async def _recall(self, callers: RecentCallers) -> None:
        await self._store_up.wait()
        await asyncio.to_thread(remember_callers, callers, self._settings.store.url, self._clock.now())

    def _systems(self) -> WebSystems:
        lookups = self._board.hotline.lookups
        self._metrics.expect_lookups(lookups, self._settings.systems)
        return WebSystems(systems_of(self._settings), lookups, self._metrics, time.monotonic)

    async def _start_store(self, stack: AsyncExitStack, engine: Engine) -> StoreWriter:
        settings, loop = self._settings, asyncio.get_running_loop()

        def on_state(up: bool) -> None:
            self._metrics.store_up(up)
            loop.call_soon_threadsafe(self._note_degraded, "the database cannot be written", not up)
            if up:
                loop.call_soon_threadsafe(self._store_up.set)

        writer = StoreWriter(settings.store.url, settings.state / "unwritten.jsonl", on_state)
        self._metrics.store_backlog_from(writer.backlog)
        writer.start()
        stack.push_async_callback(asyncio.to_thread, writer.stop)

        def put(row: Row | None) -> None:
            if row is not None:
                writer.put(row)

        spans = AgentSpans(writer.put_if_idle)
        engine.listen(lambda notice: put(row_of(notice)), of_drills=lambda notice: put(row_of_drill(notice)))
        engine.listen(spans.hear, of_drills=spans.hear)
        await self._keep_running(stack, spans.run(self._clock.now), "agents' time")
        await self._keep_running(stack, self._count_what_waits(), "what callers left")
        await self._keep_running(stack, self._look_in_store(watch_usual, engine), "former days")
        return writer

    async def _start_mqtt(self, stack: AsyncExitStack, engine: Engine, agents: AgentDesk, front: CrisisFront) -> None:
        mqtt = self._settings.mqtt
        if mqtt is None:
            return

        def on_state(up: bool) -> None:
            self._metrics.mqtt_up(up)
            self._note_degraded("the MQTT broker cannot be reached", not up)

        broker = Broker(mqtt.host, mqtt.port, mqtt.user, mqtt.password)
        publisher = MqttPublisher(broker, mqtt.prefix, on_state, self._metrics.mqtt_dropped)
        publisher.whole_numbers = self._settings.screen_numbers == "whole"
        for agent in self._in_service.phones()[0]:  # what an engine before us showed is over, until it is seen
            publisher.publish(CallShown(agent, self._clock.now(), None))
        publisher.intake = Intake(mqtt.prefix, agents.order, self._metrics.mqtt_command, front)
        engine.listen(publisher.publish, of_drills=publisher.publish_drill)
        await self._keep_running(stack, publisher.run(), "mqtt")

    async def _start_recording(
        self, stack: AsyncExitStack, telephony: AsteriskTelephony, writer: StoreWriter, engine: Engine
    ) -> None:
        recording = self._settings.recording

        def keep(sealed: Sealed) -> None:
            writer.put(recording_row(sealed))
            if (message := message_in(sealed)) is not None:
                engine.tell(message)

        def on_sealed(sealed: Sealed) -> None:
            self._metrics.sealed()
            keep(sealed)
            self._copies.sealed(sealed)

        stack.push_async_callback(_cancel, asyncio.create_task(self._list_unlisted(keep), name="unlisted recordings"))
        sealer = Sealer(recording.vault, recording.recipients)
        stack.push_async_callback(sealer.close)
        work = SealingWork(sealer.seal, on_sealed, lambda _: self._metrics.seal_failed())
        self._metrics.spool_free_from(lambda: free_share(recording.spool))
        self._metrics.unsealed_from(work.unsealed, work.oldest_unsealed_seconds)
        watch = RecordingWatch(recording.spool, work, telephony.live_calls)
        await self._keep_running(stack, watch.run(), "recording")
        await self._keep_running(stack, self._copies.run(), "second copies")
        stack.push_async_callback(work.finish, LAST_SEALS_SECONDS)

    async def _list_unlisted(self, keep: Callable[[Sealed], None]) -> None:
        await self._store_up.wait()
        for sealed in await asyncio.to_thread(unlisted, self._settings.recording.vault, self._settings.store.url):
            keep(sealed)

    async def _count_what_waits(self) -> None:
        await self._store_up.wait()
        while True:
            if (waiting := await asyncio.to_thread(what_waits, self._settings.store.url)) is not None:
                self._metrics.what_waits(waiting.messages, waiting.wishes)
            await asyncio.sleep(COUNT_EVERY_SECONDS)

    async def _look_in_store(self, watch: Callable[..., Coroutine[None, None, None]], engine: Engine) -> None:
        await self._store_up.wait()
        await watch(self._settings.store.url, lambda: self._board.hotline, self._clock.now, engine.tell)

    async def _keep_running(self, stack: AsyncExitStack, work: Coroutine[None, None, None], name: str) -> None:
        stack.push_async_callback(_cancel, watched(work, name, self._fail))

    def _count_request(self, operation: str, seconds: float, status: int | None) -> None:
        result = "ok" if status is not None and status < 300 else str(status or "no answer")
        self._metrics.ari_request(operation, result, seconds)

    def _degradations(self, reloader: Reloader) -> tuple[str, ...]:
        unheard_of = unheard(groups_told(self._board.hotline), self._settings)
        full = lacking(self._settings.recording.spool)
        return tuple(sorted({*self._degraded, *full, *degraded(reloader), *unheard_of}))

    def _note_degraded(self, what: str, is_so: bool) -> None:
        (self._degraded.add if is_so else self._degraded.discard)(what)

    def _replaced(self) -> None:
        app = self._settings.asterisk.app
        self._fail(f"another engine took the name {app!r} on this Asterisk: stop one of them, or rename one")

    def _fail(self, why: str) -> None:
        if self._failure is None and not self._stop.is_set():
            self._failure = StartError(why)
        self._stop.set()


async def _cancel(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
