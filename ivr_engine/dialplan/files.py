"""This file decides which files make up a hotline and which settings each may hold. It does not know how they fit."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from ivr_engine.dialplan.fields import Remedy
from ivr_engine.dialplan.hotline import Fallback, PoolPlan, QueuePlan
from ivr_engine.dialplan.scalars import Label, Language, PhoneNumber, TimeZone
from ivr_engine.dialplan.steps import PoolKey, QueueKey, Steps, Target
from ivr_engine.model.ids import StepName

HOTLINE = "hotline.yaml"
SEATS = "seats.yaml"
CRISIS = "crisis"


@dataclass(frozen=True, kw_only=True)
class SeatsFile:
    """`seats.yaml`: who answers, and who waits for whom."""

    pools: Mapping[PoolKey, PoolPlan] = field(default_factory=dict)
    queues: Mapping[QueueKey, QueuePlan] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class HotlineFile(SeatsFile):
    """`hotline.yaml`: what callers hear on an ordinary day. A small hotline keeps its seats here as well."""

    hotline: Label
    numbers: tuple[PhoneNumber, ...]
    languages: tuple[Language, ...]
    timezone: TimeZone
    start: Target
    fallback: Annotated[
        Fallback,
        Remedy("add `fallback: {say: …, agents: [1001]}`: what Asterisk alone does with callers"),
    ]
    steps: Annotated[Mapping[StepName, Any], Steps()] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class CrisisFile:
    """`crisis/*.yaml`: what callers hear while this profile is on. Its steps may lead to normal ones."""

    crisis: Label
    start: Target
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
