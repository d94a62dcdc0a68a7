"""This file decides whether all names lead somewhere and no caller is lost on the way. It does not know any word.

What leads where was collected while the fields were read, so a new word needs nothing here.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from ivr_engine.dialplan.diagnostics import guess, quote
from ivr_engine.dialplan.reader import Reader, Use
from ivr_engine.dialplan.source import Mark
from ivr_engine.dialplan.steps import OTHERWISE, RETURN
from ivr_engine.dialplan.values import known_elsewhere, known_there
from ivr_engine.model.ids import StepName

MOST_SHOWN = 8  # steps of a circle; nobody follows a longer one with his eyes

_CODES = {
    "queue": "E302",
    "pool": "E303",
    "agent": "E304",
    "seat": "E304",
    "step": "E301",
    "profile": "E315",
    "destination": "E311",
    "shift": "E312",
    "lookup": "E313",
    "value": "E314",
    "skill": "E318",
}
_USED_BY = {
    "queue": "step leads to",
    "pool": "queue waits for",
    "destination": "step transfers to",
    "shift": "step asks for",
    "lookup": "step makes use of",
}


_LEADING = {  # how callers come to what is no step
    "queue": "write `{{enqueue: {}}}`",
    "destination": "write `{{transfer: {}, failed: …}}`",
    "shift": "write a step `{{hours: {}, inside: …, outside: …}}`",
    "lookup": "write a step `{{lookup: {}, then: …, failed: …}}`",
    "pool": "`enqueue` a queue that has it among its `pools`",
}


@dataclass(frozen=True, slots=True)
class FlowGraph:
    """A flow as read: the steps one can name in it, with what each uses. `own` says which its own file holds."""

    reader: Reader
    own: frozenset[StepName]
    uses: Mapping[StepName | None, tuple[Use, ...]]  # None: the flow itself, where callers enter

    @classmethod
    def of(cls, reader: Reader, below: "FlowGraph | None" = None) -> "FlowGraph":
        """The graph of what `reader` read, on top of a flow whose steps it may use as well."""
        mine: dict[StepName | None, list[Use]] = {None: [], **{name: [] for name in reader.drafts}}
        mine[RETURN] = []
        for use in reader.uses:
            # Back to where a flow was called from: whoever returns may come to any of those places.
            mine.setdefault(RETURN if use.comes_back else use.step, []).append(use)
        uses = dict(below.uses) if below else {}
        mine[RETURN] += uses.get(RETURN, ())
        uses.update({step: tuple(steps) for step, steps in mine.items()})
        return cls(reader, frozenset(reader.drafts), uses)

    def targets(self, step: StepName | None, *, silent: bool = False) -> Iterator[StepName]:
        """The steps a caller can reach next; `silent`: without pressing a key."""
        for use in self.uses[step]:
            if use.of == "step" and use.name in self.uses and not (silent and use.by_caller):
                yield StepName(use.name)

    def reached(self) -> set[StepName]:
        """Every step a caller can come to."""
        found: set[StepName] = set()
        waiting = [*self.targets(None), *([OTHERWISE] if OTHERWISE in self.uses else [])]
        while waiting:
            step = waiting.pop()
            if step not in found:
                found.add(step)
                waiting.extend(self.targets(step))
        return found


def check_names(reader: Reader, known: Mapping[str, Iterable[str]]) -> None:
    """Tell of every queue, pool and agent that is named but declared nowhere. A kind not in `known` is skipped."""
    for use in reader.uses:
        names = sorted({*known.get(use.of, ()), *known_there(use)})
        if use.of not in known or use.name in names:
            continue
        remedy = guess(use.name, names, f"known: {', '.join(names[:10])}" if names else f"no {use.of} is declared yet")
        remedy = known_elsewhere(use) or remedy
        reader.refuse(use.mark, _CODES[use.of], f"there is no {use.of} {quote(use.name)}", remedy)


def check_used(readers: Iterable[Reader], known: Mapping[str, Mapping[str, Mark | None]], reporter: Reader) -> None:
    """Warn of what is declared and never used. Agents are by being there; what is kept of a caller, people may read."""
    used = {(use.of, use.name) for reader in readers for use in reader.uses}
    for of, names in known.items():
        for name, mark in names.items() if of in _USED_BY else ():
            if mark and (of, name) not in used:
                message, remedy = f"no {_USED_BY[of]} {of} {quote(name)}", "use it, or delete it"
                if of == "queue":
                    remedy = "`enqueue` it somewhere, or delete it"
                reporter.warn(mark, "W403" if of == "queue" else "W406", message, remedy)


def check_targets(graph: FlowGraph, others: Mapping[str, Iterable[str]]) -> None:
    """Tell of every step that is named but not there. `others`: what else has names, by what it is."""
    known = [name for name in graph.uses if name and name != RETURN and "." not in name]
    for use in graph.reader.uses:
        if use.of != "step" or use.name in graph.uses:
            continue
        if use.left_out:
            remedy = f"write it, or a step {quote(OTHERWISE)} for all who are left without"
            message = f"nothing says where the caller goes: {use.where} is not there"
        else:
            message = f"there is no step {quote(use.name)}"
            remedy = guess(use.name, known, "write it under `steps:`, or name another")
            remedy = _led_by_a_word(use.name, others) or remedy
        graph.reader.refuse(use.mark, "E301", message, remedy)


def _led_by_a_word(name: str, others: Mapping[str, Iterable[str]]) -> str:
    """The remedy for a name that is known, but is no step's."""
    of = next((of for of in _LEADING if name in others.get(of, ())), None)
    return f"{quote(name)} is a {of}: {_LEADING[of].format(name)}" if of else ""


