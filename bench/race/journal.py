"""This file decides what the engine's own journal proves of a run. It knows the facts the core was told, and no SIP."""

from collections import Counter
from pathlib import Path

import msgspec

from ivr_engine.model.events import CallArrived, CallerLeft, LegAnswered, LegEnded, LegRinging
from ivr_engine.model.ids import LegId, call_of
from ivr_engine.runtime.journal import JournalLine, read_journal


class JournalVerdict(msgspec.Struct, frozen=True):
    """What was told to the core."""

    calls: int
    calls_not_ended: int
    lines: int  # to seats
    lines_not_ended_once: int
    answered_after_its_caller_left: int  # crossed within the engine
    answered_after_its_end: int  # must not be: an end is the last that is told of a line


def read_verdict(path: Path) -> JournalVerdict:
    """Count a journal."""
    arrived, left, lines, ended = set(), set(), set(), Counter[LegId]()
    after_caller = after_end = 0
    for line in read_journal(path):
        if not isinstance(line, JournalLine):
            continue
        match line.event:
            case CallArrived(call):
                arrived.add(call)
            case CallerLeft(call):
                left.add(call)
            case LegRinging(leg):
                lines.add(leg)
            case LegAnswered(leg):
                lines.add(leg)
                after_caller += call_of(leg) in left
                after_end += leg in ended
            case LegEnded(leg):
                ended[leg] += 1
            case _:
                pass
    lines |= ended.keys()  # one may end before it rings
    wrong = sum(ended[leg] != 1 for leg in lines)
    return JournalVerdict(len(arrived), len(arrived - left), len(lines), wrong, after_caller, after_end)
