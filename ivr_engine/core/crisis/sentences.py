"""This file decides in which words people are told what a trigger has seen. It does not know when they are told."""

from collections.abc import Mapping

from ivr_engine.core.crisis.measures import Reading
from ivr_engine.dialplan.triggers import Condition, Figure, TriggerPlan

_OF_USUAL = "{volume} calls in {span}{value}"
_SAID: Mapping[Figure, str] = {
    "calls": "{volume} calls{tag}{where} in {span}",
    "answer rate": "{value} of {volume} callers answered{where} in {span}",
    "left in menu": "{value} of {volume} callers hung up in a menu in {span}",
    "wait": "the first of {volume} callers has waited for {value}{where}",
    "waiting": "{value} callers wait{where}",
    "faults": "{value} faults in {span}",
    "signal": "{volume} signals {signal} in {span}",
}


def in_words(plan: TriggerPlan, reading: Reading, state: str) -> str:
    """One sentence with the figures."""
    when = plan.when
    if state == "blind":
        return f"{reading.volume} calls in {_span(when.window)}: no former day is known to compare them with"
    bound = plan.back_bound if state == "over" else when.bound
    below = (when.figure == "answer rate") != (state == "over")
    words = {"fired": "fires", "held back": "fires, but that is on already", "over": "is over"}[state]
    return f"{_figure(when, reading)}; {words} {'below' if below else 'from'} {_value(when, bound)}{_on(below)}"


def _on(below: bool) -> str:
    return "" if below else " on"


def _figure(when: Condition, reading: Reading) -> str:
    value = _value(when, reading.figure or 0.0)
    if when.is_of_usual:
        value = f"{value} of {when.of or 'same time yesterday'} ({reading.usual:.0f})" if reading.usual else ""
        value = f", {value or 'no former day is known'}"
    where = f" in queue {when.queue}" if when.queue else ""
    tag = f" with tag {when.tag}" if when.tag else ""
    said = _OF_USUAL if when.is_of_usual else _SAID[when.figure]
    span = _span(when.window)
    return said.format(value=value, volume=reading.volume, where=where, tag=tag, span=span, signal=when.signal)


def _value(when: Condition, value: float) -> str:
    if when.is_of_usual or when.figure in {"answer rate", "left in menu"}:
        return f"{value:.0f} %"
    return _span(value) if when.figure == "wait" else f"{value:.0f}"


def _span(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:g} h"
