"""This file decides what a review tells of what was used, and of what was missing. It does not know how calls went."""

from bisect import bisect_left
from dataclasses import dataclass

from ivr_engine.figures.demand import Demand
from ivr_engine.model.alarms import ClockChanged
from ivr_engine.model.crises import RunningClock
from ivr_engine.model.notices import OverflowChanged
from ivr_engine.pages import Heading, Part, Said, Table
from ivr_engine.review.calls import SLOT
from ivr_engine.review.figures_told import ANSWER_RATE
from ivr_engine.review.reviewed import Reviewed
from ivr_engine.review.seats import sums
from ivr_engine.review.wording import NONE, share
from ivr_engine.staffing import Forecast, Load, forecast, load_from
from ivr_engine.staffing.erlang_a import MOST_SEATS

HALF_HOUR = 1800.0


def overflow(one: Reviewed) -> list[Part]:
    """Which pools were open to which queue, for how long, and whom they served."""
    spans: dict[tuple[str, str], list[tuple[float, float]]] = {}
    opened: dict[tuple[str, str], float] = {}
    for happened in one.gathered.happened:
        what = happened.what
        if isinstance(what, OverflowChanged):
            key = (str(what.queue), str(what.pool))
            if what.open:
                opened.setdefault(key, max(what.at, one.hours.since))
            elif key in opened:
                spans.setdefault(key, []).append((opened.pop(key), what.at))
    for key, at in opened.items():
        spans.setdefault(key, []).append((at, one.hours.until))
    served = one.counted("overflow", lambda call: f"{call.past.queue} {call.past.pool}" if call.past.overflow else None)
    keys = sorted({*spans, *((name.split(" ", 1)[0], name.split(" ", 1)[1]) for name in served.tallies)})
    rows = []
    for queue, pool in keys:
        mine = [(max(since, one.hours.since), until) for since, until in spans.get((queue, pool), [])]
        length = sum(max(0.0, until - since) for since, until in mine)
        first = one.say.clock(min(since for since, _ in mine)) if mine else NONE
        answered = served[f"{queue} {pool}"].answered
        rows.append((queue, pool, first, one.say.length(length) if mine else NONE, str(len(mine)), f"{answered:,}"))
    columns = ("queue", "pool", "first opened", "open for", "times", "answered")
    return [Heading("溢出 · Overflow"), Table("", columns, rows)]


def clocks(one: Reviewed) -> list[Part]:
    """What had to be done by when, and who did it."""
    say, rows = one.say, []
    for clock in clocks_of(one):
        late = None if clock.done_at is None else clock.done_at - clock.due
        how = say("按时", "in time")
        if clock.done_at is None:
            how = say("未完成", "not done") if clock.overdue else say("随预案结束", "ended with it")
        elif late is not None and late > 0:
            how = say(f"晚 {say.length(late)}", f"{say.length(late)} late")
        done = (say.clock(clock.done_at), clock.done_by or NONE)
        rows.append((f"{clock.profile} / {clock.clock}", say.clock(clock.begun_at), say.clock(clock.due), *done, how))
    columns = ("", say("开始", "begun"), say("截止", "due"), say("完成", "done"), say("责任人", "by"), "")
    return [Heading("时限 · Clocks"), Table("", columns, rows, words=True)] if rows else []


def clocks_of(one: Reviewed) -> list[RunningClock]:
    """Each clock as it stood last, in the order in which they were due."""
    last: dict[tuple[str, str, float], RunningClock] = {}
    for happened in one.gathered.happened:
        if isinstance(happened.what, ClockChanged):
            clock = happened.what.clock
            last[clock.profile, clock.clock, clock.begun_at] = clock
    return sorted(last.values(), key=lambda clock: clock.due)


# --- seats ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Lack:
    """The busiest half hour from `since` on: what was asked, the seats there were in the mean, and those it needed."""

    since: float
    load: Load
    there: float
    needed: Forecast | None
    had: Forecast


