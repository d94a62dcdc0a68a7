"""This file decides in which order a review is told, and in which forms. It does not know what any part says."""

import json
from typing import Any

import msgspec

from ivr_engine.figures.tally import Tally
from ivr_engine.pages import Part, as_markdown, as_page
from ivr_engine.review.calls import SLOT
from ivr_engine.review.experiments import arms, triggers
from ivr_engine.review.figures_told import figures, whole
from ivr_engine.review.preset import proposals
from ivr_engine.review.resources import clocks, overflow, recordings, staffing
from ivr_engine.review.reviewed import Reviewed
from ivr_engine.review.told import head, summary, timeline, words


def title(one: Reviewed) -> str:
    """What it is called."""
    what = one.profile or one.say.moment(one.hours.since)
    return f"复盘报告 · After-action review: {what}"


def parts(one: Reviewed) -> list[Part]:
    """All of it, in the order in which people ask."""
    sections = (head, timeline, figures, words, triggers, arms, overflow, clocks, staffing, recordings, proposals)
    return [part for section in sections for part in section(one)]


def told_as_markdown(one: Reviewed) -> str:
    """As Markdown."""
    return as_markdown(title(one), parts(one))


def told_as_page(one: Reviewed) -> str:
    """As one page with plots."""
    return as_page(title(one), parts(one), "zh-CN" if one.say.language == "zh" else "en")


def as_json(one: Reviewed) -> str:
    """All figures, for programs. Times are seconds since 1970."""
    by_slot = one.counted("queue and slot", lambda call: f"{call.past.arrived_at // SLOT * SLOT:.0f} {call.past.queue}")
    told = {
        "title": title(one),
        "summary": summary(one),
        "hours": one.hours,
        "steps": one.steps,
        "timeline": one.moments,
        "total": _counts(whole(one)),
        "by_queue_and_five_minutes": {name: _counts(calls) for name, calls in sorted(by_slot.tallies.items())},
        "heard": [{"place": place, "hearing": hearing} for place, hearing in one.gathered.heard.texts.items()],
        "told": one.gathered.heard.told,
        "triggers": one.tried,
    }
    return json.dumps(msgspec.to_builtins(told), ensure_ascii=False, indent=1) + "\n"


def _counts(calls: Tally) -> dict[str, Any]:
    names = ("calls", "offered", "answered", "abandoned", "transferred", "in_time", "overflow")
    return {**{name: getattr(calls, name) for name in names}, "waits": calls.waits.tolist()}
