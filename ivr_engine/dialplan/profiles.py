"""This file decides whether crisis profiles can be told apart, and be switched. What callers hear it does not know."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol, runtime_checkable

from ivr_engine.dialplan.crises import CrisisPlan, PersonPlan
from ivr_engine.dialplan.diagnostics import quote
from ivr_engine.dialplan.hotline import NORMAL, Flow
from ivr_engine.dialplan.reader import Reader
from ivr_engine.dialplan.served import Asking
from ivr_engine.dialplan.source import Mark, Scalar, Table, Value
from ivr_engine.model.ids import QueueName, StepName


@runtime_checkable
class Passing(Protocol):
    """A step that is nothing but a second name of another; a circle of them is refused before."""

    step: StepName


class ProfilePart(Protocol):
    """The file of a profile, as far as it could be read."""

    reader: Reader
    table: Value | None
    content: Any


def check_profiles(parts: Iterable[ProfilePart], people: Mapping[str, PersonPlan]) -> None:
    """Tell of profiles nobody could switch on: their name or code means something else, or nobody may."""
    names: dict[str, str] = {NORMAL: "the flow of ordinary days"}
    codes: dict[str, str] = {}
    for part in parts:
        name, code = mark_of(part.table, "crisis"), mark_of(part.table, "code")
        if isinstance(name, Scalar):
            if name.text in names:
                message = f"the profile name {quote(name.text)} is taken by {names[name.text]}"
                part.reader.refuse(name.mark, "E309", message, "give this profile another name")
            names.setdefault(name.text, name.mark.source.name)
        if isinstance(code, Scalar):
            if code.text in codes:
                message = f"the phone code {quote(code.text)} already switches the profile in {codes[code.text]}"
                part.reader.refuse(code.mark, "E331", message, "give this profile another code")
            codes.setdefault(code.text, code.mark.source.name)
        if isinstance(part.content, CrisisPlan):
            _check_two(part.content, people, part)


def who_may(people: Mapping[str, PersonPlan], plan: CrisisPlan) -> bool:
    """Whether there are those a switch of this profile needs: one who switches it, and another who says yes."""
    switch = {name for name, person in people.items() if "switch" in person.may}
    confirm = {name for name, person in people.items() if "confirm" in person.may}
    if not plan.two_people:
        return bool(switch) or not people
    return not people or any(one != other for one in switch for other in confirm)


def _check_two(plan: CrisisPlan, people: Mapping[str, PersonPlan], part: ProfilePart) -> None:
    two = mark_of(part.table, "two people")
    if plan.two_people and two is not None and not who_may(people, plan):
        message = f"switching {quote(plan.name)} takes two people, and `people` has no two who may switch and confirm"
        part.reader.refuse(two.mark, "E334", message, "let one more `may: [confirm]`, or delete `two people`")


def check_changes(flow: Flow[Any], joined: Iterable[QueueName], reader: Reader, table: Value | None) -> None:
    """Tell of queues that a profile changes in vain, and of callers who are led away and straight back."""
    plan, callers_come = flow.plan, set(joined)
    if plan is None:
        return
    for name in plan.queues:
        mark = key_of(table, "queues", name)
        if mark is not None and name not in callers_come:
            message = f"crisis {quote(plan.name)} changes queue {quote(name)}, to which none of its callers comes"
            reader.warn(mark, "W435", message, "delete it, or lead callers there")
    for name, deflection in plan.deflect.items():
        mark = key_of(table, "deflect", name)
        if mark is not None and _comes_at_once(flow, deflection.then, name):
            message = f"who is led away from queue {quote(name)} comes straight back there"
            reader.refuse(mark, "E332", message, "lead him to words or a menu in between")


def _comes_at_once(flow: Flow[Any], step: StepName, queue: QueueName) -> bool:
    """Whether a step is a place in a queue, or a second name of one."""
    while isinstance(node := flow.steps[step], Passing):
        step = node.step
    return isinstance(node, Asking) and node.queue == queue


def mark_of(table: Value | None, *keys: str) -> Value | None:
    """What stands under keys of a file, one inside the other; None if nobody wrote it."""
    for key in keys:
        table = table.get(key) if isinstance(table, Table) else None
    return table


def key_of(table: Value | None, *keys: str) -> Mark | None:
    """Where a key itself stands."""
    inside = mark_of(table, *keys[:-1])
    entries = inside.entries if isinstance(inside, Table) else ()
    return next((entry.key.mark for entry in entries if entry.key.text == keys[-1]), None)


def profiles_in(tables: Iterable[Value | None]) -> dict[str, Mark | None]:
    """Every crisis profile, and where it is declared."""
    named = (table.get("crisis") for table in tables if isinstance(table, Table))
    return {name.text: name.mark for name in named if isinstance(name, Scalar)}
