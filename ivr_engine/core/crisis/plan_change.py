"""This file decides how it is said what a crisis changes in queues and pools. It does not know which crises are on."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

from ivr_engine.core.plan import Plan
from ivr_engine.dialplan.goal import Goal
from ivr_engine.dialplan.hotline import PoolPlan, QueuePlan, Text, WhileWaiting

LONGEST_SAID = 60  # characters of a text

_AS_WRITTEN = {"turns": "pools", "goal": "target", "wrap_up": "after call"}
_SEATS = {"capacity", "agents", "numbers"}  # how many there are is said in one


def changes_of_plan(before: Plan, after: Plan, language: str) -> Iterator[str]:
    """Each setting of a queue or pool that would be another, old and new."""
    for name, queue in after.queues.items():
        yield from _settings(f"queue {name}", before.queues.get(name, queue), queue, language)
    for place, pool in after.pools.items():
        usual, works = before.pools.get(place, pool), pool.is_at_work(after.profiles)
        if len(usual.seats) != len(pool.seats):
            yield f"pool {place}: seats {len(usual.seats)} → {len(pool.seats)}"
        if usual.is_at_work(before.profiles) != works:
            yield f"pool {place}: {'takes part' if works else 'does not take part any more'}"
        yield from _settings(f"pool {place}", usual, pool, language)


def shortened(words: str) -> str:
    """Words as one of several things on a line."""
    return words if len(words) <= LONGEST_SAID else f"{words[: LONGEST_SAID - 1]}…"


def _settings(whose: str, before: QueuePlan | PoolPlan, after: QueuePlan | PoolPlan, language: str) -> Iterator[str]:
    for one in fields(before):
        old, new = getattr(before, one.name), getattr(after, one.name)
        if old != new and one.name not in _SEATS:
            name = _AS_WRITTEN.get(one.name, one.name.replace("_", " "))
            yield f"{whose}: {name} {_said(old, language)} → {_said(new, language)}"


def _said(value: Any, language: str) -> str:
    said = shortened(str(value))
    match value:
        case None | "":
            said = "none"
        case Text():
            said = f"“{shortened(value.written(language, next(iter(value.words))))}”"
        case Goal():
            said = f"{value.share}% within {value.within:g} s"
        case WhileWaiting():
            said = f"every {value.every:g} s {_said(value.say, language)}"
        case Mapping():
            said = ", ".join(f"{name} {_said(one, language)}" for name, one in value.items()) or "none"
        case tuple():  # the pools of a queue, in turn
            said = ", ".join(use.pool for turn in value for use in turn)
        case float():
            said = f"{value:g}"
    return said
