"""This file decides how much CPU time a program has used. It does not know which program, nor what it did meanwhile.

The time is that of utime + stime in /proc/PID/stat, threads that have ended included. It is read from the process's
CPU clock instead, in nanoseconds: stat counts in steps of 10 ms, too coarse for a cost of 2 ms a call.
"""

import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_GROUP = 2  # of the fields behind the program's name: state, parent, process group
_SCHEDULED = 2  # CPUCLOCK_SCHED of the kernel's posix-timers.h


@dataclass(frozen=True, slots=True)
class Spent:
    """CPU seconds of a program up to now: of its own process, and of those it started that still run."""

    own: float
    children: float


def spent(pid: int) -> Spent:
    """What the leader of a process group and the rest of its group have used. OSError if the leader is gone."""
    return Spent(own=_seconds(pid), children=sum(_seconds_if_there(member) for member in _group(pid) if member != pid))


def _seconds(pid: int) -> float:
    # What clock_getcpuclockid(3) answers; Python has no name for it.
    return time.clock_gettime_ns((~pid << 3) | _SCHEDULED) / 1e9


def _seconds_if_there(pid: int) -> float:
    with suppress(OSError):
        return _seconds(pid)
    return 0.0


def _group(leader: int) -> list[int]:
    found = []
    for entry in _PROC.iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                # A name may hold blanks and brackets: fields are counted from its last bracket.
                fields = (entry / "stat").read_text(errors="replace").rpartition(")")[2].split()
                if int(fields[_GROUP]) == leader:
                    found.append(int(entry.name))
    return found
