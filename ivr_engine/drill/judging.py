"""This file decides whether a drill has shown what it must. It does not know how it was played, or how that reads."""

from collections.abc import Iterator
from dataclasses import dataclass

from ivr_engine.drill.scenario import Passing
from ivr_engine.simulator.lab.figures import Results


@dataclass(frozen=True, slots=True)
class Beside:
    """What figures of callers do not show. None: it was not measured.

    `switched` is how long after the order, in seconds, the last call came that got the ordinary menu. `sealed` are the
    recordings there are, `ended` the calls that should have one.
    """

    switched: float | None = None
    sealed: int | None = None
    ended: int = 0


@dataclass(frozen=True, slots=True)
class Check:
    """One thing a drill must show. `passed` is None where it was not measured."""

    what: str
    wanted: str
    shown: str
    passed: bool | None


def judge(results: Results, passing: Passing, beside: Beside) -> tuple[Check, ...]:
    """Everything that is asked for, in the order of the file."""
    return tuple(_checks(results, passing, beside))


def has_passed(checks: tuple[Check, ...]) -> bool:
    """Whether nothing failed, and something was measured at all."""
    return all(check.passed is not False for check in checks) and any(check.passed for check in checks)


def _checks(results: Results, passing: Passing, beside: Beside) -> Iterator[Check]:
    queues = results.queues
    if passing.answer_rate is not None:
        came = sum(queue.offered for queue in queues.values())
        answered = sum(queue.answered for queue in queues.values())
        yield _share("answer rate 接通率", passing.answer_rate, answered, came)
    for name, within in passing.waits.items():
        queue = queues[name]
        in_time = sum(wait <= within for wait in queue.waits)
        yield _share(f"{name} answered within {within:g} s 按时接通", passing.in_time, in_time, queue.offered)
    if passing.switch_within is not None:
        yield _switch(passing.switch_within, beside.switched)
    if passing.recordings is not None:
        what = "recordings sealed 录音封存"
        if beside.sealed is None:
            yield Check(what, f"{passing.recordings} %", "not measured", None)
        else:
            yield _share(what, passing.recordings, beside.sealed, beside.ended)


def _share(what: str, wanted: int, part: int, whole: int) -> Check:
    if not whole:
        return Check(what, f"{wanted} %", "nobody came", None)
    return Check(what, f"{wanted} %", f"{part / whole:.1%} ({part:,} of {whole:,})", part * 100 >= wanted * whole)


def _switch(wanted: float, shown: float | None) -> Check:
    what = "switch to the crisis profile 切换预案"
    if shown is None:
        return Check(what, f"{wanted:g} s", "not measured", None)
    return Check(what, f"{wanted:g} s", f"{shown:.2f} s", shown <= wanted)
