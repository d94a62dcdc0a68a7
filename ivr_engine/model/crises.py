"""This file decides what can be known and ordered of crises. It does not know who orders, nor what comes of it.

Times are seconds since 1970.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec

from ivr_engine.model.ids import AskId, StepName
from ivr_engine.model.plain import PLAIN

Level = Literal["general", "major", "critical"]
LEVELS: tuple[Level, ...] = ("general", "major", "critical")
LEVELS_IN_CHINESE: Mapping[Level, str] = {"general": "一般", "major": "较大", "critical": "重大"}
HowToStart = Literal["automatic", "propose", "notify"]

CrisisReason = Annotated[str, msgspec.Meta(max_length=500, pattern=PLAIN)]


class Scope(msgspec.Struct, frozen=True, omit_defaults=True):
    """Whose calls a crisis is for: who dials one of `numbers`, and calls from one of `regions`; empty: all.

    `drill`: for the marked calls of a drill alone, whatever they dial.
    """

    numbers: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    drill: bool = False

    def covers(self, number: str, region: str, *, drill: bool) -> bool:
        """Whether a call is among them. `region` as its people say it: `广东` covers `广东深圳`."""
        if self.drill:
            return drill
        dialled = not self.numbers or number in self.numbers
        return dialled and (not self.regions or region.startswith(self.regions))

    @property
    def is_everybody(self) -> bool:
        """Whether no call is left out."""
        return not (self.numbers or self.regions or self.drill)

    def __str__(self) -> str:
        """As people say it."""
        if self.drill:
            return "drill calls only"
        parts = [*(f"number {number}" for number in self.numbers), *self.regions]
        return ", ".join(parts) or "all calls"


EVERYWHERE = Scope()


class ActiveCrisis(msgspec.Struct, frozen=True, omit_defaults=True):
    """A profile that is on. `since` is when it was switched on, `level_since` when it came to its level.

    `until` is when it ends by itself; None: never.
    """

    profile: str
    level: Level
    scope: Scope
    by: str
    reason: str
    since: float
    level_since: float
    until: float | None = None

    @property
    def key(self) -> tuple[str | None, bool]:
        """A profile is on once for real calls, and once for those of a drill."""
        return self.profile, self.scope.drill

    @property
    def id(self) -> str:
        """Names this crisis among all there ever were."""
        return f"{self.profile}-{self.since:.0f}"


class Switch(msgspec.Struct, frozen=True, omit_defaults=True):
    """A profile is to be on at a level, for some calls, until a time; or (`on` false) off. No profile: all off."""

    profile: str | None
    on: bool = True
    level: Level = "general"
    scope: Scope = EVERYWHERE
    until: float | None = None

    def __str__(self) -> str:
        """As people say it."""
        if not self.on:
            return f"crisis {self.profile or 'profiles, all of them,'} off"
        return f"crisis {self.profile} on, level {self.level}, for {self.scope}"

    @property
    def key(self) -> tuple[str | None, bool]:
        """A profile is on once for real calls, and once for those of a drill."""
        return self.profile, self.scope.drill


class Proposal(msgspec.Struct, frozen=True, omit_defaults=True):
    """What waits for somebody's yes: until `lapses_at`. `by` is a person, or the trigger of that name.

    `other`: another person must say yes than who proposed it.
    """

    id: str
    switch: Switch
    by: str
    reason: str
    at: float
    lapses_at: float
    other: bool = False


class RunningClock(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something that must be done by a time in a crisis of `profile`. Done or overdue, it is not forgotten."""

    profile: str
    clock: str
    level: Level
    begun_at: float
    due: float
    done_at: float | None = None
    done_by: str = ""
    note: str = ""
    overdue: bool = False


class LiveStatus(msgspec.Struct, frozen=True, omit_defaults=True):
    """What callers of a flow are told just now, by language. `overridden_by` answers for a promise in it."""

    flow: str
    texts: Mapping[str, str]
    by: str
    at: float
    refresh_by: float | None = None
    until: float | None = None
    overridden_by: str = ""
    stale: bool = False  # somebody was told that it should have been written anew


class StoppedArm(msgspec.Struct, frozen=True, omit_defaults=True):
    """An arm of an experiment that nobody new comes to."""

    split: StepName
    arm: str
    by: str
    at: float
    why: str


class TriggerMemory(msgspec.Struct, frozen=True, omit_defaults=True):
    """What must not be forgotten of a trigger: whether it is on, since when, and until when it keeps quiet."""

    on: bool = False
    since: float | None = None
    quiet_until: float | None = None


class CrisisState(msgspec.Struct, frozen=True, omit_defaults=True):
    """All that is on, and waits. It survives the engine. `active`: the one that counts first comes first."""

    active: tuple[ActiveCrisis, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    clocks: tuple[RunningClock, ...] = ()
    statuses: tuple[LiveStatus, ...] = ()
    stopped_arms: tuple[StoppedArm, ...] = ()
    triggers: Mapping[str, TriggerMemory] = {}
    numbered: int = 0  # proposals that were made


class DryRun(msgspec.Struct, frozen=True):
    """What a switch would change now: `would` in words, one change each; `two_people`: only once another says yes.

    Of the calls going on, `follow` leave the menu they are in, `told` wait and hear of it, `moved` wait elsewhere then.
    """

    would: tuple[str, ...]
    follow: int = 0
    told: int = 0
    moved: int = 0
    two_people: bool = False


NO_ASK = AskId("")