def lack(one: Reviewed) -> Lack | None:
    """What Erlang A says of the busiest half hour; None if nobody was answered in it."""
    times = sorted(call.past.enqueued_at for call in one.calls if call.past.enqueued_at is not None)
    if not times:
        return None
    since = max(times, key=lambda at: bisect_left(times, at + HALF_HOUR) - bisect_left(times, at))
    demand = Demand()
    for call in one.calls:
        if call.past.enqueued_at is not None and since <= call.past.enqueued_at < since + HALF_HOUR:
            demand.count(call.past, 20.0)
    pools = sums(one.gathered.seats.pools, since, since + HALF_HOUR)
    busy = sum(time.busy for time in pools.values())
    slots = {slot for slot in one.gathered.seats.pools if since // SLOT * SLOT <= slot < since + HALF_HOUR}
    there = sum(time.on_duty for time in pools.values()) / max(SLOT, len(slots) * SLOT)
    d, length = demand, HALF_HOUR
    scale = HALF_HOUR / max(SLOT, len(slots) * SLOT)
    load = load_from(d.arrived, d.answered, d.gave_up, d.waited, max(d.handled, busy * scale), length)
    if load is None:
        return None
    return Lack(since, load, there, _needed(load), forecast(load, round(there), 20.0))


def _needed(load: Load) -> Forecast | None:
    """The fewest seats with which so many callers are answered as a hotline is held to."""
    low, high = 0, 1
    while 1 - forecast(load, high, 20.0).abandoned < ANSWER_RATE:
        low, high = high, high * 2
        if low > MOST_SEATS:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        is_enough = 1 - forecast(load, middle, 20.0).abandoned >= ANSWER_RATE
        low, high = (low, middle) if is_enough else (middle, high)
    return forecast(load, high, 20.0)


def staffing(one: Reviewed) -> list[Part]:
    """How many seats there were, and how many there should have been."""
    found, say = lack(one), one.say
    head = Heading("人力 · Staffing")
    if found is None:
        return [head, Said(say("最忙的半小时内无人接通，无法测算。", "Nobody was answered: nothing can be reckoned."))]
    rate, length = found.load.arrivals * 3600, found.load.handling
    busiest = say(
        f"最忙半小时自 {say.clock(found.since)} 起：每小时 {rate:,.0f} 通，每通占用坐席 {length:.0f} 秒，"
        f"平均耐心 {found.load.patience:.0f} 秒，在岗坐席平均 {found.there:.0f} 个。",
        f"Busiest half hour from {say.clock(found.since)}: {rate:,.0f} calls an hour, each {length:.0f} s of a seat,"
        f" patience {found.load.patience:.0f} s in the mean; {found.there:.0f} seats were there.",
    )
    if found.needed is None:
        needed = say("任何数量的坐席都达不到 95%。", "No number of seats answers 95%.")
    else:
        most = 1 - found.had.abandoned
        needed = say(
            f"按 Erlang A 测算，接通 95% 需要 {found.needed.seats:,} 个坐席；现有坐席理论上最多接通 {most:.0%}。",
            f"By Erlang A, 95% answered needs {found.needed.seats:,} seats; those there were can answer {most:.0%}.",
        )
    honest = say(
        "测算假定来电随机、坐席通用；重拨已计入来电，人手充足时实际来电会更少。",
        "It takes callers to come at random and seats to serve everybody; who calls again is among the calls, and with"
        " seats enough fewer would have.",
    )
    return [head, Said(f"{busiest}{'' if say.language == 'zh' else ' '}{needed}"), Said(honest)]


def recordings(one: Reviewed) -> list[Part]:
    """How many calls have a sealed recording, if anybody can be asked."""
    head, say = Heading("录音 · Recordings"), one.say
    if one.sealed is None:
        return [head, Said(say("录音索引不可用，未核对。", "The index of recordings could not be asked: not checked."))]
    calls = [call for call in one.calls if call.past.connected_at is not None]
    kept = sum(call.id in one.sealed for call in calls)
    said = say(
        f"接通的 {len(calls):,} 通来电中，{kept:,} 通有已封存录音（{share(kept, len(calls))}）。",
        f"Of {len(calls):,} answered calls {kept:,} have a sealed recording ({share(kept, len(calls))}).",
    )
    return [head, Said(said)]
