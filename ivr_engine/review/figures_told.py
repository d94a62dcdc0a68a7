"""This file decides which figures of calls a review tells, and how they are laid out. It does not know how to count."""

from collections.abc import Callable, Iterable
from itertools import chain

from ivr_engine.figures.tally import Tally, tally
from ivr_engine.pages import Heading, Line, Part, Plot, Said, Table
from ivr_engine.review.calls import SLOT, EndedCall, left_in_menu, most_common
from ivr_engine.review.reviewed import Reviewed
from ivr_engine.review.seats import sums
from ivr_engine.review.timeline import marks
from ivr_engine.review.wording import NONE, quantile, seconds, share

ANSWER_RATE = 0.95  # of all callers who came to a queue: what a hotline in a crisis is held to
MANY_SLOTS = 60  # more lines than that are an appendix nobody reads: the page has plots, JSON has them all


def figures(one: Reviewed) -> list[Part]:
    """Figures against targets: by queue and time, seats, what callers wanted and where they came from."""
    say = one.say
    parts: list[Part] = [Heading("指标与目标 · Figures against targets"), Said(_explained(one))]
    parts += [_by_queue(one, phase) for phase in one.phases]
    parts += [_of_callers(one), *plots(one), _by_time(one), _by_pool(one)]
    parts += [_top(one, "来电地区 · Regions", lambda call: [call.past.region])]
    parts += [_top(one, "标签 · Tags", lambda call: call.tags)]
    others = sum(one.hours.since <= at < one.hours.until for at in one.gathered.others)
    if others:
        which = say("非演练来电", "calls that were no drill") if one.gathered.drill else say("演练来电", "drill calls")
        parts.append(Said(say(f"未计入：{others} 通{which}。", f"Left out: {others} {which}.")))
    return parts


def total(one: Reviewed, phase: str) -> Tally:
    """All calls that came in a phase."""
    return one.counted("phase", lambda call: one.hours.phase(call.past.arrived_at))[phase]


def whole(one: Reviewed) -> Tally:
    """All calls."""
    return one.counted("all", lambda _: "all")["all"]


def _explained(one: Reviewed) -> str:
    return one.say(
        "与 `ivr figures` 同一口径：进入队列的每通来电计一次，归入最后所在的队列；"
        "主动挂断再快也计为未接通。接通率目标 95%。",
        "Counted as `ivr figures` does: each call that came to a queue once, in the queue that had it last; who gave up"
        " counts against us however soon. 接通率 (answered of offered) is held to 95%.",
    )


_PHASES = {"before": "之前 · before", "during": "期间 · during", "after": "之后 · after"}


def _by_queue(one: Reviewed, phase: str) -> Table:
    def group(call: EndedCall) -> str | None:
        return call.past.queue if one.hours.phase(call.past.arrived_at) == phase else None

    found = one.counted(f"queues {phase}", group)
    rows = [_row(name, found[name], one.question.target_of(name).share) for name in sorted(found.tallies)]
    if len(rows) > 1:
        rows.append(_row(one.say("合计", "all"), total(one, phase), None))
    columns = ("queue", "offered", "answered", "接通率", "95%", "in target", "gave up", "p50", "p90", "max")
    return Table(_PHASES[phase], columns, [row for row in rows if row[1] != "0"])


def _row(name: str, calls: Tally, promised: float | None) -> tuple[str, ...]:
    met = "" if not calls.offered else ("✓" if calls.answered >= ANSWER_RATE * calls.offered else "✗")
    in_time = share(calls.in_time, calls.offered)
    if promised is not None and calls.offered:
        in_time += " ✓" if calls.in_time >= promised * calls.offered else f" ✗ ({promised:.0%})"
    waits = (quantile(calls.waits, 0.5), quantile(calls.waits, 0.9), max(calls.waits, default=None))
    figures = (f"{calls.offered:,}", f"{calls.answered:,}", share(calls.answered, calls.offered), met, in_time)
    return (name, *figures, f"{calls.abandoned:,}", *map(seconds, waits))


def _of_callers(one: Reviewed) -> Table:
    rows = []
    for phase in one.phases:
        mine = [call for call in one.calls if one.hours.phase(call.past.arrived_at) == phase]
        theirs = [call for call in mine if not call.called]
        left = left_in_menu(theirs)
        asked = sum(call.asked_back for call in theirs)
        reached = sum(call.called and call.past.connected_at is not None for call in mine)
        outside = sum(call.past.transferred_at is not None for call in theirs)
        cells = (f"{len(theirs):,}", f"{left:,} ({share(left, len(theirs))})", f"{outside:,}", f"{asked:,}")
        rows.append((_PHASES[phase], *cells, f"{reached:,}"))
    columns = ("", "calls", "hung up in menu", "transferred outside", "call-backs asked for", "called back, reached")
    return Table("来电去向 · What became of callers", columns, rows)


# --- over the time --------------------------------------------------------------------------------------------------


