"""This file decides whether callers can make their choice. It does not know what a choice leads to.

A choice is a step below `keys`, whichever word has such a setting.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import TypeAlias

from ivr_engine.dialplan.diagnostics import quote
from ivr_engine.dialplan.graph import FlowGraph
from ivr_engine.dialplan.reader import Use
from ivr_engine.model.ids import StepName

MOST_REMEMBERED = 6  # choices; besides the keys everybody knows
_KNOWN_TO_ALL = frozenset("0*#")

_Oddity: TypeAlias = tuple[Use, str, str, str]  # where, code, message, remedy


def check_choices(graph: FlowGraph, human: Collection[str], near: Collection[StepName]) -> None:
    """Warn of choices that wait, hide a key of `human`, or are too many. `near`: who has a way to a person."""
    for step in graph.own:
        keys = {use.path[-1]: use for use in graph.uses[step] if use.by_caller and use.path[-2:-1] == ("keys",)}
        for use, code, message, remedy in [*_waiting(keys), *_hiding(keys, human, near)]:
            graph.reader.warn(use.mark, code, message, remedy)
        choices = [key for key in keys if key not in _KNOWN_TO_ALL]
        if len(choices) > MOST_REMEMBERED:
            message = f"{len(choices)} choices in {quote(step)}: callers remember {MOST_REMEMBERED} at best"
            remedy = "lead a key to a second menu, or to a person"
            graph.reader.warn(graph.reader.drafts[step].mark, "W410", message, remedy)


def _waiting(keys: Mapping[str, Use]) -> Iterator[_Oddity]:
    for key, use in keys.items():
        longer = next((other for other in keys if other != key and other.startswith(key)), None)
        if longer:
            message = f"who presses {quote(key)} waits whether more follows: {quote(longer)} is a choice too"
            yield use, "W408", message, "give it a key that begins no other, or shorten `between keys`"


def _hiding(keys: Mapping[str, Use], human: Collection[str], near: Collection[StepName]) -> Iterator[_Oddity]:
    for key, use in keys.items():
        if key in human and use.name not in near:
            message = f"{quote(key)} leads to a person everywhere else, and here to nobody"
            yield use, "W409", message, "give this choice another key"
