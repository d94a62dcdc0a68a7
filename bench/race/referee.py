"""This file decides what counts as a race and what as a fault, from what the phones noted. Both sides alike.

It knows neither the engine nor app_queue.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import msgspec

from bench.figures import quantile
from bench.race.evidence import Ring, Seen, Visit
from bench.race.sound import STRANGE


class Verdict(msgspec.Struct, frozen=True):
    """One side, counted."""

    side: str
    seconds: float
    # what happened
    calls: int
    rings: int
    raced_the_limit: int  # answers that crossed a CANCEL, because the time to answer was over
    raced_the_caller: int  # because the caller hung up
    too_late: int  # cancelled before anybody answered
    talks: int  # rings after which caller and agent heard each other
    too_early: int  # answered, never cancelled, not heard: the caller had gone or the line was ended with a BYE
    # faults
    seats_rung_twice: int  # rung for one caller while the last had neither been cancelled nor hung up
    callers_offered_twice: int  # rang at two agents at once
    callers_with_two: int  # heard more than one agent
    cut_off: int  # hung up on, or refused, who had heard nobody
    never_served: int  # stayed to the end, and nobody took them
    forgotten: int  # phones left in a call in which nobody hears them
    seats_not_ready: int
    channels_left: int
    bridges_left: int
    strays: int  # messages that fit nothing
    # beside
    unclaimed: int  # calls the engine did not claim in time: Asterisk's own fallback served them
    rung_twice_by_fallback: int  # of the seats rung twice: one of the two callers was such a one
    rung_before_bye: int  # the last caller's answered call, cancelled before, had not been ended yet
    cleared_ms: tuple[float | None, float | None]  # from the CANCEL to the BYE of an answer that crossed it: p50, p99
    longest_stall_ms: float | None  # by which the machine held the phones themselves up
    again_s: tuple[float | None, float | None, float | None]  # until he who stayed was offered again: p50, p99, longest
    oddities: tuple[str, ...]  # what the phones noted of every faulty ring

    @property
    def races(self) -> int:
        """Answers that crossed a CANCEL."""
        return self.raced_the_limit + self.raced_the_caller

    @property
    def faults(self) -> int:
        """Of all kinds."""
        return (
            (self.seats_rung_twice + self.callers_offered_twice + self.callers_with_two)
            + (self.cut_off + self.never_served + self.forgotten)
            + (self.seats_not_ready + self.channels_left + self.bridges_left + self.strays)
        )


def judge(seen: Seen) -> Verdict:
    """Count one side."""
    rings, visits = seen.rings, list(seen.visits.values())
    crossed = [ring for ring in rings if ring.crossed]
    talks = [ring for ring in rings if _was_heard(ring, seen)]
    unheard = [ring for ring in rings if ring.acknowledged and not ring.cancelled and not _was_heard(ring, seen)]
    by_seat, by_caller = _grouped(rings)
    twice = [pair for group in by_seat for pair in _overlaps(group)]
    forgotten = [ring for ring in rings if ring.given_up or ring.ended is None]
    again = [gap for visit in visits for gap in _gaps(visit)]
    cleared = [ring.ended - ring.cancelled for ring in crossed if ring.ended and ring.cancelled]
    return Verdict(
        side=seen.side,
        seconds=round(seen.seconds, 1),
        calls=len(visits),
        rings=len(rings),
        raced_the_limit=sum(ring.intent == "races the time limit" for ring in crossed),
        raced_the_caller=sum(ring.intent != "races the time limit" for ring in crossed),
        too_late=sum(ring.answered is None for ring in rings),
        talks=len(talks),
        too_early=sum(ring.ended_by == "far" for ring in unheard),
        seats_rung_twice=len(twice),
        callers_offered_twice=sum(1 for group in by_caller for _ in _overlaps(group)),
        callers_with_two=sum(len(visit.heard) > 1 or STRANGE in visit.heard for visit in visits),
        cut_off=sum(visit.ended_by in ("far", "refused") and not visit.heard for visit in visits),
        never_served=sum(visit.is_lost for visit in visits),
        forgotten=len(forgotten),
        seats_not_ready=seen.seats_not_ready,
        channels_left=seen.channels_left,
        bridges_left=seen.bridges_left,
        strays=seen.strays.total(),
        unclaimed=len(seen.unclaimed),
        rung_twice_by_fallback=sum(not seen.unclaimed.isdisjoint((one.caller, two.caller)) for one, two in twice),
        rung_before_bye=sum(_in_dead_calls(group) for group in by_seat),
        cleared_ms=(_ms(quantile(cleared, 0.5)), _ms(quantile(cleared, 0.99))),
        longest_stall_ms=_ms(seen.longest_stall),
        oddities=tuple(_told(ring, seen) for ring in (*(ring for pair in twice for ring in pair), *forgotten)),
        again_s=(_s(quantile(again, 0.5)), _s(quantile(again, 0.99)), _s(max(again, default=None))),
    )


def _was_heard(ring: Ring, seen: Seen) -> bool:
    visit = seen.visits.get(ring.caller)
    return visit is not None and ring.agent in visit.heard and ring.acknowledged is not None and not ring.cancelled


def _grouped(rings: Iterable[Ring]) -> tuple[Iterable[list[Ring]], Iterable[list[Ring]]]:
    """The rings of each agent, and of each caller, in order."""
    by_seat, by_caller = defaultdict(list), defaultdict(list)
    for ring in sorted(rings, key=lambda ring: ring.rung_at_socket):
        by_seat[ring.agent].append(ring)
        by_caller[ring.caller].append(ring)
    return by_seat.values(), by_caller.values()


def _overlaps(rings: list[Ring]) -> Iterator[tuple[Ring, Ring]]:
    """Those that began while an earlier one was open, and that one: by the order in which the messages arrived."""
    open_until, last = float("-inf"), None
    for ring in rings:
        if last is not None and ring.rung_at_socket < open_until:
            yield last, ring
        until = float("inf") if ring.closed_at_socket is None else ring.closed_at_socket
        if until > open_until:
            open_until, last = until, ring


def _in_dead_calls(rings: list[Ring]) -> int:
    """How many began while the phone was still in a call that had been cancelled, but not yet ended with a BYE."""
    found, dead_until = 0, float("-inf")
    for ring in rings:
        found += ring.rung < dead_until
        if ring.crossed:
            dead_until = max(dead_until, ring.ended or float("inf"))
    return found


def _gaps(visit: Visit) -> Iterator[float]:
    """How long he waited after each offer that came to nothing, until the next."""
    for ring, following in zip(visit.rings, visit.rings[1:], strict=False):
        if ring.cancelled is not None:
            yield following.rung - ring.cancelled


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds * 1000, 1)


def _s(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 2)


def _told(ring: Ring, seen: Seen) -> str:
    """In ms since it rang."""
    visit = seen.visits.get(ring.caller)
    moments = {
        "cause": ring.cause,
        "answered": ring.answered,
        "acknowledged": ring.acknowledged,
        "cancelled": ring.cancelled,
        "ended": ring.ended,
        "caller hung up": visit.hung_up if visit else None,
        "caller's line ended": visit.ended if visit else None,
    }
    passed = ", ".join(f"{what} {(at - ring.rung) * 1000:.0f}" for what, at in moments.items() if at is not None)
    by = "fallback" if ring.caller in seen.unclaimed else seen.side
    heard = "heard" if visit is not None and ring.agent in visit.heard else "not heard"
    return f"{by}: {ring.caller} at {ring.agent}, rung {ring.rung:.3f}, {ring.intent}, {heard}; ms: {passed}"
