"""This file decides how a call's way through its queue is told from the journal. It does not know any rule of routing.

The journal is lived through again by the same switchboard, and those that chose are asked: why here, why then, what
else there was. So nothing need be kept for it while calls go on.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import singledispatch
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from ivr_engine.core import Switchboard
from ivr_engine.core.call import Call
from ivr_engine.core.outbox import ContentWithLess, PoolsDue, RestEnds
from ivr_engine.core.standing import Standing, standing
from ivr_engine.dialplan.hotline import Hotline
from ivr_engine.errors import HotlineError
from ivr_engine.model import notices
from ivr_engine.model.commands import Publish
from ivr_engine.model.events import (
    AgentOrdered,
    AnyEvent,
    CallArrived,
    CallerLeft,
    CanaryOrdered,
    CrisisOrdered,
    DialplanSwitched,
    DigitPressed,
    LegAnswered,
    LegEnded,
    LinesSeen,
    PhonesSeen,
    Resynced,
    TimerFired,
    WishesSeen,
)
from ivr_engine.model.ids import CallId, TimerId
from ivr_engine.nodes import Node
from ivr_engine.runtime.journal import JournalHead, JournalLine, read_journal
from ivr_engine.simulator.replay import with_digits


def explain(journal: Path, call: CallId, versions: Mapping[str, Hotline[Node]], usual: Hotline[Node]) -> Iterator[str]:
    """The story of a call, line by line. `usual` stands for a version that is not among `versions`.

    Raises HotlineError when the journal has no such call.
    """
    mentioned = False
    for part in _parts(journal, call):
        mentioned = True
        yield from _Story(call, versions, usual).tell(part)
    if not mentioned:
        raise HotlineError(f"the journal {journal} has no call {call}: `ivr calls` shows those that go on")


def _parts(journal: Path, call: CallId) -> Iterator[list[JournalHead | JournalLine]]:
    """What each engine met that had to do with the call, from its beginning to the call's last mention."""
    try:
        lines = journal.read_bytes().split(b"\n")
    except OSError as error:
        remedy = "a running engine writes it; name its --settings, or another --journal"
        raise HotlineError(f"the journal {journal} cannot be read: {error.strerror}; {remedy}") from error
    needle = call.encode()
    heads = [number for number, line in enumerate(lines) if line.startswith(b'{"dialplan"')]
    for begin, end in zip(heads, [*heads[1:], len(lines)], strict=True):
        last = next((number for number in range(end - 1, begin, -1) if needle in lines[number]), None)
        if last is not None:
            has_left = any(b'"CallerLeft"' in line and needle in line for line in lines[begin:end])
            yield list(read_journal(b"\n".join(lines[begin : last + 1 if has_left else end])))


