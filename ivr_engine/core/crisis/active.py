"""This file decides which of several crises counts first, and for whose calls. It does not know who may switch them."""

from collections.abc import Iterable
from typing import Any, TypeVar

import msgspec

from ivr_engine.dialplan.hotline import CrisisPlan, Flow, Hotline
from ivr_engine.model.crises import LEVELS, ActiveCrisis, Switch

NodeT = TypeVar("NodeT")
NO_PLAN = CrisisPlan(name="")


def plan_in(hotline: Hotline[Any], profile: str) -> CrisisPlan:
    """What a profile changes in a version of the hotline; nothing, if that has no such profile."""
    flow = hotline.crises.get(profile)
    return (flow.plan if flow else None) or NO_PLAN


def in_order(crises: Iterable[ActiveCrisis], hotline: Hotline[Any]) -> tuple[ActiveCrisis, ...]:
    """The one that counts first comes first: by precedence, then by level; of equal ones the later."""

    def weight(crisis: ActiveCrisis) -> tuple[int, int, float]:
        precedence = plan_in(hotline, crisis.profile).precedence
        return (-precedence, -LEVELS.index(crisis.level), -crisis.since)

    return tuple(sorted(crises, key=weight))


def switched(
    crises: Iterable[ActiveCrisis], switch: Switch, by: str, reason: str, now: float
) -> tuple[ActiveCrisis, ...]:
    """The crises that are on after a switch, in no order. A profile is on once, and once in a drill."""
    others = [one for one in crises if one.key != switch.key]
    if not switch.on or switch.profile is None:
        return () if switch.profile is None else tuple(others)
    before = next((one for one in crises if one.key == switch.key), None)
    crisis = ActiveCrisis(
        profile=switch.profile,
        level=switch.level,
        scope=switch.scope,
        by=by,
        reason=reason,
        since=before.since if before else now,
        level_since=before.level_since if before and before.level == switch.level else now,
        until=switch.until,
    )
    return (*others, crisis)


def ending(crises: Iterable[ActiveCrisis], switch: Switch, hotline: Hotline[Any], now: float) -> Switch:
    """The switch with its end: what was ordered, or is so already, or is usual for the profile."""
    if not switch.on or switch.profile is None:
        return switch
    before = next((one for one in crises if one.key == switch.key), None)
    lasts = plan_in(hotline, switch.profile).lasts
    until = switch.until or (before.until if before else None)
    if until is None and lasts is not None:
        until = now + lasts
    return msgspec.structs.replace(switch, until=until)


def flow_among(
    crises: Iterable[ActiveCrisis], hotline: Hotline[NodeT], number: str, region: str, *, drill: bool
) -> Flow[NodeT]:
    """The flow of a call to `number` from `region` while those crises are on, the one that counts first before."""
    for one in crises:
        if one.profile in hotline.crises and one.scope.covers(number, region, drill=drill):
            return hotline.crises[one.profile]
    return hotline.normal


def is_same(crisis: ActiveCrisis, switch: Switch) -> bool:
    """Whether a switch would change nothing."""
    return (crisis.profile, crisis.level, crisis.scope) == (switch.profile, switch.level, switch.scope) and (
        switch.until is None or switch.until == crisis.until
    )
