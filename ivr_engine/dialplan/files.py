"""This file decides which files make up a hotline and which settings each may hold. It does not know how they fit."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from ivr_engine.dialplan.crises import CrisisPlan, PersonPlan
from ivr_engine.dialplan.fields import MadeFrom, Remedy
from ivr_engine.dialplan.hotline import DestinationPlan, Fallback, Human, PoolPlan, QueuePlan
from ivr_engine.dialplan.hours import Closure, Shift
from ivr_engine.dialplan.lookups import LookupPlan
from ivr_engine.dialplan.scalars import Label, Language, Name, PhoneNumber, Seconds, TimeZone
from ivr_engine.dialplan.skills import AgentPlan, People
from ivr_engine.dialplan.steps import (
    Defaults,
    DestinationKey,
    LookupKey,
    PoolKey,
    QueueKey,
    ShiftKey,
    Steps,
    Target,
)
from ivr_engine.dialplan.triggers import TriggerPlan
from ivr_engine.model.ids import SeatId, StepName

HOTLINE = "hotline.yaml"
SEATS = "seats.yaml"
CRISIS = "crisis"
PersonKey = Annotated[str, Name(ascii_only=False)]
DEFAULT_LANGUAGES = ("zh-CN", "en")


@dataclass(frozen=True, kw_only=True)
class SeatsFile:
    """`seats.yaml`: who answers, and who waits for whom. `agents` says what is known of those who sit in the pools."""

    pools: Mapping[PoolKey, PoolPlan] = field(default_factory=dict)
    queues: Mapping[QueueKey, QueuePlan] = field(default_factory=dict)
    agents: Annotated[Mapping[SeatId, AgentPlan], People()] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class IncludedFile(SeatsFile):
    """A part of a hotline in a file of its own, named under `include` of `hotline.yaml`."""

    destinations: Mapping[DestinationKey, DestinationPlan] = field(default_factory=dict)
    lookups: Mapping[LookupKey, LookupPlan] = field(default_factory=dict)
    closures: tuple[Closure, ...] = ()
    triggers: Mapping[Label, TriggerPlan] = field(default_factory=dict)  # what a crisis is noticed by, by name
    steps: Annotated[Mapping[StepName, Any], Steps()] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class HotlineFile(IncludedFile):
    """`hotline.yaml`: what callers hear on an ordinary day. A small hotline keeps its seats here as well.

    `defaults` come first: they are read before the steps they complete. `include` names files beside this one. A list
    of `agents` is a hotline without menus, queues and pools: everything is made from them.
    """

    hotline: Label
    numbers: tuple[PhoneNumber, ...]
    languages: tuple[Language, ...] = DEFAULT_LANGUAGES
    timezone: TimeZone = "Asia/Shanghai"
    calendar: tuple[str, ...] = ()  # files of holidays, beside this one or in a folder beside this one's
    shifts: Mapping[ShiftKey, Shift] = field(default_factory=dict)
    include: tuple[str, ...] = ()
    defaults: Annotated[Mapping[str, Any], Defaults()] = field(default_factory=dict)
    start: Annotated[Target, MadeFrom("agents")]
    agents: Annotated[Mapping[SeatId, AgentPlan], People(may_be_listed=True)] = field(default_factory=dict)
    ageing: Seconds | None = None  # so long a wait is worth one point of priority; left out, priority is absolute
    people: Mapping[PersonKey, PersonPlan] = field(default_factory=dict)  # who may switch crises, by name
    human: Human | None = None
    fallback: Annotated[
        Fallback,
        MadeFrom("agents"),
        Remedy("add `fallback: {say: …, agents: [1001]}`: what Asterisk alone does with callers"),
    ]


@dataclass(frozen=True, kw_only=True)
class CrisisFile(CrisisPlan):
    """`crisis/*.yaml`: what callers hear while this profile is on, and what else it changes.

    Its steps may lead to normal ones. `human` left out is that of ordinary days.
    """

    start: Target
    human: Human | None = None
    steps: Annotated[Mapping[StepName, Any], Steps()] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HotlineFiles:
    """The files of one hotline."""

    hotline: Path
    seats: Path | None = None
    crises: tuple[Path, ...] = ()


def files_of(path: Path) -> HotlineFiles:
    """The files of the hotline at `path`: its folder, any of its files, or a hotline in one file of another name."""
    folder = _folder_of(path)
    if folder is None:
        return HotlineFiles(path)
    seats = folder / SEATS
    crises = tuple(sorted((folder / CRISIS).glob("*.yaml")))
    return HotlineFiles(folder / HOTLINE, seats if seats.exists() else None, crises)


def is_file_beside(hotline: Path, path: Path) -> bool:
    """Whether there is a file in the hotline's folder, wherever its links lead."""
    try:
        return path.resolve().is_relative_to(hotline.parent.resolve()) and path.is_file()
    except (OSError, RuntimeError, ValueError):  # no file can be named so, or links lead in a circle
        return False


def is_file(path: Path) -> bool:
    """Whether there is a file, whatever its name."""
    try:
        return path.is_file()
    except OSError:  # the name is too long, or nobody may look
        return False


def hotlines_in(paths: Iterable[Path]) -> Iterator[Path]:
    """Every hotline among `paths`, once; a folder that is none itself may hold several."""
    seen: set[Path] = set()
    for path in paths:
        inner = sorted(one.parent for one in path.glob(f"*/{HOTLINE}")) if path.is_dir() else []
        for one in inner if inner and not (path / HOTLINE).exists() else [path]:
            where = _folder_of(one) or one
            if where not in seen:
                seen.add(where)
                yield where


def _folder_of(path: Path) -> Path | None:
    if path.is_dir():
        return path
    if path.name in (HOTLINE, SEATS):
        return path.parent
    if path.parent.name == CRISIS:
        return path.parent.parent
    return None