class _Story:
    """One engine's part of a call."""

    def __init__(self, call: CallId, versions: Mapping[str, Hotline[Node]], usual: Hotline[Node]) -> None:
        self._call = call
        self._versions = versions
        self._usual = usual
        self._board = Switchboard(usual)
        self._now = 0.0

    def tell(self, lines: list[JournalHead | JournalLine]) -> Iterator[str]:
        """Live through an engine's facts, and tell of one call."""
        for line in lines:
            if isinstance(line, JournalHead):
                yield from self._begin(line)
                continue
            self._now = line.now
            if isinstance(line.event, DialplanSwitched | CanaryOrdered):
                self._offer(line.event.version)
            before, because = self._standing(), self._trigger(line.event)
            orders = self._board.handle(with_digits(line, self._board.versions.splits), line.now)
            told = [order.notice for order in orders if isinstance(order, Publish)]
            yield from self._of_decision(because, told, before)
        after = self._standing()
        if after is not None:
            yield from self._at("the journal ends here; he waits still", _reasons(after))

    def _begin(self, head: JournalHead) -> Iterator[str]:
        if head.dialplan not in self._versions:
            yield f"(version {head.dialplan} of the dialplan is not kept any more: explained by another one)"
        self._board = Switchboard(self._versions.get(head.dialplan, self._usual))
        for version in head.earlier:
            self._offer(version)

    def _offer(self, version: str | None) -> None:
        if version is not None and version in self._versions:
            self._board.offer_version(self._versions[version])

    def _of_decision(self, because: str, told: list[notices.AnyNotice], before: Standing | None) -> Iterator[str]:
        mine = [notice for notice in told if getattr(notice, "call", None) == self._call]
        offered = any(isinstance(notice, notices.Offered) for notice in mine)
        for notice in mine:
            what = _what(notice)
            if what:
                is_rung = isinstance(notice, notices.Offered)
                considered = [f"because {because}", *(_reasons(before) if before else ())]
                yield from self._at(what, considered if is_rung else ())
        after = self._standing()
        if after is not None and not offered and any(isinstance(notice, notices.Queued) for notice in mine):
            yield from self._at("no seat yet", _reasons(after))
        for notice in told:
            if isinstance(notice, notices.OverflowChanged) and after is not None and notice.queue == after.queue:
                state = "opens" if notice.open else "closes"
                yield from self._at(f"pool {notice.pool} {state} to {notice.queue}: {notice.why}")

    def _at(self, what: str, details: Sequence[str] = ()) -> Iterator[str]:
        wall = datetime.fromtimestamp(self._now, ZoneInfo(self._usual.timezone))
        yield f"{wall:%m-%d %H:%M:%S}.{wall.microsecond // 1000:03}  {what}"
        yield from (f"                      {detail}" for detail in details)

    def _trigger(self, event: AnyEvent) -> str:
        """What happens just before a decision, in words."""
        match event:
            case TimerFired(timer=timer):
                return self._time_over(timer)
            case LegEnded(leg=leg, cause=cause):
                return f"a seat's line ended ({cause.value}): {leg}"
            case LegAnswered(leg=leg):
                return f"a seat picked up: {leg}"
            case CallArrived() | DigitPressed() | CallerLeft():
                return f"{self._who(event.call)} {_HAPPENED[type(event)]}"
            case AgentOrdered(agent=agent, order=order):
                return f"agent {agent} was told: {order.order}"
        return _HAPPENED.get(type(event), f"of {type(event).__name__}")

    def _time_over(self, timer: TimerId) -> str:
        match self._board.purpose(timer):
            case RestEnds(seat):
                return f"the rest of {seat} was over"
            case PoolsDue():
                return "a bound, an hour or a pause of a pool was reached"
            case ContentWithLess(call):
                return f"{self._who(call)} was content with less"
        return "some time was over"

    def _who(self, call: CallId) -> str:
        return "he" if call == self._call else "another caller"

    def _standing(self) -> Standing | None:
        call = self._board.calls.get(self._call) or self._away()
        return standing(call, self._board.dispatch, self._now) if call else None

    def _away(self) -> Call | None:
        """One who is to be called back stands in line and is no live call."""
        lines = self._board.dispatch.queues.values()
        return next((one for line in lines for one in line if one.id == self._call), None)


def _reasons(seen: Standing) -> list[str]:
    needs = f", needs {seen.wants}" if seen.wants else ""
    place = f"{seen.ahead} before him in {seen.queue}, waiting for {seen.waited:.1f} s{needs}"
    pools = [
        f"{one.pool}: {one.why_not or 'could take him'} ({one.ready} ready of {one.on_duty} on duty)"
        for one in seen.pools
    ]
    return [place, *pools]


_HAPPENED: Mapping[type, str] = {
    CallArrived: "came",
    DigitPressed: "pressed a key",
    CallerLeft: "left",
    PhonesSeen: "phones came or went",
    Resynced: "everything was looked at anew",
    WishesSeen: "the list of those to be called back was looked at",
    LinesSeen: "what there is on Asterisk was looked at",
    CrisisOrdered: "a crisis was switched on or off",
    DialplanSwitched: "another version of the dialplan was taken",
}


@singledispatch
def _what(notice: msgspec.Struct) -> str:
    """What happened to him, in words; nothing for what explains nothing."""
    del notice
    return ""


@_what.register
def _(notice: notices.Arrived) -> str:
    return f"called {notice.number}, flow {notice.flow}"


@_what.register
def _(notice: notices.StepEntered) -> str:
    return f"step {notice.step}"


@_what.register
def _(notice: notices.Queued) -> str:
    return f"queue {notice.queue}, {notice.ahead} before him"


@_what.register
def _(notice: notices.Offered) -> str:
    overflow = ", an overflow" if notice.overflow else ""
    return f"seat {notice.seat} of pool {notice.pool} is rung for him{overflow}"


@_what.register
def _(notice: notices.OfferEnded) -> str:
    return f"seat {notice.seat} did not take him: {notice.cause.value}"


@_what.register
def _(notice: notices.Connected) -> str:
    return f"talks with {notice.seat} of pool {notice.pool}, after {notice.waited:.1f} s"


@_what.register
def _(notice: notices.Ended) -> str:
    return f"the end: {notice.record.outcome.value}"
