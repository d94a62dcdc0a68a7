"""This file decides how long the least skilled callers take until a person is asked for. It does not know any word.

Two callers try each flow: one presses nothing, the other hears everything out and then presses a wrong key.
"""

from dataclasses import dataclass

from ivr_engine.dialplan.hotline import NORMAL, Hotline
from ivr_engine.model.notices import Queued, StepEntered
from ivr_engine.nodes import Node
from ivr_engine.simulator.listening import wrong_key
from ivr_engine.simulator.rehearsal import Length, Rehearsal, Saying

LONGEST_SECONDS = 3600.0  # who has not come to a person after an hour never will
MOST_DOINGS = 10_000

SILENT = "presses nothing"
WRONG = "presses only wrong keys"


@dataclass(frozen=True, slots=True)
class Attempt:
    """How one caller fared. `seconds` until he stood in a queue, None if he never did; `way` is the steps he passed."""

    flow: str
    caller: str
    seconds: float | None
    way: tuple[str, ...]


def attempts(hotline: Hotline[Node], at: float, length: Length) -> list[Attempt]:
    """Both callers in each flow, who call at time `at`, seconds since 1970."""
    flows = (NORMAL, *hotline.crises)
    return [_attempt(hotline, flow, caller, at, length) for flow in flows for caller in (SILENT, WRONG)]


def _attempt(hotline: Hotline[Node], flow: str, caller: str, at: float, length: Length) -> Attempt:
    rehearsal = Rehearsal(hotline, at, length)
    rehearsal.switch_crisis(None if flow == NORMAL else flow)
    call = rehearsal.dial(hotline.numbers[0], "")
    for _ in range(MOST_DOINGS):
        if not rehearsal.is_live(call) or rehearsal.now - at > LONGEST_SECONDS or _queued(rehearsal) is not None:
            break
        digit = wrong_key(rehearsal.board, call) if caller is WRONG and _is_quiet(rehearsal) else None
        if digit is not None:
            rehearsal.press(call, digit)
        elif not rehearsal.go_on():
            break
    queued = _queued(rehearsal)
    way = [one.step for one in rehearsal.of(call) if isinstance(one, StepEntered)]
    return Attempt(flow, caller, None if queued is None else queued - at, tuple(dict.fromkeys(way)))


def _queued(rehearsal: Rehearsal) -> float | None:
    return next((one.at for one in rehearsal.moments if isinstance(one, Queued)), None)


def _is_quiet(rehearsal: Rehearsal) -> bool:
    return not any(isinstance(one, Saying) and rehearsal.sounds(one) for one in rehearsal.moments)
