"""This file decides which settings a review proposes for the next time. It does not know how they are written down.

Only what the figures say is proposed, with the figure. Whether it is right people decide.
"""

from collections.abc import Iterator
from itertools import combinations
from math import ceil

from ivr_engine.dialplan.triggers import TriggerPlan
from ivr_engine.model.crises import RunningClock
from ivr_engine.pages import Code, Heading, Part, Said
from ivr_engine.review.calls import SLOT, left_in_menu
from ivr_engine.review.experiments import arms_of
from ivr_engine.review.figures_told import ANSWER_RATE, total
from ivr_engine.review.resources import clocks_of, lack
from ivr_engine.review.retuning import Tried, better
from ivr_engine.review.reviewed import Reviewed
from ivr_engine.review.seats import sums
from ivr_engine.review.wording import share

FULL_AT_LEAST = 300.0  # seconds with nobody ready
MORE_LEFT = 0.05  # of all callers
LONG = 600.0  # seconds from first sign to switch: nobody should have to decide at leisure


def proposals(one: Reviewed) -> list[Part]:
    """What to change, each with its reason."""
    parts = [*_of_seats(one), *_of_triggers(one), *_of_arms(one), *_of_clocks(one), *_of_words(one)]
    nothing = one.say("数据未显示需要改动之处。", "The figures call for no change.")
    return [Heading("下一版预案建议 · Proposals for the next preset"), *(parts or [Said(nothing)])]


def _of_seats(one: Reviewed) -> Iterator[Part]:
    say, during = one.say, total(one, "during")
    if not during.offered or during.answered >= ANSWER_RATE * during.offered:
        return
    found = lack(one)
    factor = None
    if found is not None and found.needed is not None and found.there >= 1:
        factor = min(1000, max(100, ceil(found.needed.seats / found.there * 10) * 10))
    for name, time in sums(one.gathered.seats.pools, one.hours.begin, one.hours.end).items():
        plan = one.hotline.pools.get(name)  # type: ignore[call-overload]  # a name from a journal
        if plan is None or time.full < FULL_AT_LEAST:
            continue
        full = say.length(time.full)
        yield Said(
            say(
                f"资源池 {name} 有 {full} 没有空闲坐席（共 {len(plan.seats)} 个）。",
                f"Pool {name} had nobody ready for {full} ({len(plan.seats)} seats).",
            )
        )
        if plan.trunk and factor is not None and one.profile is not None:
            yield Code(f"# crisis/{one.profile}.yaml\npools:\n  {name}: {{seats: {factor}%}}")
    if found is not None and found.needed is not None:
        more = found.needed.seats - round(found.there)
        if more > 0:
            yield Said(
                say(
                    f"最忙半小时还缺 {more:,} 个坐席；预案之外另需增援，或以自助、回拨、公告分流。",
                    f"{more:,} seats were lacking in the busiest half hour: more people, or fewer calls.",
                )
            )


def _of_triggers(one: Reviewed) -> Iterator[Part]:
    say, steps = one.say, one.steps
    for name, plan in one.triggers.items():
        found = better(tried for tried in one.tried if tried.trigger == name)
        if found is not None:
            yield Said(_earlier(one, name, found))
            yield Code(f"triggers:\n  {name}:\n    when: {{{_bound(plan, found.bound)}}}  # {plan.when.bound:g}")
    if steps.on is not None and steps.sign is not None and steps.on - steps.sign >= LONG:
        length = say.length(steps.on - steps.sign)
        yield Said(
            say(
                f"从首个迹象到启用用了 {length}，可考虑由触发器自动启用（start: automatic）。",
                f"From the first sign to the switch it took {length}: think of `start: automatic`.",
            )
        )
    if one.triggers or one.profile is None:
        return
    before = _most_before(one)
    if before:
        yield Said(
            say(
                f"没有触发器；之前每 5 分钟最多 {before} 通来电。",
                f"There was no trigger; before, at most {before} calls came in 5 minutes.",
            )
        )
        bound = ceil(before * 1.5)
        yield Code(
            f"triggers:\n  surge:\n    when: {{calls: {bound}, in: 5m}}\n    crisis: {one.profile}\n    start: propose"
        )


