"""This file decides what stands in a situation report. It does not know how it is worded, or who reads it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import ceil

from ivr_engine.core import Switchboard
from ivr_engine.core.crisis.active import plan_in
from ivr_engine.model.crises import ActiveCrisis, Proposal, RunningClock
from ivr_engine.model.ids import QueueName
from ivr_engine.model.situation import (
    Answered,
    ClockStanding,
    Counted,
    CrisisStanding,
    PoolStanding,
    ProposalStanding,
    QueueStanding,
    Situation,
    Volume,
)
from ivr_engine.situation.heard import RECENT_MINUTES, RECENT_SECONDS, Heard

TOP_REGIONS = 5
TOP_COUNTED = 8
UNKNOWN_REGION = "未知"


def situation_of(board: Switchboard, heard: Heard, now: float, usual: float | None = None) -> Situation:
    """How it stands now. `usual`: calls that come in the last minutes on ordinary days."""
    recent = now - RECENT_SECONDS
    arrived, waited = heard.arrived_since(recent), heard.waited_since(recent)
    answered = sum(wait is not None for _, wait in waited)
    lines = [line.figures(now) for line in board.dispatch.queues.values()]
    oldest = [line.oldest_since for line in lines if line.oldest_since is not None]
    pools = [pool.figures(now) for pool in board.dispatch.seats.pools.values()]
    crises = [crisis for crisis in board.crisis.active if not crisis.scope.drill]
    return Situation(
        at=now,
        hotline=board.hotline.name,
        timezone=board.hotline.normal.facilities.hours.timezone,
        crises=tuple(_crisis(board, crisis) for crisis in crises),
        volume=_volume(arrived, usual),
        recently=Answered(recent, answered, len(waited) - answered),
        since_begun=Answered(heard.counted_since, heard.answered, heard.lost),
        counted_since=heard.counted_since,
        waiting=sum(line.waiting for line in lines),
        oldest_seconds=max(0.0, now - min(oldest)) if oldest else None,
        queues=tuple(
            _queue(line.queue, line.waiting, line.oldest_since, now, _waits(waited, line.queue)) for line in lines
        ),
        pools=tuple(
            PoolStanding(*(getattr(pool, field) for field in PoolStanding.__struct_fields__)) for pool in pools
        ),
        ready=sum(pool.ready for pool in pools),
        open_to=tuple(heard.opened.values()),
        choices=_top(heard.choices),
        topics=_top(heard.topics),
        clocks=tuple(_clock(board, clock) for clock in board.crisis.clocks.all),
        measures=tuple(heard.measures),
        proposals=tuple(_proposal(one) for one in board.crisis.proposals.open.values() if not one.switch.scope.drill),
    )


def _crisis(board: Switchboard, crisis: ActiveCrisis) -> CrisisStanding:
    plan = plan_in(board.hotline, crisis.profile)
    return CrisisStanding(
        profile=crisis.profile,
        kind=plan.kind,
        title=plan.title,
        level=crisis.level,
        since=crisis.since,
        level_since=crisis.level_since,
        scope=str(crisis.scope),
        by=crisis.by,
        reason=crisis.reason,
        until=crisis.until,
    )


def _volume(arrived: Sequence[tuple[str, str]], usual: float | None) -> Volume:
    numbers = Counter(number for number, _ in arrived)
    regions = Counter(region or UNKNOWN_REGION for _, region in arrived)
    return Volume(RECENT_MINUTES, len(arrived), usual, dict(numbers), dict(regions.most_common(TOP_REGIONS)))


def _queue(
    queue: QueueName, waiting: int, oldest_since: float | None, now: float, waits: Sequence[float]
) -> QueueStanding:
    oldest = max(0.0, now - oldest_since) if oldest_since is not None else None
    return QueueStanding(queue, waiting, oldest, _within(waits, 0.5), _within(waits, 0.9))


def _waits(waited: Iterable[tuple[QueueName, float | None]], queue: QueueName) -> list[float]:
    return sorted(wait for one, wait in waited if one == queue and wait is not None)


def _within(waits: Sequence[float], share: float) -> float | None:
    """The wait that this share of them did not exceed."""
    return waits[max(0, ceil(share * len(waits)) - 1)] if waits else None


def _top(counts: Mapping[str, int]) -> tuple[Counted, ...]:
    return tuple(Counted(what, calls) for what, calls in Counter(counts).most_common(TOP_COUNTED))


def _clock(board: Switchboard, clock: RunningClock) -> ClockStanding:
    plan = plan_in(board.hotline, clock.profile).at("critical").clocks.get(clock.clock)
    late = "overdue" if clock.overdue else "running"
    state = late if clock.done_at is None else "done"
    return ClockStanding(
        clock.profile, clock.clock, plan.do if plan else "", clock.due, state, clock.done_by, clock.note
    )


def _proposal(proposal: Proposal) -> ProposalStanding:
    switch = proposal.switch
    what = f"{switch.profile} {switch.level}" if switch.on else f"{switch.profile} off"
    return ProposalStanding(proposal.id, what, proposal.by, proposal.reason, proposal.lapses_at)
