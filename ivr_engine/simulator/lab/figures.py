"""This file decides what is counted of a run of the laboratory. It does not know how it reads or looks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ivr_engine.core.call import CallState
from ivr_engine.core.wait_estimate import expected_wait, ring_delay
from ivr_engine.model.causes import Outcome
from ivr_engine.model.ids import CallId, PoolName, QueueName
from ivr_engine.model.notices import (
    AnyNotice,
    Arrived,
    CallRecord,
    Connected,
    Ended,
    Offered,
    PoolChanged,
    Queued,
    Trouble,
)
from ivr_engine.simulator.lab.accuracy import Guess, Judged, judged
from ivr_engine.simulator.lab.clockwork import Clockwork
from ivr_engine.simulator.lab.scenario import Scenario

SAMPLES = 240  # of a run, for plots
BUSIEST = 1800.0  # seconds over which the busiest time is looked for
APP_QUEUE_KEEPS = 0.75  # of its average hold time at each answered call


@dataclass(slots=True)
class QueueFigures:
    """What became of the callers of one queue. Waits in seconds; a caller counts once for each queue he came to."""

    offered: int = 0
    answered: int = 0
    in_time: int = 0
    abandoned: int = 0
    overflow: int = 0
    waits: list[float] = field(default_factory=list)
    hold: float | None = None  # app_queue's own average


@dataclass(slots=True)
class PoolFigures:
    """Seat-seconds of one pool: those on duty, and those with a call, its ring and its rest."""

    on_duty: float = 0.0
    busy: float = 0.0
    ringing: float = 0.0
    answered: int = 0
    ended: int = 0
    _last: PoolChanged | None = None

    def look(self, now: float) -> None:
        """Count what passed since the last look."""
        if self._last is not None:
            one, passed = self._last, now - self._last.at
            busy = one.ringing + one.talking + one.wrap_up
            self.busy += busy * passed
            self.ringing += one.ringing * passed
            self.on_duty += (busy + one.ready) * passed

    def changed(self, notice: PoolChanged) -> None:
        """Its seats do something else from now on."""
        self.look(notice.at)
        self.ended += max(0, self._last.talking - notice.talking) if self._last else 0
        self._last = notice


@dataclass(slots=True)
class Sample:
    """How it stood at a moment: `waiting` by queue, `busy` and `on_duty` by pool, the mean `waits` since the last."""

    at: float
    waiting: dict[QueueName, int]
    busy: dict[PoolName, int]
    on_duty: dict[PoolName, int]
    waits: dict[QueueName, float]
    estimates: dict[QueueName, float]


@dataclass(frozen=True, slots=True)
class Cost:
    """What decisions cost while at least so many waited: how many, and microseconds in the mean and of the 99th."""

    waiting: int
    decisions: int
    mean: float
    p99: float


@dataclass(frozen=True, slots=True)
class Results:
    """All that a run has shown. `handling` is what a call took of a seat, in seconds; `peak` calls a second."""

    scenario: Scenario
    calls: int
    queues: Mapping[QueueName, QueueFigures]
    pools: Mapping[PoolName, PoolFigures]
    outcomes: Mapping[Outcome, int]
    troubles: Mapping[str, int]
    judged: Mapping[QueueName, Mapping[str, Judged]]
    samples: Sequence[Sample]
    costs: Sequence[Cost]
    handling: float
    peak: float
    most_waiting: int


class Figures:
    """Counts while a scenario is played."""

    def __init__(self, scenario: Scenario, clockwork: Clockwork) -> None:
        self.scenario = scenario
        self.every = max(5.0, scenario.file.lasts / SAMPLES)
        self.witnesses: set[CallId] = set()
        self.calls = 0
        self.queues = {name: QueueFigures() for name in scenario.hotline.queues}
        self.pools = {name: PoolFigures() for name in scenario.hotline.pools}
        self._clockwork = clockwork
        self._outcomes: dict[Outcome, int] = {}
        self._troubles: dict[str, int] = {}
        self._seen: set[tuple[CallId, QueueName]] = set()
        self._guesses: dict[CallId, Guess] = {}
        self._tried: list[Guess] = []
        self._samples: list[Sample] = []
        self._waits: dict[QueueName, list[float]] = {}
        self._queued_at: list[float] = []

    # --- what happens ---------------------------------------------------------------------------------------

    def told(self, notice: AnyNotice) -> None:
        """Count a notice."""
        match notice:
            case Arrived():
                self.calls += 1
            case Queued():
                self._queued(notice)
            case Offered(queue=queue, overflow=True):
                self.queues[queue].overflow += 1
            case Connected():
                self._connected(notice)
            case PoolChanged(pool=pool):
                self.pools[pool].changed(notice)
            case Trouble(kind=kind):
                self._troubles[kind] = self._troubles.get(kind, 0) + 1
            case Ended(record=record):
                self._ended(record)
            case _:
                pass

    def _queued(self, notice: Queued) -> None:
        if (notice.call, notice.queue) not in self._seen:
            self._seen.add((notice.call, notice.queue))
            self.queues[notice.queue].offered += 1
            self._queued_at.append(notice.at)
        if notice.call in self.witnesses:
            self._guess(notice)

    def _guess(self, notice: Queued) -> None:
        """What could be told to one who waits, by each rule there is."""
        board = self._clockwork.board
        call = board.calls.get(notice.call)
        if call is None or call.state is not CallState.WAITING:
            return
        queues, pools = board.dispatch.queues, board.dispatch.seats.pools
        queue = queues[notice.queue]
        found = expected_wait(queue, call, queues.values(), pools, notice.at)
        if found is not None:
            ours = [pools[name] for name in queue.plan.pools]
            self._guesses[notice.call] = Guess(
                queue=notice.queue,
                at=notice.at,
                pools=queue.plan.pools,
                seats=sum(pool.on_duty for pool in ours),
                position=queue.ahead_of(call),
                ahead=found.ahead,
                delay=ring_delay(ours),
                share=found.share,
                told=found.mean,
                hold=self.queues[notice.queue].hold,
            )

    def _connected(self, notice: Connected) -> None:
        queue = self.queues[notice.queue]
        queue.answered += 1
        queue.in_time += notice.waited <= self.scenario.file.target.within
        queue.waits.append(notice.waited)
        keep = APP_QUEUE_KEEPS
        queue.hold = notice.waited if queue.hold is None else queue.hold * keep + notice.waited * (1 - keep)
        self._waits.setdefault(notice.queue, []).append(notice.waited)
        self.pools[notice.pool].answered += 1
        guess = self._guesses.pop(notice.call, None)
        if guess is not None and guess.queue == notice.queue:
            guess.waited = notice.at - guess.at
            self._tried.append(guess)

    def _ended(self, record: CallRecord) -> None:
        self._outcomes[record.outcome] = self._outcomes.get(record.outcome, 0) + 1
        if record.outcome is Outcome.ABANDONED_IN_QUEUE and record.queue is not None:
            self.queues[record.queue].abandoned += 1
        self.witnesses.discard(record.call)
        self._guesses.pop(record.call, None)
        for queue in self.queues:
            self._seen.discard((record.call, queue))

    # --- how it stands --------------------------------------------------------------------------------------

    def sample(self) -> None:
        """Keep how it stands now."""
        dispatch = self._clockwork.board.dispatch
        pools, queues = dispatch.seats.pools, dispatch.queues
        estimates = {
            name: found.mean
            for name, queue in queues.items()
            if (found := expected_wait(queue, None, queues.values(), pools, self._clockwork.now)) is not None
        }
        self._samples.append(
            Sample(
                at=self._clockwork.now,
                waiting={name: len(queue) for name, queue in queues.items()},
                busy={name: pool.busy for name, pool in pools.items()},
                on_duty={name: pool.on_duty for name, pool in pools.items()},
                waits={name: sum(waits) / len(waits) for name, waits in self._waits.items()},
                estimates=estimates,
            )
        )
        self._waits.clear()

    @property
    def patience(self) -> float:
        """Seconds of waiting for each caller who gives up. Witnesses wait and never do."""
        file = self.scenario.file
        return file.patience.mean / max(0.01, 1 - file.witnesses / 100)

    def results(self) -> Results:
        """All of it, when everything is over."""
        for pool in self.pools.values():
            pool.look(self._clockwork.now)
        ended = sum(pool.ended for pool in self.pools.values())
        handling = sum(pool.busy for pool in self.pools.values()) / ended if ended else 0.0
        return Results(
            scenario=self.scenario,
            calls=self.calls,
            queues=self.queues,
            pools=self.pools,
            outcomes=self._outcomes,
            troubles=self._troubles,
            judged=judged(self._tried, self.pools, self.patience),
            samples=self._samples,
            costs=_costs(self._clockwork.costs, self._clockwork.waiting),
            handling=handling,
            peak=_busiest(self._queued_at),
            most_waiting=max(self._clockwork.waiting, default=0),
        )


def _busiest(times: Sequence[float]) -> float:
    """The most calls a second that came to queues within the busiest half hour."""
    most, first = 0, 0
    for last, at in enumerate(times):
        while at - times[first] > BUSIEST:
            first += 1
        most = max(most, last - first + 1)
    return most / BUSIEST


def _costs(costs: Sequence[int], waiting: Sequence[int]) -> list[Cost]:
    """By tens of those who waited."""
    groups: dict[int, list[int]] = {}
    for cost, many in zip(costs, waiting, strict=True):
        groups.setdefault(0 if many < 10 else int(10 ** (len(str(many)) - 1)), []).append(cost)
    rows = []
    for least, group in sorted(groups.items()):
        group.sort()
        p99 = group[min(len(group) - 1, len(group) * 99 // 100)] / 1000
        rows.append(Cost(least, len(group), sum(group) / len(group) / 1000, p99))
    return rows


def quantile(values: Sequence[float], share: float) -> float:
    """The value that `share` of all do not exceed; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0