def _tallies(one: Reviewed) -> list[Tally]:
    found = one.counted("slots", lambda call: str(call.past.arrived_at // SLOT * SLOT))
    return [found[str(slot)] for slot in one.slots]


def _by_time(one: Reviewed) -> Table:
    rows: list[tuple[str, ...]] = []
    step = -(-len(one.slots) // MANY_SLOTS)
    each = _tallies(one)
    for place in range(0, len(one.slots), step):
        calls = tally(one.question.bands)
        for other in each[place : place + step]:
            calls.merge(other)
        slots = one.slots[place : place + step]
        most = max((sum(one.gathered.seats.waiting.get(slot, {}).values()) for slot in slots), default=0)
        rate = share(calls.answered, calls.offered)
        cells = (f"{calls.offered:,}", f"{calls.answered:,}", rate, f"{calls.in_time:,}", f"{calls.abandoned:,}")
        rows.append((one.say.minutes(slots[0]), *cells, f"{most:,}", seconds(quantile(calls.waits, 0.9))))
    minutes = step * int(SLOT // 60)
    columns = ("from", "offered", "answered", "接通率", "in time", "gave up", "most waiting", "wait p90")
    return Table(f"每 {minutes} 分钟 · By {minutes} minutes", columns, rows)


def plots(one: Reviewed) -> list[Part]:
    """Over the time, with the moments of the timeline."""
    clock, each, at = [one.say.minutes(slot) for slot in one.slots], _tallies(one), _marks(one)
    came = {
        one.say("进入队列", "offered"): [float(calls.offered) for calls in each],
        one.say("接通", "answered"): [float(calls.answered) for calls in each],
        one.say("放弃", "gave up"): [float(calls.abandoned) for calls in each],
    }
    rates: dict[str, Line] = {
        one.say("接通率", "answer rate"): [
            100 * calls.answered / calls.offered if calls.offered else None for calls in each
        ],
        "95%": [95.0 for _ in each],
    }
    waiting = one.gathered.seats.waiting
    queues = sorted({name for slot in one.slots for name in waiting.get(slot, {})})
    waits = {name: [float(waiting.get(slot, {}).get(name, 0)) for slot in one.slots] for name in queues}
    return [
        Plot("每 5 分钟来电 · Calls by 5 minutes", clock, came, at),
        Plot("接通率 % · Answer rate", clock, rates, at, grey="95%", top=100.0),
        Plot("最多同时等待 · Most waiting at once", clock, waits, at),
        Plot("占用坐席 · Seats busy by pool", clock, _busy(one), at, grey="on duty"),
    ]


def _marks(one: Reviewed) -> list[tuple[float, str]]:
    """Not the same again within the same five minutes."""
    seen: dict[tuple[int, str], tuple[float, str]] = {}
    for moment in marks(one.moments):
        place = (moment.at - one.slots[0]) / SLOT
        seen.setdefault((int(place), moment.short), (place, moment.short))
    return list(seen.values())


def _busy(one: Reviewed) -> dict[str, list[float | None]]:
    pools = one.gathered.seats.pools
    names = sorted({name for slot in one.slots for name, time in pools.get(slot, {}).items() if time.on_duty})
    lines: dict[str, list[float | None]] = {
        name: [time.busy / SLOT if (time := pools.get(slot, {}).get(name)) else None for slot in one.slots]
        for name in names
    }
    there = [sum(time.on_duty for time in pools.get(slot, {}).values()) / SLOT for slot in one.slots]
    return {**lines, "on duty": list(there)}


# --- seats, regions, tags -------------------------------------------------------------------------------------------


def _by_pool(one: Reviewed) -> Table:
    served = one.counted("pools", lambda call: call.past.pool)
    answered = sum(calls.answered for calls in served.tallies.values())
    times = sums(one.gathered.seats.pools, one.hours.since, one.hours.until)
    length = max(1.0, one.hours.until - one.hours.since)
    rows = []
    for name in sorted({*served.tallies, *(name for name, time in times.items() if time.on_duty)}):
        calls, time = served[name], times.get(name)
        busy = share(time.busy, time.on_duty) if time else NONE
        there = f"{time.on_duty / length:.1f}" if time else NONE
        full = one.say.length(time.full) if time else NONE
        overflow = f"{calls.overflow:,} ({share(calls.overflow, answered)})"
        rows.append((name, there, busy, full, f"{calls.answered:,}", share(calls.answered, answered), overflow))
    columns = ("pool", "seats there", "busy", "none ready for", "answered", "of all answered", "of it overflow")
    return Table("资源池 · Pools", columns, rows)


def _top(one: Reviewed, title: str, names: Callable[[EndedCall], Iterable[str]]) -> Table:
    during = [call for call in one.calls if one.hours.phase(call.past.arrived_at) == "during"]
    rows = [
        (name, f"{many:,}", share(many, len(during)))
        for name, many in most_common(chain.from_iterable(names(call) for call in during))
    ]
    return Table(f"{title} ({one.say('期间', 'during')})", ("", "calls", ""), rows)
