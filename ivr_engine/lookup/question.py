"""This file decides which request a question is: a value stays one piece of it. It does not know who is asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from ivr_engine.dialplan.lookups import VALUE_IN_PATH, LookupPlan
from ivr_engine.model.ids import LookupName


@dataclass(frozen=True, slots=True)
class Question:
    """A request: GET `path`, or POST `body` to it; and what is wanted of the answer."""

    lookup: LookupName
    system: str
    path: str
    body: tuple[tuple[str, str], ...]
    keep: tuple[tuple[str, str], ...]  # a changed dialplan may keep something else of the same answer


def question(plan: LookupPlan, values: Mapping[str, str]) -> Question | None:
    """The request for a caller. None if his address lacks a value: nobody can know him by it."""
    values = {name: "".join(char for char in value if char.isprintable()) for name, value in values.items()}
    named = VALUE_IN_PATH.findall(plan.path)
    # Dots alone would lead to another place, and no quoting keeps them from it.
    if any(not values.get(name, "").strip(". ") for name in named):
        return None
    path = VALUE_IN_PATH.sub(lambda found: quote(values[found[1]], safe=""), plan.path)
    body = tuple((name, values.get(name, "")) for name in plan.send)
    return Question(plan.name, plan.system, path, body, tuple(plan.keep.items()))
