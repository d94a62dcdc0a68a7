"""This file decides what is said of a switch before it is made. It changes nothing, and does not know who asks.

What it says is made by what decides for real: the same flows, the same order of precedence, the same plan.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from ivr_engine.core.call import Call, CallState
from ivr_engine.core.crisis.active import ending, flow_among, in_order, plan_in, switched
from ivr_engine.core.crisis.permission import why_not_he, why_not_so
from ivr_engine.core.crisis.plan_change import changes_of_plan, shortened
from ivr_engine.core.crisis.sorting import sorted_by
from ivr_engine.core.versions import Versions
from ivr_engine.dialplan.hotline import Flow, Hotline, Text
from ivr_engine.errors import RefusedError
from ivr_engine.model.crises import LEVELS_IN_CHINESE, ActiveCrisis, DryRun, Switch
from ivr_engine.nodes import Node

_TALKING = {CallState.OFFERED, CallState.JOINING, CallState.TALKING}
Crises = Sequence[ActiveCrisis]


@dataclass(frozen=True, slots=True)
class Now:
    """How it all stands before a switch: the versions, the crises that are on, the calls. `at` is now."""

    versions: Versions
    active: Crises
    calls: Collection[Call]
    at: float


def dry_run(now: Now, switch: Switch, by: str) -> DryRun:
    """What that switch would change if `by` ordered it now. Raises RefusedError where it would be refused."""
    hotline = now.versions.running
    why = why_not_he(hotline, by, "switch", now.at) or why_not_so(hotline, now.active, switch, now.at)
    if why is not None:
        raise RefusedError(why)
    switch = ending(now.active, switch, hotline, now.at)
    after = in_order(switched(now.active, switch, by, "", now.at), hotline)
    plan = plan_in(hotline, switch.profile or "")
    two = switch.on and plan.two_people and not switch.scope.drill
    follow, told, moves = _callers(now, after)
    would = (
        *_itself(hotline, now, switch),
        *(["nothing changes before another person has said yes: `ivr crisis confirm`"] if two else []),
        *_precedence(after, switch),
        *_new_callers(hotline, after),
        *_trial(now, switch),
        *_live(now, follow, told, moves),
        *changes_of_plan(now.versions.plan(now.active), now.versions.plan(after), hotline.languages[0]),
        *_beside(hotline, now, switch),
        *_people(hotline, now, switch),
    )
    return DryRun(would, follow, told, sum(moves.values()), two)


# --- the switch itself --------------------------------------------------------------------------------------


def _itself(hotline: Hotline[Node], now: Now, switch: Switch) -> Iterator[str]:
    if not switch.on:
        for one in now.active:
            if switch.profile in (None, one.profile):
                yield f"crisis {one.profile} goes off; it is on for {one.scope}, by {one.by}: {one.reason}"
        return
    before = _before(now, switch)
    if before is None:
        yield f"crisis {switch.profile} comes on for {switch.scope}, level {_level(switch)}"
    else:
        if before.level != switch.level:
            yield f"crisis {switch.profile}: level {before.level} → {_level(switch)}"
        if before.scope != switch.scope:
            yield f"crisis {switch.profile}: for {before.scope} → {switch.scope}"
    if switch.until is not None:
        yield f"it goes off by itself at {_wall(hotline, switch.until)}"
    else:
        yield "it stays on until somebody switches it off"


def _level(switch: Switch) -> str:
    return f"{switch.level} ({LEVELS_IN_CHINESE[switch.level]})"


def _before(now: Now, switch: Switch) -> ActiveCrisis | None:
    return next((one for one in now.active if one.profile == switch.profile), None)


def _wall(hotline: Hotline[Node], at: float) -> str:
    return f"{hotline.normal.facilities.hours.wall(at):%Y-%m-%d %H:%M}"


def _precedence(after: Crises, switch: Switch) -> Iterator[str]:
    names = [one.profile for one in after]
    if switch.profile not in names or len(names) == 1:
        return
    place = names.index(switch.profile)
    if first := names[:place]:
        yield f"{', '.join(first)} counts before it: calls of both are led by {first[0]}, which has the last word"
    if later := names[place + 1 :]:
        yield f"it counts before {', '.join(later)}: calls of both are led by it, and it has the last word"


def _trial(now: Now, switch: Switch) -> Iterator[str]:
    canary = now.versions.canary
    if switch.on and canary is not None and switch.profile not in canary.hotline.crises:
        yield f"the trial of version {canary.hotline.version} ends: that one has no such profile"


# --- callers ------------------------------------------------------------------------------------------------


def _new_callers(hotline: Hotline[Node], after: Crises) -> Iterator[str]:
    """Where those begin who call from then on, the one that counts first before."""
    for one in after:
        yield f"new callers ({one.scope}): crisis {one.profile}, {_beginning(hotline.crises[one.profile], hotline)}"
    if not any(one.scope.is_everybody for one in after):
        who = "all others" if after else "all calls"
        yield f"new callers ({who}): the ordinary menu, {_beginning(hotline.normal, hotline)}"


def _beginning(flow: Flow[Node], hotline: Hotline[Node]) -> str:
    text = _first_text(flow.steps[flow.start])
    said = f": “{shortened(text.written(hotline.languages[0], hotline.languages[0]))}”" if text else ""
    return f"from step {flow.start}{said}"


def _first_text(part: Any) -> Text | None:
    if isinstance(part, Text):
        return part
    inner = (getattr(part, one.name) for one in fields(part)) if is_dataclass(part) else ()
    return next((text for text in map(_first_text, inner) if text is not None), None)


Moves = Counter[tuple[str, str]]  # from queue to queue, how many


def _callers(now: Now, after: Crises) -> tuple[int, int, Moves]:
    """How many follow out of menus, how many who wait are told, and which wait elsewhere then."""
    was, then = {one.profile: one for one in now.active}, {one.profile: one for one in after}
    over = [(one, False) for one in now.active if one.profile not in then]
    begun = [(one, True) for one in reversed(after) if one.profile not in was or was[one.profile].scope != one.scope]
    follow = sum(_follows(call, after) for call in now.calls)
    told, moves = 0, Moves()
    for call in now.calls:
        if call.state is CallState.WAITING:
            hears, goes = _while_waiting(call, [*over, *begun])
            told += hears
            if goes is not None and goes != call.queue and call.queue is not None:
                moves[call.queue, goes] += 1
    return follow, told, moves


def _follows(call: Call, after: Crises) -> bool:
    done = call.settled or call.talk is not None or call.transferred_at is not None
    flow = flow_among(after, call.hotline, call.number, call.region, drill=call.drill)
    return call.state is CallState.MENU and not done and flow.name != call.flow.name


def _while_waiting(call: Call, changes: Sequence[tuple[ActiveCrisis, bool]]) -> tuple[bool, str | None]:
    """Whether he hears of it, and the queue he waits in then."""
    hears, queue, sorted_from = False, call.queue, call.sorted_from
    for crisis, on in changes:
        if not crisis.scope.covers(call.number, call.region, drill=call.drill):
            continue
        plan = plan_in(call.hotline, crisis.profile).waiting
        hears = hears or (plan.say if on else plan.over) is not None
        sorted_from, queue = sorted_by(call, crisis.profile, sorted_from, queue, on=on)
    return hears and not call.away, queue


def _live(now: Now, follow: int, told: int, moves: Moves) -> Iterator[str]:
    menus = sum(call.state is CallState.MENU for call in now.calls)
    waiting = sum(call.state is CallState.WAITING for call in now.calls)
    talking = sum(call.state in _TALKING for call in now.calls)
    yield f"{follow} of {menus} callers in menus go on there when their word is over"
    yield f"{told} of {waiting} callers who wait are told"
    for (old, new), count in sorted(moves.items()):
        yield f"{count} callers go on waiting in queue {new} instead of {old}, and keep their places"
    if talking:
        yield f"{talking} callers talk or are being put through: nothing changes for them but what their agents read"


# --- what goes with it --------------------------------------------------------------------------------------


def _beside(hotline: Hotline[Node], now: Now, switch: Switch) -> Iterator[str]:
    if not switch.on or _before(now, switch) is not None:
        return
    plan = plan_in(hotline, switch.profile or "")
    if plan.tags:
        yield f"calls are tagged {', '.join(plan.tags)}"
    for queue, offer in plan.deflect.items():
        yield f"who would wait longer than {offer.wait:g} s for queue {queue} is first led to {offer.then}"
    if plan.extra_copy:
        yield "recordings are kept twice"


def _people(hotline: Hotline[Node], now: Now, switch: Switch) -> Iterator[str]:
    """Who is told, and what must be done by when; of another level only what that adds."""
    if not switch.on:
        yield "all its clocks end, done or not"
        return
    plan, before = plan_in(hotline, switch.profile or ""), _before(now, switch)
    level, known = plan.at(switch.level), plan.at(before.level) if before else None
    groups = [group for group in level.tell if known is None or group not in known.tell]
    if groups:
        yield f"told: {', '.join(groups)}"
    for name, clock in level.clocks.items():
        if known is None or known.clocks.get(name) != clock:
            yield f"clock {name}: {clock.do}, within {clock.within / 60:g} min"
