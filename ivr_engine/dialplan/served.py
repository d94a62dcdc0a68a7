"""This file decides whether anybody can ever serve the callers of a queue. It does not know who is on the phone.

Nobody may ask for what no seat of his queue has, and nobody should wait for ever because others come before him.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from ivr_engine.dialplan.diagnostics import guess, quote
from ivr_engine.dialplan.files import SeatsFile
from ivr_engine.dialplan.hotline import PoolPlan, QueuePlan
from ivr_engine.dialplan.reader import Reader, Use
from ivr_engine.dialplan.skills import AgentPlan
from ivr_engine.dialplan.source import Mark
from ivr_engine.model.ids import PoolName, QueueName, SeatId, StepName
from ivr_engine.model.skills import LANGUAGE, Skills, at_most, meets, skills_of, spoken


@runtime_checkable
class Asking(Protocol):
    """A step that brings callers to a queue, and may ask for more than the queue does."""

    queue: QueueName
    needs: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class People:
    """Who serves, and who waits for whom, in all files of a hotline. `languages` are the hotline's."""

    pools: dict[PoolName, PoolPlan] = field(default_factory=dict)
    queues: dict[QueueName, QueuePlan] = field(default_factory=dict)
    agents: dict[SeatId, AgentPlan] = field(default_factory=dict)
    languages: tuple[str, ...] = ()

    def skills_in(self, queue: QueuePlan) -> frozenset[Skills]:
        """What the seats of a queue can do."""
        pools = [self.pools[name] for name in queue.pools if name in self.pools]
        return frozenset(skills for pool in pools for skills in self._skills_of(pool))

    def _skills_of(self, pool: PoolPlan) -> Iterator[Skills]:
        if pool.trunk:
            yield skills_of(pool.skills)
        for agent in pool.agents:
            yield skills_of(pool.skills, self.agents[agent].skills if agent in self.agents else {})


def people_in(files: Iterable[SeatsFile], languages: tuple[str, ...]) -> People:
    """Those of all files."""
    people = People(languages=languages)
    for file in files:
        people.pools.update(file.pools)
        people.queues.update(file.queues)
        people.agents.update(file.agents)
    return people


def check_served(people: People, readers: Iterable[Reader]) -> None:
    """Tell of needs that nobody meets."""
    for reader in readers:
        for use in reader.uses:
            queue = _queue_of(use, people, reader) if use.of == "skill" else None
            if queue is not None:
                _check_level(use, queue, people, reader)
        for name, draft in reader.drafts.items():
            if isinstance(draft.node, Asking) and draft.node.needs and draft.node.queue in people.queues:
                queue = people.queues[draft.node.queue]
                _check_all(queue, (queue.needs, draft.node.needs), people, _mark_of(name, reader) or draft.mark, reader)


def check_queues(people: People, queues: Mapping[str, Mark], ageing: float | None, reader: Reader) -> None:
    """Tell of queues whose own needs nobody meets, and warn where others may come before somebody for ever."""
    for queue in people.queues.values():
        if queue.needs:
            _check_all(queue, (queue.needs,), people, queues[queue.name], reader)
    behind = {queue.name: _who_comes_before(queue, people) for queue in people.queues.values()}
    last = min(people.queues.values(), key=lambda queue: queue.priority, default=None)
    if ageing is None and last is not None and behind[last.name]:
        others = ", ".join(quote(name) for name in behind[last.name])
        message = f"callers of {quote(last.name)} may wait for ever while others come to {others}"
        remedy = "write `ageing: 10s` in the hotline's file: so long a wait is worth one point of priority"
        reader.warn(queues[last.name], "W431", message, remedy)


def _who_comes_before(queue: QueuePlan, people: People) -> list[QueueName]:
    """Queues of higher priority that have every pool this one has; none if it has seats of its own, or reserved."""
    higher = [other for other in people.queues.values() if other.priority > queue.priority]
    reserved = {name for name, pool in people.pools.items() if queue.lane in pool.reserve}
    theirs = {name for other in higher for name in other.pools if other.lane == queue.lane or name not in reserved}
    return [other.name for other in higher if set(other.pools) & set(queue.pools)] if set(queue.pools) <= theirs else []


def _queue_of(use: Use, people: People, reader: Reader) -> QueuePlan | None:
    """The queue whose callers need it."""
    if use.step is not None:
        node = reader.drafts[use.step].node
        return people.queues.get(node.queue) if isinstance(node, Asking) else None
    return people.queues.get(QueueName(use.path[1])) if use.path[:1] == ("queues",) else None


def _check_level(use: Use, queue: QueuePlan, people: People, reader: Reader) -> None:
    """Tell of a skill that nobody of a queue has, or not so well."""
    wanted = _level_at(use, queue, reader)
    languages = people.languages[1:] if use.name == LANGUAGE else (use.name,)
    for name in languages:
        levels = {level for skills in people.skills_in(queue) for skill, level in skills if skill == name}
        if levels and max(levels) >= wanted:
            continue
        best = f"; the best has {max(levels)}" if levels else ""
        message = f"nobody in the pools of {quote(queue.name)} has the skill {quote(name)} at level {wanted}{best}"
        known = {skill for skills in people.skills_in(queue) for skill, _ in skills}
        remedy = "ask for less, or give it to somebody under `agents:`"
        reader.refuse(use.mark, "E319", message, remedy if levels else guess(name, sorted(known), remedy))


def _level_at(use: Use, queue: QueuePlan, reader: Reader) -> int:
    if use.step is not None:
        node = reader.drafts[use.step].node
        return int(node.needs[use.name])
    if "widen" not in use.path:
        return queue.needs[use.name]
    number = int(use.path[3]) if use.path[3].isdecimal() else 1
    return queue.widen[number - 1].needs[use.name]


def _check_all(
    queue: QueuePlan, asked: Sequence[Mapping[str, int]], people: People, mark: Mark, reader: Reader
) -> None:
    """Tell of needs that somebody meets one by one, and nobody all of them, however long one waits."""
    everybody = people.skills_in(queue)
    first = people.languages[0] if people.languages else ""
    for language in people.languages or ("",):
        needs = skills_of(*(spoken(one, language, first) for one in asked))
        stages = [needs]
        for stage in queue.widen:
            stages.append(at_most(stages[-1], spoken(stage.needs, language, first)))
        if any(meets(skills, stage) for skills in everybody for stage in stages):
            continue
        if len(needs) > 1:
            wanted = ", ".join(f"{name} {level}" for name, level in needs)
            message = f"nobody in the pools of {quote(queue.name)} has all of {quote(wanted)}"
            reader.refuse(mark, "E319", message, "ask for less, or add `widen: [{after: 60s, needs: {}}]` to the queue")
        return


def _mark_of(step: StepName, reader: Reader) -> Mark | None:
    return next((use.mark for use in reader.uses if use.of == "skill" and use.step == step), None)
