"""This file decides how skills are written: what agents have, and what callers need. It does not know who waits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal

from ivr_engine.dialplan.diagnostics import quote
from ivr_engine.dialplan.fields import Place, kind_of
from ivr_engine.dialplan.reader import Kind, Reader, Use
from ivr_engine.dialplan.scalars import Name, Phrase, Seconds, Whole
from ivr_engine.dialplan.schema import Schema, Terms
from ivr_engine.dialplan.several import MappingOf
from ivr_engine.dialplan.source import Table, Value
from ivr_engine.dialplan.steps import AgentId, AgentRef
from ivr_engine.model.ids import SeatId
from ivr_engine.model.skills import LANGUAGE

LEVEL = Whole(1, 9)

Ring = Literal["longest idle", "most skilled", "least skilled", "round robin", "fewest calls"]


@dataclass(frozen=True)
class SkillName(Name):
    """What somebody can do; `is_needed` where it is asked for. A language is a skill named by its tag."""

    ascii_only: bool = False
    is_needed: bool = False
    example: ClassVar[str] = "english"

    def read(self, value: Value, reader: Reader) -> str:
        """The name."""
        name = super().read(value, reader)
        if self.is_needed:
            reader.uses.append(Use("skill", name, value.mark, reader.where, reader.step, path=reader.path))
        elif name == LANGUAGE:
            remedy = "name the language itself, as in `languages`: `en: 3`"
            raise reader.refuse(value.mark, "E207", f"{quote(name)} cannot be a skill", remedy)
        return name


Levels = Annotated[Mapping[str, int], MappingOf(SkillName(), LEVEL)]
Needs = Annotated[Mapping[str, int], MappingOf(SkillName(is_needed=True), LEVEL)]
FewerNeeds = Annotated[Mapping[str, int], MappingOf(SkillName(is_needed=True), LEVEL, may_be_empty=True)]


@dataclass(frozen=True, slots=True)
class Widening:
    """Who has waited `after` in the queue needs no more than `needs` from then on; `{}`: anybody will do."""

    after: Seconds
    needs: FewerNeeds = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SameAgent:
    """Who talked to an agent not longer than `within` ago waits for him alone, for `wait`, before anybody will do."""

    within: Seconds = 86400.0
    wait: Seconds = 30.0


@dataclass(frozen=True, slots=True)
class AgentPlan:
    """What is known of an agent beside his phone: his `name`, and his `skills` with their levels, 1 to 9."""

    name: Annotated[str, Phrase()] = ""
    skills: Levels = field(default_factory=dict)


@dataclass(frozen=True)
class People(Kind):
    """Agents and what is known of them. `may_be_listed`: they may stand in a list too, and nothing is known of them."""

    may_be_listed: bool = False
    expected: ClassVar[str] = "a table of agents"
    example: ClassVar[str] = "{1001: {skills: {english: 3}}}"

    def read(self, value: Value, reader: Reader) -> Mapping[SeatId, AgentPlan]:
        """What is known of whom."""
        if self.may_be_listed and not isinstance(value, Table):
            kind_of(tuple[AgentId, ...]).read(value, reader)
            return {}
        known: Mapping[SeatId, AgentPlan] = self._table.read(value, reader)
        return known

    def schema(self, terms: Terms) -> Schema:
        """A table; or a list where that is allowed."""
        table = self._table.schema(terms)
        return {"anyOf": [kind_of(tuple[AgentId, ...]).schema(terms), table]} if self.may_be_listed else table

    @property
    def _table(self) -> Any:
        return kind_of(Mapping[AgentRef, AgentPlan])


def check_stages(widen: tuple[Widening, ...], at: Place) -> None:
    """Tell of stages that do not come one after the other."""
    times = [stage.after for stage in widen]
    if times != sorted(set(times)):
        remedy = "put the shortest time first, and each only once"
        at.reader.refuse(at.of("widen"), "E204", f"{at.reader.where}: the times of `widen` must rise", remedy)
