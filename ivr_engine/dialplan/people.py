"""This file decides whether every caller can come to a person. It does not know any word, or who is on the phone.

A step of which the caller can leave by a key is one where he listens. A queue and a destination are people; a recorder
and a wish to be called back are enough for one who presses nothing, but no way to a person. `human` keys of the flow
are a way from everywhere. Who has talked to a person already is no concern here.
"""

from collections.abc import Iterable, Iterator, Mapping

from ivr_engine.dialplan.diagnostics import quote
from ivr_engine.dialplan.graph import FlowGraph
from ivr_engine.dialplan.reader import Use
from ivr_engine.dialplan.steps import OTHERWISE
from ivr_engine.model.ids import StepName

_PEOPLE = frozenset({"queue", "destination"})
_REMEDY = "lead a key to `{enqueue: general}`, or add `human: {keys: [0], to: {enqueue: general}}`"


def check_people(graph: FlowGraph, human: StepName | None) -> None:
    """Warn where callers listen and have no way to a person, or have none unless they press the right key."""
    near = who_comes_to_people(graph)
    everywhere = human in near
    if not everywhere:
        _check_ways(graph, near)
    silent = who_comes_to_people(graph, silent=True)
    for step in _listening(graph):
        if step in graph.own and (everywhere or step in near) and not _is_with_people(graph, step):
            _check_patience(graph, step, silent)


def _check_ways(graph: FlowGraph, near: set[StepName]) -> None:
    told: set[StepName] = set()
    for step in _listening(graph):
        if step not in near and step not in told:
            told |= {step} | _reach(graph, [step])
            if step in graph.own:
                message = f"callers of {quote(step)} have no way to a person"
                graph.reader.warn(graph.reader.drafts[step].mark, "W404", message, _REMEDY)
    for use in graph.uses[None]:
        if use.of == "step" and not use.by_caller and use.name in graph.uses and use.name not in near and not told:
            message = "no caller of this flow comes to a person"
            graph.reader.warn(use.mark, "W404", message, "lead one of its steps to `{enqueue: general}`")


def _check_patience(graph: FlowGraph, step: StepName, silent: set[StepName]) -> None:
    """Tell where patience with a caller ends in nothing: he may not see the keys, or have none."""
    for use in graph.uses[step]:
        is_wrong = use.by_caller and "wrong" in use.path
        if use.of != "step" or use.name in silent or not (is_wrong or not use.by_caller):
            continue
        who = "only wrong keys" if is_wrong else "nothing"
        message = f"a caller who presses {who} in {quote(step)} never comes to a person"
        graph.reader.warn(use.mark, "W405", message, "lead him to `{enqueue: general}`")


def _listening(graph: FlowGraph) -> Iterator[StepName]:
    """The steps callers come to and can leave by a key, in the order of the file."""
    onward = {step: [StepName(use.name) for use in _before_talk(graph, step)] for step in graph.uses}
    reached = _closure([*onward[None], OTHERWISE], {step: ways for step, ways in onward.items() if step})
    for step, uses in graph.uses.items():
        if step in reached and any(use.of == "step" and use.by_caller for use in uses):
            assert step is not None, "callers come to steps"
            yield step


def who_comes_to_people(graph: FlowGraph, *, silent: bool = False) -> set[StepName]:
    """The steps from which a person can be reached; `silent`: or one who hears later, without pressing a key."""
    back: dict[StepName, list[StepName]] = {}
    waiting: list[StepName] = []
    for step, uses in graph.uses.items():
        if step is None:
            continue
        if any(use.of in _PEOPLE and (silent or not use.is_later) for use in uses):
            waiting.append(step)
        for onto in graph.targets(step, silent=silent):
            back.setdefault(onto, []).append(step)
    return _closure(waiting, back)


def _is_with_people(graph: FlowGraph, step: StepName) -> bool:
    return any(use.of in _PEOPLE and not use.is_later for use in graph.uses[step])


def _before_talk(graph: FlowGraph, step: StepName | None) -> Iterator[Use]:
    return (use for use in graph.uses[step] if use.of == "step" and use.name in graph.uses and not use.after_talk)


def _reach(graph: FlowGraph, start: Iterable[StepName]) -> set[StepName]:
    return _closure(start, {step: list(graph.targets(step)) for step in graph.uses if step})


def _closure(start: Iterable[StepName], onward: Mapping[StepName, Iterable[StepName]]) -> set[StepName]:
    found: set[StepName] = set()
    waiting = list(start)
    while waiting:
        step = waiting.pop()
        if step not in found:
            found.add(step)
            waiting.extend(onward.get(step, ()))
    return found
