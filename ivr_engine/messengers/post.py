"""This file decides when each address is told of an alert, how often that is tried, and when it is given up.

It does not know how one is told. Every delivery is a task of its own and every messenger has its own few places, so one
that is slow or dead holds up nobody else; and nobody waits for the disk.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

import structlog

from ivr_engine.messengers.kept import Delivery, Ended, KeptAlerts, Line, Taken
from ivr_engine.messengers.messenger import Messenger, NotSentError, in_plain_words, masked
from ivr_engine.model.alerts import AlertRaised, AlertSent
from ivr_engine.model.notices import AnyNotice

log = structlog.get_logger()

# Soon at first, for a gateway that hiccups; then seldom, for one that somebody must repair. The last one is repeated.
PAUSES = (5.0, 30.0, 120.0, 600.0)
GIVEN_UP_SECONDS = 3600.0  # by then an alert has been escalated, or has become history
AT_ONCE = 8  # tries of one messenger: gateways refuse bursts, and a whole duty roster is told in two rounds
MOST_ON_THEIR_WAY = 10_000  # deliveries; more come of a fault, and would take memory from calls
MOST_REMEMBERED = 100_000  # deliveries that are over

People = Mapping[str, Mapping[str, Sequence[str]]]  # by group: by messenger: addresses


@dataclass(frozen=True, slots=True)
class Roster:
    """Who is told how."""

    messengers: Mapping[str, Messenger]
    people: People


class Post:
    """Sends alerts. `tell` hears how it went, `now` tells seconds since 1970; all on one event loop."""

    def __init__(
        self,
        roster: Roster,
        kept: KeptAlerts,
        tell: Callable[[AlertSent], None],
        now: Callable[[], float],
        *,
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        self._messengers = roster.messengers
        self._people = roster.people
        self._kept = kept
        self._tell = tell
        self._now = now
        self._pauses = pauses
        self._places = {name: asyncio.Semaphore(AT_ONCE) for name in roster.messengers}
        self._early: list[AlertRaised] | None = []  # until it is known what an engine before us has sent
        self._known: dict[Delivery, None] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._lines: asyncio.Queue[Line] = asyncio.Queue()

    def hear(self, notice: AnyNotice) -> None:
        """Take an alert to be sent; any other notice is passed over. Never blocks."""
        if not isinstance(notice, AlertRaised):
            return
        alert = in_plain_words(notice)
        if self._early is None:
            self._take(alert)
        else:
            self._early.append(alert)

    async def run(self) -> None:
        """Send until cancelled; what has not arrived by then is kept for the next engine."""
        try:
            await self._resume()
            while True:
                await self._keep([await self._lines.get()])
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            self._keep_now(self._waiting_lines())

    async def _resume(self) -> None:
        try:
            taken, ended = await asyncio.to_thread(self._kept.load, self._now())
        except OSError as error:
            log.error("alerts of before cannot be read; some may not be sent, or twice", why=error.strerror)
            taken, ended = [], set()
        self._remember(ended)
        early, self._early = self._early or [], None
        for one in taken:
            self._start(one.alert, [way for way in one.deliveries() if way not in ended])
        for alert in early:
            self._take(alert)

    def _take(self, alert: AlertRaised) -> None:
        for group in alert.to:
            if not self._people.get(group):
                self._end(alert, group, "", f"nobody is named for {group!r}: add it to `people` in the settings")
        ways = [way for way in ways_of(alert, self._people) if way not in self._known]
        if len(self._tasks) + len(ways) > MOST_ON_THEIR_WAY:
            for way in ways:
                self._end(alert, masked(way.address), way.messenger, "too many alerts are on their way")
            return
        if ways:
            self._lines.put_nowait(Taken(alert, tuple((way.messenger, way.address) for way in ways)))
            self._start(alert, ways)

    def _start(self, alert: AlertRaised, ways: Sequence[Delivery]) -> None:
        self._remember(ways)
        for way in ways:
            task = asyncio.create_task(self._deliver(alert, way), name=f"alert {alert.alert}")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _remember(self, ways: Iterable[Delivery]) -> None:
        self._known.update(dict.fromkeys(ways))
        while len(self._known) > MOST_REMEMBERED:
            del self._known[next(iter(self._known))]

    async def _deliver(self, alert: AlertRaised, way: Delivery) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + GIVEN_UP_SECONDS
        for tries in count(1):
            why = await self._try(alert, way)
            pause = self._pauses[min(tries, len(self._pauses)) - 1]
            again = bool(why) and way.messenger in self._messengers and loop.time() + pause <= end
            if not again:
                self._lines.put_nowait(Ended(*way))
            self._tell(
                AlertSent(alert.alert, self._now(), masked(way.address), way.messenger, not why, why, tries, again)
            )
            if not again:
                return
            await asyncio.sleep(pause)

    async def _try(self, alert: AlertRaised, way: Delivery) -> str:
        messenger = self._messengers.get(way.messenger)
        if messenger is None:  # an alert of before; the settings have changed since
            return f"there is no messenger {way.messenger!r} any more"
        async with self._places[way.messenger]:
            return await try_once(messenger, alert, way.address)

    def _end(self, alert: AlertRaised, to: str, messenger: str, why: str) -> None:
        self._tell(AlertSent(alert.alert, self._now(), to, messenger, ok=False, why=why, tries=0))

    async def _keep(self, lines: list[Line]) -> None:
        work = asyncio.ensure_future(asyncio.to_thread(self._keep_now, [*lines, *self._waiting_lines()]))
        try:
            await asyncio.shield(work)
        except asyncio.CancelledError:
            await work  # what was taken to be written is written: else the next engine would send it again
            raise

    def _waiting_lines(self) -> list[Line]:
        return [self._lines.get_nowait() for _ in range(self._lines.qsize())]

    def _keep_now(self, lines: list[Line]) -> None:
        try:
            if lines:
                self._kept.add(lines)
        except OSError as error:
            # They are sent all the same; only a restart in between would forget or repeat some.
            log.error("alerts cannot be kept", why=error.strerror, remedy="look at the disk of `state`")


def ways_of(alert: AlertRaised, people: People) -> list[Delivery]:
    """To whom an alert goes, each address once, however many of its groups hold it."""
    ways = (
        Delivery(alert.alert, messenger, address)
        for group in alert.to
        for messenger, addresses in people.get(group, {}).items()
        for address in addresses
    )
    return list(dict.fromkeys(ways))


async def try_once(messenger: Messenger, alert: AlertRaised, address: str) -> str:
    """Why one try failed; nothing when it did not. Raises nothing."""
    try:
        async with asyncio.timeout(messenger.within):
            await messenger.send(alert, address)
    except TimeoutError:
        return f"no answer within {messenger.within:g} s"
    except NotSentError as error:
        return str(error)
    except Exception:
        log.exception("a messenger failed by a fault of ours", messenger=type(messenger).__name__)
        return "an error; the engine's log says more"
    return ""
