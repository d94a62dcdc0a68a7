"""This file decides what is counted of a live drill, as the laboratory counts its own. It does not know who calls."""

from ivr_engine.model.causes import Outcome
from ivr_engine.model.ids import CallId, PoolName, QueueName
from ivr_engine.model.notices import (
    Arrived,
    CallRecord,
    Connected,
    Ended,
    Notice,
    Offered,
    PoolChanged,
    QueueChanged,
    Queued,
)
from ivr_engine.simulator.lab import Results, Scenario
from ivr_engine.simulator.lab.figures import PoolFigures, QueueFigures, Sample


class Tally:
    """Counts what is told of drill calls, and of the seats and queues they share with callers."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self.arrived: list[Arrived] = []
        self.ended: list[CallRecord] = []
        self._queues = {name: QueueFigures() for name in scenario.hotline.queues}
        self._pools = {name: PoolFigures() for name in scenario.hotline.pools}
        self._seen: set[tuple[CallId, QueueName]] = set()
        self._outcomes: dict[Outcome, int] = {}
        self._waiting: dict[QueueName, QueueChanged] = {}
        self._seats: dict[PoolName, PoolChanged] = {}
        self._waits: dict[QueueName, list[float]] = {}
        self._samples: list[Sample] = []
        self._most_waiting = 0

    def hear(self, notice: Notice) -> None:
        """Count a notice; one of what the scenario's hotline does not have is passed over."""
        match notice:
            case Arrived():
                self.arrived.append(notice)
            case Queued(call=call, queue=queue) if queue in self._queues and (call, queue) not in self._seen:
                self._seen.add((call, queue))
                self._queues[queue].offered += 1
            case Offered(queue=queue, overflow=True) if queue in self._queues:
                self._queues[queue].overflow += 1
            case Connected(queue=queue) if queue in self._queues:
                self._connected(notice)
            case Ended(record=record):
                self._has_ended(record)
            case QueueChanged(queue=queue) if queue in self._queues:
                self._waiting[queue] = notice
                self._most_waiting = max(self._most_waiting, sum(one.waiting for one in self._waiting.values()))
            case PoolChanged(pool=pool) if pool in self._pools:
                self._seats[pool] = notice
                self._pools[pool].changed(notice)
            case _:
                pass

    def _connected(self, notice: Connected) -> None:
        queue = self._queues[notice.queue]
        queue.answered += 1
        queue.in_time += notice.waited <= self._scenario.file.target.within
        queue.waits.append(notice.waited)
        self._waits.setdefault(notice.queue, []).append(notice.waited)
        if notice.pool in self._pools:
            self._pools[notice.pool].answered += 1

    def _has_ended(self, record: CallRecord) -> None:
        self.ended.append(record)
        self._outcomes[record.outcome] = self._outcomes.get(record.outcome, 0) + 1
        if record.outcome is Outcome.ABANDONED_IN_QUEUE and record.queue in self._queues:
            self._queues[record.queue].abandoned += 1

    def sample(self, now: float) -> None:
        """Keep how it stands now, for the plots; `now` in seconds since 1970."""
        seats = self._seats.items()
        self._samples.append(
            Sample(
                at=now,
                waiting={name: one.waiting for name, one in self._waiting.items()},
                busy={name: one.ringing + one.talking + one.wrap_up for name, one in seats},
                on_duty={name: one.ready + one.ringing + one.talking + one.wrap_up for name, one in seats},
                waits={name: sum(waits) / len(waits) for name, waits in self._waits.items()},
                estimates={name: one.estimate for name, one in self._waiting.items() if one.estimate is not None},
            )
        )
        self._waits.clear()

    def switched(self, ordered_at: float, profile: str) -> float | None:
        """How long after the order the last call came that got another menu, in seconds; None if nobody came after."""
        after = [one for one in self.arrived if one.at > ordered_at]
        if not any(one.flow == profile for one in after):
            return None
        return max((one.at - ordered_at for one in after if one.flow != profile), default=0.0)

    def results(self, now: float) -> Results:
        """All of it, when everything is over; `now` in seconds since 1970."""
        for pool in self._pools.values():
            pool.look(now)
        return Results(
            scenario=self._scenario,
            calls=len(self.arrived),
            queues=self._queues,
            pools=self._pools,
            outcomes=self._outcomes,
            troubles={},
            judged={},
            samples=self._samples,
            costs=(),
            handling=0.0,
            peak=0.0,
            most_waiting=self._most_waiting,
        )