def _earlier(one: Reviewed, name: str, found: Tried) -> str:
    on, first = one.steps.on, found.first or 0.0
    lead = "" if on is None else f"{(on - first) / 60:.1f}"
    return one.say(
        f"触发器 {name} 的界限改为 {found.bound:g}，会比实际启用早 {lead} 分钟触发，误触发 {found.false} 次。",
        f"Trigger {name} at {found.bound:g} would have fired {lead} minutes before the switch, and falsely"
        f" {found.false} times.",
    )


def _bound(plan: TriggerPlan, bound: float) -> str:
    match plan.when.figure:
        case "answer rate":
            return f"answer rate: below {bound:g}%"
        case "left in menu":
            return f"left in menu: {bound:g}%"
        case "wait":
            return f"wait: {bound:g}s"
        case "signal":
            return f"signal: {plan.when.signal}, count: {bound:g}"
        case "calls" if plan.when.is_of_usual:
            return f"calls: {bound:g}%"
        case figure:
            return f"{figure}: {bound:g}"


def _most_before(one: Reviewed) -> int:
    """The most calls in five minutes, until an hour before the switch is half over: then it may have begun."""
    quiet = one.hours.since + (one.hours.begin - one.hours.since) / 2
    slots: dict[float, int] = {}
    for call in one.calls:
        if call.past.arrived_at < quiet and not call.called:
            slot = call.past.arrived_at // SLOT
            slots[slot] = slots.get(slot, 0) + 1
    return max(slots.values(), default=0)


def _of_arms(one: Reviewed) -> Iterator[Part]:
    for first, second in combinations(arms_of(one), 2):
        if first.split != second.split:
            continue
        good, bad = (first, second) if first.interval[1] < second.interval[0] else (second, first)
        if good.interval[1] >= bad.interval[0] or not good.calls or not bad.calls:
            continue
        rates = share(good.left, good.calls), share(bad.left, bad.calls)
        yield Said(
            one.say(
                f"实验 {good.split}：分支 {good.arm} 的菜单挂机率 {rates[0]}，{bad.arm} 为 {rates[1]}，差异明显。",
                f"Experiment {good.split}: {rates[0]} hung up in the menu in {good.arm}, {rates[1]} in {bad.arm}.",
            )
        )
        yield Code(f"{good.split}:\n  split:\n    {good.arm}: {{share: 100, …}}\n    {bad.arm}: {{share: 0, …}}")


def _of_clocks(one: Reviewed) -> Iterator[Part]:
    found: dict[tuple[str, str], list[RunningClock]] = {}
    for clock in clocks_of(one):
        if clock.done_at is not None or clock.overdue:
            found.setdefault((clock.profile, clock.clock), []).append(clock)
    for (profile, name), clocks in found.items():
        if any(clock.done_at is not None and clock.done_at <= clock.due for clock in clocks):
            continue
        took = [clock.done_at - clock.begun_at for clock in clocks if clock.done_at is not None]
        how = one.say("从未完成", "was never done")
        if took:
            length = one.say.length(max(took))
            how = one.say(f"从未按时完成，最长用了 {length}", f"was never met: it took up to {length}")
        yield Said(one.say(f"时限 {profile} / {name} {how}。", f"Clock {profile} / {name} {how}."))
        if took:
            yield Code(f"clocks:\n  {name}: {{within: {ceil(max(took) / 60)}m}}  # or more hands")


def _of_words(one: Reviewed) -> Iterator[Part]:
    say, plan = one.say, one.plan
    if plan is not None and plan.waiting.say is None and one.profile is not None:
        yield Said(
            say(
                f"预案 {one.profile} 未告知正在等待的来电者。",
                f"Profile {one.profile} tells nothing to those who wait already.",
            )
        )
        yield Code(f"# crisis/{one.profile}.yaml\nwaiting:\n  say: {{zh-CN: …}}")
    phases = {
        phase: [call for call in one.calls if one.hours.phase(call.past.arrived_at) == phase]
        for phase in ("before", "during")
    }
    if all(phases.values()):
        was, now = (left_in_menu(calls) / len(calls) for calls in phases.values())
        if now - was >= MORE_LEFT:
            yield Said(
                say(
                    f"期间菜单挂机率由 {was:.1%} 升至 {now:.1%}：开场白或菜单可能过长。",
                    f"Hang-ups in the menu rose from {was:.1%} to {now:.1%}: its words may be too long.",
                )
            )
