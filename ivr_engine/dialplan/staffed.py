"""This file decides whether the pools of a hotline can do what is promised of them. It does not know calls."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ivr_engine.dialplan.diagnostics import guess, quote
from ivr_engine.dialplan.graph import FlowGraph
from ivr_engine.dialplan.hotline import Flow, Hotline
from ivr_engine.dialplan.pools import ANY_CRISIS, PoolPlan
from ivr_engine.dialplan.profiles import check_changes, key_of, mark_of
from ivr_engine.dialplan.queues import QueuePlan
from ivr_engine.dialplan.reader import Reader, Use
from ivr_engine.dialplan.source import Mark, Value
from ivr_engine.model.ids import PoolName, QueueName

_AGENTS_OR_TRUNK = "add `agents: [1001]`, or `trunk: true` with number and capacity"
_LIKE_TRUNK = "write for instance `{trunk: true, number: 8001, capacity: 10}`"


def check_pools(pools: Mapping[PoolName, PoolPlan], marks: Mapping[str, Mark], reader: Reader) -> None:
    """Tell of pools that have no seats, or two kinds of them, or settings of another kind."""
    for name, pool in pools.items():
        wrong = _of_kind(pool)
        if wrong is not None:
            reader.refuse(marks[name], "E310", f"pool {quote(name)} {wrong[0]}", wrong[1])


def _of_kind(pool: PoolPlan) -> tuple[str, str] | None:
    """What is wrong with a pool as one of its kind, and what to do."""
    if pool.trunk and pool.agents:
        return "has both agents and a trunk", "make two pools of it"
    if pool.numbers:
        return _of_numbers(pool)
    if pool.trunk:
        return _of_lines(pool)
    if not pool.agents:
        return "has no seats", _AGENTS_OR_TRUNK
    if pool.number or pool.capacity or pool.most:
        what = "number and capacity are those of a trunk"
        return f"has agents: {what}", "delete them, or make it a trunk: `trunk: true` without agents"
    return None


def _of_lines(pool: PoolPlan) -> tuple[str, str] | None:
    if not (pool.number and pool.capacity):
        return f"does not say the {'number' if pool.capacity else 'capacity'} of its trunk", _LIKE_TRUNK
    if pool.sign_in:
        return "is a trunk: nobody signs in there", "delete `sign in`, or write `agents:` in place of the trunk"
    if pool.most is not None and pool.most < pool.capacity:
        return f"has {pool.capacity} lines and {pool.most} at most", "let `most` be the larger one"
    return None


def _of_numbers(pool: PoolPlan) -> tuple[str, str] | None:
    twice = [name for name in pool.numbers.values() if list(pool.numbers.values()).count(name) > 1]
    if not pool.trunk:
        return "does not say over which trunk its numbers are dialled", "add for instance `trunk: carrier`"
    if pool.number or pool.capacity or pool.most or pool.sign_in:
        return "has numbers: each is one seat", "delete `number`, `capacity`, `most` and `sign in`"
    if twice:
        return f"has two people of the name {quote(twice[0])}", "give each a name of his own"
    return None


def check_promises(
    hotline: Hotline[Any], known: Mapping[str, Mapping[str, Mark | None]], read: Sequence[tuple[Reader, Value | None]]
) -> None:
    """Tell of seats that are kept and not there, of queues nobody serves, and of crises without the seats they ask for.

    `read` are the files of the ordinary flow and of each crisis profile, each with its reader.
    """
    reader = read[0][0]
    lanes = {queue.lane for queue in hotline.queues.values()}
    for name, pool in hotline.pools.items():
        mark = known["pool"][name]
        assert mark is not None
        _check_kept(pool, lanes, mark, reader)
        _check_profiles(pool, hotline.crises, mark, reader)
    below = FlowGraph.of(reader)
    _check_served(hotline, None, below, known["queue"], reader)
    for flow, (own, table) in zip(hotline.crises.values(), read[1:], strict=True):
        graph = FlowGraph.of(own, below)
        _check_served(hotline, flow, graph, known["queue"], reader)
        check_changes(flow, _joined(hotline, graph), own, table)
        for name, change in flow.plan.pools.items() if flow.plan else ():
            if (at := key_of(table, "pools", name)) is not None:
                _check_kept(change.of(hotline.pools[name]).grown(flow.seats), lanes | _lanes_of(flow), at, own)
        for seats, keys in ((flow.seats, ("seats",)), *_seats_by_level(flow)):
            if (value := mark_of(table, *keys)) is not None:
                _check_spare(hotline, flow, _joined(hotline, graph), (seats, value.mark), own)


def _check_kept(pool: PoolPlan, lanes: set[str], mark: Mark, reader: Reader) -> None:
    seats = len(pool.seats)
    reserved = sum(some.of(seats) for some in pool.reserve.values())
    if reserved > seats:
        message = f"pool {quote(pool.name)} has {_seats(seats)}, and {reserved} of them are reserved"
        reader.refuse(mark, "E324", message, "reserve fewer, or add seats")
    if pool.keep_free.of(seats) >= seats:
        message = f"pool {quote(pool.name)} has {_seats(seats)} and keeps {pool.keep_free.of(seats)} free"
        remedy = "keep fewer free, or take the pool out of the queues that have it later"
        reader.refuse(mark, "E324", f"{message}: it never helps another queue", remedy)
    for lane in pool.reserve:
        if lane not in lanes:
            message = f"pool {quote(pool.name)} reserves seats for lane {quote(lane)}, which no queue is in"
            remedy = guess(lane, lanes, f"write `lane: {lane}` at a queue; there are: {', '.join(sorted(lanes))}")
            reader.refuse(mark, "E325", message, remedy)


def _check_profiles(pool: PoolPlan, profiles: Iterable[str], mark: Mark, reader: Reader) -> None:
    every = [*profiles, ANY_CRISIS]
    for name in pool.only_in:
        if name not in every:
            message = f"pool {quote(pool.name)} is at work in crisis {quote(name)} only, and there is no such profile"
            reader.refuse(mark, "E315", message, guess(name, every, f"known: {', '.join(every)}"))


def _check_served(
    hotline: Hotline[Any], flow: Flow[Any] | None, graph: FlowGraph, marks: Mapping[str, Mark | None], reader: Reader
) -> None:
    """Tell of queues to which callers come while none of their pools takes part."""
    profiles = (flow.name,) if flow else ()
    for name in _joined(hotline, graph):
        mark = marks[name]
        if mark and not any(hotline.pools[pool].is_at_work(profiles) for pool in _queue_in(hotline, flow, name).pools):
            when = f"while crisis {quote(flow.name)} is on" if flow else "on ordinary days"
            message = f"nobody serves queue {quote(name)} {when}, and callers come to it"
            reader.refuse(mark, "E326", message, "add a pool without `only in`, or lead them elsewhere")


def _check_spare(
    hotline: Hotline[Any], flow: Flow[Any], queues: Iterable[QueueName], wanted: tuple[int, Mark], reader: Reader
) -> None:
    """Warn of a profile that asks for more seats than there can be."""
    percent, mark = wanted
    changes = flow.plan.pools if flow.plan else {}
    for name in queues:
        usual = sum(len(pool.seats) for pool in _pools_of(hotline, hotline.queues[name]) if pool.is_at_work(()))
        pools = [pool for pool in _pools_of(hotline, _queue_in(hotline, flow, name)) if pool.is_at_work((flow.name,))]
        more = {pool: change.seats for pool, change in changes.items() if change.seats is not None}
        then = sum(len(pool.grown(more.get(pool.name, percent)).seats) for pool in pools)
        if then * 100 < usual * percent:
            message = (
                f"crisis {quote(flow.name)} asks for {percent}% of the seats, which for queue {quote(name)} is"
                f" {-(-usual * percent // 100)}; there would be {then}"
            )
            remedy = "raise `most` of its trunk pools, or add pools with `only in: crisis`"
            reader.warn(mark, "W426", message, remedy)


def _seats_by_level(flow: Flow[Any]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """How many of a hundred seats each level wants, and where that stands."""
    for name, level in flow.plan.levels.items() if flow.plan else ():
        if level.seats is not None:
            yield level.seats, ("levels", name, "seats")


def _pools_of(hotline: Hotline[Any], queue: QueuePlan) -> list[PoolPlan]:
    return [hotline.pools[pool] for pool in queue.pools]


def _queue_in(hotline: Hotline[Any], flow: Flow[Any] | None, name: QueueName) -> QueuePlan:
    """A queue as it is while a profile is on."""
    change = flow.plan.queues.get(name) if flow and flow.plan else None
    return change.of(hotline.queues[name]) if change else hotline.queues[name]


def _joined(hotline: Hotline[Any], graph: FlowGraph) -> Iterator[QueueName]:
    """The queues callers of a flow come to."""
    steps = [None, *graph.reached()]
    names = {use.name for step in steps for use in graph.uses.get(step, ()) if _leads_there(use)}
    yield from (name for name in hotline.queues if name in names)


def _leads_there(use: Use) -> bool:
    """Whether callers come to a queue by it: a profile also names queues that it changes, or takes them out of."""
    changed = use.step is None and (use.path[-1:] in {("queues",), ("deflect",), ("move",)})
    return use.of == "queue" and not use.is_later and not changed


def _seats(many: int) -> str:
    return f"{many} {'seat' if many == 1 else 'seats'}"


def _lanes_of(flow: Flow[Any]) -> set[str]:
    """The lanes queues are in only while a profile is on."""
    return {change.lane for change in flow.plan.queues.values() if change.lane} if flow.plan else set()
