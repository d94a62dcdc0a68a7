"""This file decides how long the least skilled callers take until they stand in a queue. It does not know any word.

Two callers try each flow: one presses nothing, the other hears everything out and then presses a wrong key.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ivr_engine.dialplan.files import hotlines_in
from ivr_engine.dialplan.hotline import NORMAL, Hotline
from ivr_engine.dialplan.load import load
from ivr_engine.errors import DialplanError
from ivr_engine.model.notices import Queued, StepEntered, Transferred
from ivr_engine.nodes import NODE_TYPES, Node
from ivr_engine.simulator.listening import wrong_key
from ivr_engine.simulator.playing import usual_time
from ivr_engine.simulator.rehearsal import Rehearsal, Saying
from ivr_engine.simulator.speech import Lengths

LONGEST_SECONDS = 3600.0  # who has not come to a person after an hour never will
MOST_DOINGS = 10_000
MOST_SHOWN = 8  # steps of a way

SILENT = "presses nothing"
WRONG = "presses only wrong keys"


@dataclass(frozen=True, slots=True)
class Attempt:
    """How one caller fared. `seconds` until he stood in a queue, None if he never did; `way` is the steps he passed.

    `estimated` is how many of the prompts he heard have no sound yet, so that their length is a guess.
    """

    hotline: Path
    flow: str
    caller: str
    seconds: float | None
    way: tuple[str, ...]
    estimated: int

    def __str__(self) -> str:
        """In one line."""
        took = "never" if self.seconds is None else f"{self.seconds:.0f} s"
        guess = f" (length of {self.estimated} prompts estimated)" if self.estimated else ""
        return f"{self.hotline.name}, {self.flow}: who {self.caller}: {took}{guess}: {_shown(self.way)}"

    def plain(self) -> dict[str, object]:
        """For programs."""
        return {
            "hotline": str(self.hotline),
            "flow": self.flow,
            "caller": self.caller,
            "seconds": self.seconds if self.seconds is None else round(self.seconds, 1),
            "way": list(self.way),
            "estimated": self.estimated,
        }


def attempts(paths: Iterable[Path], lengths: Lengths) -> list[Attempt]:
    """Both callers in each flow of each hotline, at ten on a working day. Hotlines with mistakes are left out."""
    found: list[Attempt] = []
    for path in hotlines_in(paths):
        try:
            hotline = load(path, NODE_TYPES)
        except DialplanError:
            continue  # told by the check itself
        flows = (NORMAL, *hotline.crises)
        found += [_attempt(path, hotline, flow, caller, lengths) for flow in flows for caller in (SILENT, WRONG)]
    return found


def _shown(way: tuple[str, ...]) -> str:
    """A way as people follow it."""
    return " → ".join(way if len(way) <= MOST_SHOWN else (*way[:MOST_SHOWN], "…"))


def _attempt(path: Path, hotline: Hotline[Node], flow: str, caller: str, lengths: Lengths) -> Attempt:
    at = usual_time(hotline.timezone)
    rehearsal = Rehearsal(hotline, at, lengths)
    rehearsal.switch_crisis(None if flow == NORMAL else flow)
    call = rehearsal.dial(hotline.numbers[0], "")
    for _ in range(MOST_DOINGS):
        if not rehearsal.is_live(call) or rehearsal.now - at > LONGEST_SECONDS or _arrived(rehearsal) is not None:
            break
        digit = wrong_key(rehearsal.board, call) if caller is WRONG and _is_quiet(rehearsal) else None
        if digit is not None:
            rehearsal.press(call, digit)
        elif not rehearsal.go_on():
            break
    there = _arrived(rehearsal)
    way = dict.fromkeys(one.step for one in rehearsal.of(call) if isinstance(one, StepEntered))
    heard = {prompt for one in rehearsal.of(call) if isinstance(one, Saying) for prompt in one.prompts}
    seconds = None if there is None else there - at
    return Attempt(path, flow, caller, seconds, tuple(way), len(heard & lengths.estimated))


def _arrived(rehearsal: Rehearsal) -> float | None:
    """When the caller stood in a queue, or talked to somebody outside."""
    for one in rehearsal.moments:
        if isinstance(one, Queued) or (isinstance(one, Transferred) and one.ok):
            return one.at
    return None


def _is_quiet(rehearsal: Rehearsal) -> bool:
    return not any(isinstance(one, Saying) and rehearsal.sounds(one) for one in rehearsal.moments)
