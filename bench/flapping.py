"""Noisy days in which a trigger must not fire, and true surges in which it must: ours beside a plain threshold.

    python -m bench.flapping            30 seeds, about ten minutes
    python -m bench.flapping --seeds 4

Each seed has four weeks of former days, then quiet days and a day with one true surge, all by chance: a curve with
three peaks, days that differ, quarters of an hour that do, short bursts, weekends, a holiday. Calls are told to the
triggers of the engine one by one, in the engine's own steps of five seconds.
"""

import argparse
import math
import random
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import median, quantiles
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from ivr_engine.core.crisis.triggers import LOOK_EVERY_SECONDS, Triggers
from ivr_engine.core.crisis.usual import SLOT_SECONDS, SLOTS
from ivr_engine.core.outbox import Outbox
from ivr_engine.dialplan.hotline import Hotline
from ivr_engine.dialplan.load import load
from ivr_engine.dialplan.triggers import Amount, Back, Condition, TriggerPlan
from ivr_engine.model.alarms import TriggerChanged
from ivr_engine.model.ids import CallId
from ivr_engine.model.notices import Arrived
from ivr_engine.model.orders import UsualSeen
from ivr_engine.nodes import NODE_TYPES

HOTLINE = Path(__file__).parents[1] / "dialplans" / "acme"
FIRST = date(2027, 3, 1)  # a Monday
FORMER_DAYS = 28
QUIET_DAYS = 7
HOLIDAY = FIRST + timedelta(days=FORMER_DAYS + 3)
STEPS = int(SLOT_SECONDS / LOOK_EVERY_SECONDS)
LASTS = 12  # slots of a true surge: an hour
CURVE = ((0, 0.06), (6, 0.08), (8, 0.45), (9.5, 0.9), (10.5, 1.0), (11.5, 0.75), (12.5, 0.95), (14, 0.7), (16, 0.8))
EVENING = ((18, 0.55), (19.5, 0.85), (21, 0.4), (23, 0.12), (24, 0.06))


def poisson(chance: random.Random, mean: float) -> int:
    """How often something happens that happens so often in the mean."""
    if mean > 50:
        return max(0, round(chance.gauss(mean, math.sqrt(mean))))
    left, many = math.exp(-mean), 0
    product = chance.random()
    while product > left:
        many += 1
        product *= chance.random()
    return many


@dataclass
class Day:
    """One day: the calls of each five minutes in the mean. `surge` is the slot at which a true one begins."""

    day: date
    means: list[float]
    surge: int | None = None


class Days:
    """Days of a hotline with so many calls in its busiest hour."""

    def __init__(self, seed: int, busiest_hour: float) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - a game, no secret
        self._slot = busiest_hour / 3600 * SLOT_SECONDS

    def quiet(self, day: date) -> Day:
        """A day without anything to fire at."""
        chance = self._chance
        size = math.exp(chance.gauss(0, 0.08)) * (1.15 if day.weekday() == 0 else 1.0)
        if day.weekday() >= 5 or day == HOLIDAY:
            size *= 0.45
        means, drift = [], 0.0
        for slot in range(SLOTS):
            drift = 0.9 * drift + chance.gauss(0, 0.04)  # quarters of an hour that are busier, or not
            means.append(self._slot * _curve(slot / 12) * size * math.exp(drift))
        for _ in range(2):  # a broadcast, a bulk message: three minutes of double the calls
            means[chance.randrange(8 * 12, 22 * 12)] *= 1.6
        return Day(day, means)

    def surging(self, day: date, factor: float) -> Day:
        """A day with one true surge: it rises for five minutes and lasts for an hour."""
        quiet = self.quiet(day)
        begin = self._chance.randrange(9 * 12, 20 * 12)
        for slot in range(begin, begin + LASTS):
            quiet.means[slot] *= (1 + factor) / 2 if slot in {begin, begin + LASTS - 1} else factor
        return replace(quiet, surge=begin)

    def calls(self, day: Day) -> Iterator[list[int]]:
        """The calls of each slot, in steps of five seconds."""
        for mean in day.means:
            yield [poisson(self._chance, mean / STEPS) for _ in range(STEPS)]


def _curve(hour: float) -> float:
    points = (*CURVE, *EVENING)
    (left, low), (right, high) = next(pair for pair in pairwise(points) if pair[1][0] >= hour)
    return low + (high - low) * (hour - left) / (right - left)


