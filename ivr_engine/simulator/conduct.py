"""This file decides what people do who are rung, and systems that are asked. It does not know who does so, or why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, TypeAlias, get_args

from ivr_engine.dialplan.hotline import DestinationPlan, PoolPlan
from ivr_engine.model import commands as c
from ivr_engine.model.ids import DestinationName, PoolName, SeatId
from ivr_engine.nodes.briefing import VALUES

EVERYBODY = "all"
PICKS_UP_AFTER_SECONDS = 3.0
REFUSES_AFTER_SECONDS = 1.0
ANSWERS_AFTER_SECONDS = 0.5


class Conduct(StrEnum):
    """What somebody does who is rung."""

    ON = "on"  # picks up, and takes the call if he is asked
    OFF = "off"  # his phone, or the trunk, cannot be reached
    NO_ANSWER = "no answer"
    BUSY = "busy"
    MAILBOX = "mailbox"  # a machine picks up, and says nothing to questions


Answer: TypeAlias = Literal["found", "not found", "failed"]
ANSWERS: tuple[Answer, ...] = get_args(Answer)


@dataclass(frozen=True, slots=True)
class SystemSays:
    """What another system answers: `values` only if something was found."""

    answer: Answer
    values: Mapping[str, str] = field(default_factory=dict)
    why: str = ""


# Whoever types six keys in a rehearsal is told this.
BRIEFED = SystemSays(
    "found", dict(zip(VALUES, ("general", "3720", "128", "320", "92", "9", "75", "2", "1"), strict=True))
)
NOT_TOLD = SystemSays("failed", why="nobody said what it answers: `lookup NAME found`")


@dataclass
class People:
    """Everybody who may be rung: agents, sites behind trunks, and destinations, each by name."""

    pools: Mapping[PoolName, PoolPlan]
    destinations: Mapping[DestinationName, DestinationPlan]
    _conduct: dict[str, Conduct] = field(default_factory=dict)
    _of_all: Conduct = Conduct.ON

    def order(self, name: str, conduct: Conduct) -> None:
        """From now on this agent does so, or all agents or the lines of a pool, or everybody (`all`)."""
        if name == EVERYBODY:
            self._conduct.clear()
            self._of_all = conduct
            return
        plan = self.pools.get(PoolName(name))
        for one in plan.agents if plan and not plan.trunk else (name,):
            self._conduct[one] = conduct

    def conduct(self, name: str) -> Conduct:
        """What he does."""
        return self._conduct.get(name, self._of_all)

    def agents(self) -> set[SeatId]:
        """Whose phones can be reached."""
        every = {agent for plan in self.pools.values() for agent in plan.agents}
        return {agent for agent in every if self.conduct(agent) is not Conduct.OFF}

    def who_sign_in(self) -> set[SeatId]:
        """Who must say that they are at work: in a rehearsal all have, and `off` is for those who are not."""
        return {agent for plan in self.pools.values() if plan.sign_in for agent in plan.agents}

    def trunks(self) -> set[PoolName]:
        """Which trunks can be reached: those to sites that can, and whichever lead to destinations."""
        sites = {plan.over for plan in self.pools.values() if plan.trunk and self.conduct(plan.name) is not Conduct.OFF}
        return sites | {PoolName(plan.trunk) for plan in self.destinations.values()}

    def reaction(self, to: c.Destination) -> Conduct:
        """What happens where this line leads."""
        return self.conduct(to.agent if isinstance(to, c.AgentPhone) else self._behind(to))

    def _behind(self, line: c.TrunkLine) -> str:
        """A destination is known by its number: its trunk may lead to a site as well."""
        there = (
            name for name, plan in self.destinations.items() if (plan.trunk, plan.number) == (line.trunk, line.number)
        )
        here = (
            name
            for name, plan in self.pools.items()
            if plan.over == line.trunk and line.number in (plan.number, *plan.numbers)
        )
        return next(there, next(here, line.trunk))
