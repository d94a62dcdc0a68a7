"""This file decides what a waiting caller is told of his wait, and when nothing. It does not know how words sound.

A wait is told in minutes, from and to, and what was told once only ever gets less: who heard "five minutes" is not told
seven. Where that, or any figure at all, would not be honest, he hears other words, or music alone.
"""

from collections.abc import Mapping
from math import ceil, floor

from ivr_engine.core.call import Call
from ivr_engine.core.wait_estimate import Estimate
from ivr_engine.dialplan.hotline import Text, WhileWaiting

MINUTE = 60.0
LONGEST_TOLD = 60  # minutes: beyond, a figure says no more than "very long"


def announcement(
    plan: WhileWaiting, call: Call, ahead: int, estimate: Estimate | None
) -> tuple[Text, Mapping[str, str]] | None:
    """What a caller with `ahead` others before him hears now, and the values in it; None if only music."""
    values = {"ahead": str(ahead)}
    minutes = _minutes(estimate)
    if minutes is not None and plan.say is not None:
        least, most = minutes
        if call.told_minutes is None or most <= call.told_minutes:
            call.told_minutes = most
            span = f"{most} min" if least >= most else f"{least}-{most} min"
            return plan.say, values | {"wait": span}
    return (plan.otherwise, values) if plan.otherwise is not None else None


def _minutes(estimate: Estimate | None) -> tuple[int, int] | None:
    """From how many to how many minutes; None if that cannot honestly be told."""
    if estimate is None:
        return None
    most = max(1, ceil((estimate.mean + estimate.spread) / MINUTE))
    least = max(1, floor((estimate.mean - estimate.spread) / MINUTE))
    return (least, most) if most <= LONGEST_TOLD else None