@dataclass
class Outcome:
    """What a rule did: `fires` and `turns` by day, and delays in seconds after the beginning of a true surge."""

    quiet_days: int = 0
    false_fires: int = 0
    surges: int = 0
    turns: int = 0
    delays: list[float] = field(default_factory=list)

    def quiet(self, turns: Sequence[tuple[float, bool]]) -> None:
        """A day without a surge."""
        self.quiet_days += 1
        self.false_fires += sum(on for _, on in turns)

    def surging(self, turns: Sequence[tuple[float, bool]], begin: float) -> None:
        """A day with one."""
        self.surges += 1
        end = begin + (LASTS + 12) * SLOT_SECONDS  # an hour to calm down
        inside = [(at, on) for at, on in turns if begin <= at <= end]
        self.turns += len(inside)
        self.false_fires += sum(on for _, on in turns) - sum(on for _, on in inside)
        self.quiet_days += 1
        was_on = next((on for at, on in reversed(turns) if at < begin), False)
        self.delays += [0.0] if was_on else [at - begin for at, on in inside if on][:1]


class Naive:
    """A threshold as it is written first: more than so many of a hundred calls of yesterday, at this time."""

    def __init__(self, at_least: int) -> None:
        self._at_least = at_least
        self._yesterday: list[int] = []
        self._window: list[int] = []
        self._on = False
        self._turns: list[tuple[float, bool]] = []

    def day(self, yesterday: list[int]) -> None:
        """A new day begins."""
        self._yesterday, self._turns = yesterday, []

    def hear(self, slot: int, step: int, calls: int, at: float) -> None:
        """So many calls came in a step."""
        self._window = [*self._window[-(STEPS - 1) :], calls]
        total = sum(self._window)
        on = total >= self._at_least and total >= 1.5 * max(1, self._yesterday[slot if step else slot - 1])
        if on != self._on:
            self._on = on
            self._turns.append((at, on))

    def turns(self) -> list[tuple[float, bool]]:
        """When it went on and off since the day began."""
        return self._turns


class Ours:
    """Triggers of the engine, told of calls as the engine tells them."""

    def __init__(self, hotline: Hotline[Any], plans: dict[str, TriggerPlan]) -> None:
        self._out = Outbox()
        versions: Any = SimpleNamespace(running=replace(hotline, triggers=plans))
        self._hours = hotline.normal.facilities.hours
        self._triggers = Triggers(self._out, versions)
        self._turns: dict[str, list[tuple[float, bool]]] = {name: [] for name in plans}
        self._begin = 0.0

    def day(self, day: date, former: dict[int, tuple[int, ...]], closed: tuple[int, ...]) -> None:
        """A new day begins, and former ones are told."""
        self._begin = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(self._hours.timezone)).timestamp()
        self._out.now = self._begin
        self._triggers.learn(UsualSeen({str(day): calls for day, calls in former.items()}, closed))
        for turns in self._turns.values():
            turns.clear()

    def hear(self, calls: int, at: float) -> None:
        """So many calls came in a step; then the triggers look."""
        self._out.now = self._begin + at
        if calls:
            self._triggers.hear([Arrived(CallId("c"), self._out.now, "4000000400", "", "normal")] * calls)
        self._triggers.look(())
        for notice in self._out.told():
            if isinstance(notice, TriggerChanged) and notice.state in {"fired", "over"}:
                self._turns[notice.trigger].append((at, notice.state == "fired"))
        self._out.take()

    def turns(self, name: str) -> list[tuple[float, bool]]:
        """When one went on and off since the day began."""
        return self._turns[name]


OURS = "ours: of the usual, for 3m, back below 120 %"


def our_plans() -> dict[str, TriggerPlan]:
    """What is compared: the settings as shipped, and with one part of them otherwise."""
    share, below = Amount(150, is_share=True), Back(calls=Amount(120, is_share=True))
    when = Condition(calls=share, of="usual", span=300.0, at_least=30)
    ours = TriggerPlan(when=when, hold=180.0, back=below, start="notify")
    return {
        OURS: ours,
        "… of yesterday": replace(ours, when=replace(when, of="same time yesterday")),
        "… for 0s": replace(ours, hold=0.0),
        "… for 0s, one bound, no cool down": replace(
            ours, hold=0.0, back=Back(calls=share), back_after=0.0, cool_down=0.0
        ),
    }