def check_reached(graphs: Iterable[FlowGraph]) -> None:
    """Warn of steps that no caller of any flow comes to."""
    every = list(graphs)
    reached = {step for graph in every for step in graph.reached()}
    for graph in every:
        for name, draft in graph.reader.drafts.items():
            if name not in reached and "." not in name and name != OTHERWISE:
                message = f"no caller can reach step {quote(name)}"
                graph.reader.warn(draft.mark, "W401", message, "lead a key or a `then` here, or delete it")


def check_loops(graph: FlowGraph) -> None:
    """Tell of every circle that a caller who presses nothing could never leave."""
    for circle in _circles(graph):
        if graph.own.isdisjoint(circle):
            continue  # told where the normal flow is checked
        among = set(circle)
        first = next(name for name in graph.reader.drafts if name in among)
        at = circle.index(first)
        around = [*circle[at:], *circle[:at]]
        message = f"a caller who presses nothing goes round for ever: {_way(graph, around)}"
        graph.reader.refuse(graph.reader.drafts[first].mark, "E305", message, _way_out(graph, around))


def _way(graph: FlowGraph, around: list[StepName]) -> str:
    """A circle, with the setting that leads from each step to the next."""
    ways = [f"{step} —{_setting(graph, step, onto)}→ " for step, onto in pairwise([*around, around[0]])]
    if len(ways) > MOST_SHOWN:
        ways = [*ways[:MOST_SHOWN], f"… ({len(ways) - MOST_SHOWN} more) → "]
    return "".join([*ways, around[0]])


def _way_out(graph: FlowGraph, around: list[StepName]) -> str:
    """What to do: who was sent away by a queue must not come back to it by himself."""
    for step, onto in pairwise([*around, around[0]]):
        if any(use.of == "queue" for use in graph.uses[step]):
            setting = _setting(graph, step, onto)
            return f"let {quote(setting)} of {quote(step)} lead to a `hangup`, or put a menu in between"
    return "lead one of these steps to a queue, or put a menu in between"


def _setting(graph: FlowGraph, step: StepName, onto: StepName) -> str:
    found = next(use for use in graph.uses[step] if use.of == "step" and use.name == onto and not use.by_caller)
    return " › ".join(found.path[1:])


def _circles(graph: FlowGraph) -> Iterator[list[StepName]]:
    """Circles of steps left without a key. Steps that end somewhere are taken away; from the rest none ends."""
    onward = {step: list(dict.fromkeys(graph.targets(step, silent=True))) for step in graph.uses if step}
    left = _without_ends(onward)
    told: set[StepName] = set()
    for start in onward:
        trail: dict[StepName, None] = {}
        step = start
        while step in left and step not in told and step not in trail:
            trail[step] = None
            step = next(onto for onto in onward[step] if onto in left)
        if step in trail:
            steps = list(trail)
            yield steps[steps.index(step) :]
        told.update(trail)


def _without_ends(onward: Mapping[StepName, list[StepName]]) -> set[StepName]:
    """The steps from which a circle can be reached."""
    ways = {step: len(steps) for step, steps in onward.items()}
    back: dict[StepName, list[StepName]] = {step: [] for step in onward}
    for step, steps in onward.items():
        for onto in steps:
            back[onto].append(step)
    ends = [step for step, count in ways.items() if count == 0]
    left = set(onward)
    while ends:
        end = ends.pop()
        left.discard(end)
        for step in back[end]:
            ways[step] -= 1
            if ways[step] == 0:
                ends.append(step)
    return left
