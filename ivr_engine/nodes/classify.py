"""This file decides where a caller goes by what is known of him. It does not know how any of it came to be known."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from ivr_engine.dialplan.fields import Named, Place
from ivr_engine.dialplan.source import Sequence
from ivr_engine.dialplan.steps import OTHERWISE, Target
from ivr_engine.nodes._conditions import When
from ivr_engine.nodes._node import Caller, GoTo, Reply, Signal


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Where callers go of whom all of `when` holds, and not all of `unless`."""

    when: When
    unless: When | None = None
    then: Target

    def hold(self, caller: Caller) -> bool:
        """Whether it is for this caller."""
        return self.when.hold(caller) and not (self.unless and self.unless.hold(caller))

    def cover(self, other: "Rule") -> bool:
        """Whether it is for everybody for whom the other is."""
        return self.when.cover(other.when) and self.unless in (None, other.unless)


@dataclass(frozen=True, slots=True, kw_only=True)
class Classify:
    """Sorts callers by rules; the first that holds counts, `otherwise` where none does."""

    WORD: ClassVar[str] = "classify"

    rules: Annotated[tuple[Rule, ...], Named("classify")]
    otherwise: Target = OTHERWISE

    def judge(self, at: Place) -> None:
        """Warn of rules that come too late for anybody."""
        written = at.table.get("classify")
        marks = [item.mark for item in written.items] if isinstance(written, Sequence) else [at.table.mark]
        for number, rule in enumerate(self.rules):
            first = next((one for one in range(number) if self.rules[one].cover(rule)), None)
            if first is not None:
                message = f"rule {number + 1} is never reached: whoever it is for goes by rule {first + 1}"
                at.reader.warn(marks[number], "W423", message, "put it before that one, or delete it")

    def enter(self, caller: Caller) -> Reply:
        """Go by the first rule that is for this caller."""
        return Reply(exit=GoTo(next((rule.then for rule in self.rules if rule.hold(caller)), self.otherwise)))

    def handle(self, state: Any, signal: Signal, caller: Caller) -> Reply:
        """Nothing can happen here: the caller is gone already."""
        del signal, caller
        return Reply(state)