def play(seeds: Iterable[int], busiest_hour: float, factor: float, quiet_days: int = QUIET_DAYS) -> dict[str, Outcome]:
    """What each rule did on the days of these seeds."""
    hotline = load(HOTLINE, NODE_TYPES)
    hours = replace(hotline.normal.facilities.hours, holidays=frozenset({HOLIDAY}))
    facilities = replace(hotline.normal.facilities, hours=hours)
    hotline = replace(hotline, normal=replace(hotline.normal, facilities=facilities))
    outcomes: dict[str, Outcome] = {}
    for seed in seeds:
        _play_one(Days(seed, busiest_hour), hotline, factor, quiet_days, outcomes)
    return outcomes


def _play_one(days: Days, hotline: Hotline[Any], factor: float, quiet_days: int, outcomes: dict[str, Outcome]) -> None:
    plain = {"150 % of yesterday": Naive(0), "… and 30 calls at least": Naive(30)}
    ours = Ours(hotline, our_plans())
    known = [[sum(slot) for slot in days.calls(days.quiet(FIRST + timedelta(days=n)))] for n in range(FORMER_DAYS)]
    for number in range(quiet_days + 1):
        today = FIRST + timedelta(days=FORMER_DAYS + number)
        day = days.quiet(today) if number < quiet_days else days.surging(today, factor)
        former = {back: tuple(known[-back]) for back in range(1, len(known) + 1)}
        closed = tuple(back for back in former if today - timedelta(days=back) == HOLIDAY)
        for rule in plain.values():
            rule.day(known[-1])
        ours.day(today, former, closed)
        known.append(_live(days, day, plain.values(), ours))
        turns = {name: rule.turns() for name, rule in plain.items()} | {name: ours.turns(name) for name in our_plans()}
        for name, one in turns.items():
            outcome = outcomes.setdefault(name, Outcome())
            if day.surge is None:
                outcome.quiet(one)
            else:
                outcome.surging(one, day.surge * SLOT_SECONDS)


def _live(days: Days, day: Day, plain: Iterable[Naive], ours: Ours) -> list[int]:
    known, rules = [], list(plain)
    for slot, steps in enumerate(days.calls(day)):
        for step, calls in enumerate(steps):
            at = slot * SLOT_SECONDS + (step + 1) * LOOK_EVERY_SECONDS
            for rule in rules:
                rule.hear(slot, step, calls, at)
            ours.hear(calls, at)
        known.append(sum(steps))
    return known


def table(outcomes: dict[str, Outcome]) -> str:
    """What came of it, as Markdown."""
    rows = ["| rule | false fires a day | turns per true surge | surges found | delay p50 | delay p95 |"]
    rows.append("|---|---|---|---|---|---|")
    for name, one in outcomes.items():
        delays = sorted(one.delays)
        p50 = f"{median(delays):.0f} s" if delays else "-"
        p95 = f"{quantiles(delays, n=20, method='inclusive')[-1]:.0f} s" if len(delays) > 1 else p50
        false, turns = one.false_fires / one.quiet_days, one.turns / one.surges
        rows.append(f"| {name} | {false:.2f} | {turns:.1f} | {len(delays)} of {one.surges} | {p50} | {p95} |")
    return "\n".join(rows)


def main() -> None:
    """Play them and print what came of it."""
    parser = argparse.ArgumentParser(description="Triggers on noisy days.")
    parser.add_argument("--seeds", type=int, default=30)
    parser.add_argument("--busiest-hour", type=float, nargs="*", default=[360.0, 1800.0], help="calls, in the mean")
    parser.add_argument("--factor", type=float, nargs="*", default=[3.0], help="of a true surge")
    asked = parser.parse_args()
    for busiest in asked.busiest_hour:
        for factor in asked.factor:
            outcomes = play(range(asked.seeds), busiest, factor)
            days = next(iter(outcomes.values())).quiet_days
            sys.stdout.write(
                f"\n{busiest:.0f} calls in the busiest hour, {days} days, surges of {factor:g} times the calls\n\n"
            )
            sys.stdout.write(f"{table(outcomes)}\n")


if __name__ == "__main__":
    main()
