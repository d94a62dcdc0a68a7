"""This file decides what people can do in a test: call, press keys, pick up or not. It does not know what is expected.

Each line of a test has one word. A key is pressed as soon as it means something; everything else happens at once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar
from zoneinfo import ZoneInfo

from ivr_engine.core.call import CallState
from ivr_engine.dialplan.fields import MappingOf, Named
from ivr_engine.dialplan.moments import LocalTime
from ivr_engine.dialplan.reader import Kind, Reader, Use
from ivr_engine.dialplan.scalars import OneOf, Pattern, PhoneNumber, Phrase, Seconds, Whole
from ivr_engine.dialplan.schema import Schema, Terms
from ivr_engine.dialplan.source import Table, Value
from ivr_engine.dialplan.steps import LookupRef, Reference
from ivr_engine.regions import region_of
from ivr_engine.simulator.conduct import ANSWERS, Conduct, SystemSays
from ivr_engine.simulator.scene import Scene, UnmetError

CALLER = "13800000000"  # who calls where nobody is named
OTHERS = "1370000"  # where the numbers of other callers begin
OFF = "off"


@dataclass(frozen=True)
class Answering(Kind):
    """What another system answers when it is asked about a caller."""

    expected: ClassVar[str] = "found, not found, failed, or {found: {…}}"
    example: ClassVar[str] = "{found: {tier: gold}}"

    def read(self, value: Value, reader: Reader) -> SystemSays:
        """The answer."""
        if isinstance(value, Table) and [entry.key.text for entry in value.entries] == ["found"]:
            with reader.inside("found"):
                values = MappingOf(Phrase(), Phrase()).read(value.entries[0].value, reader)
                reader.uses.extend(_named(value.entries[0].value, reader))
            return SystemSays("found", values)
        if isinstance(value, Table):
            raise self.wrong(value, reader)
        return SystemSays(OneOf(ANSWERS).read(value, reader))

    def schema(self, terms: Terms) -> Schema:
        """A word, or what was found by name."""
        found = MappingOf(Phrase(), Phrase()).schema(terms)
        of_a_table = {"type": "object", "properties": {"found": found}, "required": ["found"]}
        return {"anyOf": [{"enum": list(ANSWERS)}, {**of_a_table, "additionalProperties": False}]}


def _named(found: Value, reader: Reader) -> Iterator[Use]:
    """The values a lookup is said to have found."""
    for entry in found.entries if isinstance(found, Table) else ():
        yield Use("value", entry.key.text, entry.key.mark, reader.where, reader.step, path=reader.path)


Keys = Annotated[str, Pattern("[0-9*#]{1,40}", "keys of a telephone", "12#")]
SeatRef = Annotated[str, Reference("seat", "1001")]
ProfileRef = Annotated[str, Reference("profile", "recall")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """Somebody calls the hotline; what follows is about him."""

    WORD: ClassVar[str] = "call"

    number: Annotated[PhoneNumber | None, Named("call")] = None  # the hotline's first number
    caller: Annotated[PhoneNumber, Named("from")] = CALLER
    region: str | None = None  # where that number belongs; else found out as in service
    calls_in_24h: Annotated[int | None, Whole(1, 1000)] = None  # his calls, with this one; else those of this test

    def perform(self, scene: Scene) -> None:
        """Dial."""
        number = self.number or scene.rehearsal.hotline.numbers[0]
        region = region_of(self.caller) if self.region is None else self.region
        scene.dial(number, self.caller, region, self.calls_in_24h)


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnsTo:
    """What follows is about somebody who called before."""

    WORD: ClassVar[str] = "caller"

    caller: Annotated[PhoneNumber, Named("caller")]

    def perform(self, scene: Scene) -> None:
        """Look at him."""
        if self.caller not in scene.callers:
            known = ", ".join(scene.callers) or "nobody"
            raise UnmetError(f"{self.caller} has not called; who has: {known}")
        scene.last = scene.callers[self.caller]


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherCallers:
    """Others call, from other numbers, press these keys one after the other, and stay until the test is over."""

    WORD: ClassVar[str] = "other callers"

    count: Annotated[int, Whole(1, 1000), Named("other callers")]
    press: Keys | None = None

    def perform(self, scene: Scene) -> None:
        """Let them call, and each come to where he waits or talks."""
        before = scene.last
        for _ in range(self.count):
            number = f"{OTHERS}{len(scene.callers):04}"
            scene.dial(scene.rehearsal.hotline.numbers[0], number)
            if self.press:
                scene.press(self.press)
            scene.until(lambda: scene.rehearsal.is_settled(scene.caller))
        scene.last = before


@dataclass(frozen=True, slots=True, kw_only=True)
class At:
    """It is this time, where the hotline is. Later lines can only make it later."""

    WORD: ClassVar[str] = "at"

    moment: Annotated[LocalTime, Named("at")]

    def perform(self, scene: Scene) -> None:
        """Set the clock."""
        at = self.moment.replace(tzinfo=ZoneInfo(scene.rehearsal.hotline.timezone)).timestamp()
        if at < scene.rehearsal.now and scene.rehearsal.board.calls:
            raise UnmetError("time does not run back while somebody calls: write an earlier `at` before the call")
        scene.rehearsal.set_clock(at)


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchesCrisis:
    """Somebody switches a crisis profile on, or with `off` back to ordinary days. Who calls already stays."""

    WORD: ClassVar[str] = "crisis"

    profile: Annotated[ProfileRef, Named("crisis")]

    def perform(self, scene: Scene) -> None:
        """Switch."""
        scene.rehearsal.switch_crisis(None if self.profile == OFF else self.profile)


@dataclass(frozen=True, slots=True, kw_only=True)
class Presses:
    """The caller presses keys, each as soon as it means something."""

    WORD: ClassVar[str] = "press"

    keys: Annotated[Keys, Named("press")]

    def perform(self, scene: Scene) -> None:
        """Press them."""
        scene.press(self.keys)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """Time passes, and the caller does nothing."""

    WORD: ClassVar[str] = "wait"

    seconds: Annotated[Seconds, Named("wait")]

    def perform(self, scene: Scene) -> None:
        """Let it pass."""
        scene.rehearsal.advance(self.seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaks:
    """The caller says something for a message, as soon as he is asked for one. Then he is silent, which ends it."""

    WORD: ClassVar[str] = "speaks"

    seconds: Annotated[Seconds, Named("speaks")]

    def perform(self, scene: Scene) -> None:
        """Speak."""
        if not scene.until(lambda: scene.rehearsal.speaking.is_asked(scene.caller)):
            raise UnmetError("nobody takes a message from the caller, however long he waits")
        scene.rehearsal.speak(scene.caller, self.seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class HangsUp:
    """The caller hangs up."""

    WORD: ClassVar[str] = "hangs up"

    def perform(self, scene: Scene) -> None:
        """Hang up."""
        if not scene.is_live:
            raise UnmetError("the caller cannot hang up: his call is over")
        scene.rehearsal.hang_up(scene.caller)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentHangsUp:
    """Whoever talks to the caller hangs up."""

    WORD: ClassVar[str] = "agent hangs up"

    def perform(self, scene: Scene) -> None:
        """Hang up there."""
        if not scene.is_live or scene.call.state is not CallState.TALKING:
            raise UnmetError("no agent talks to the caller")
        scene.rehearsal.agent_hangs_up(scene.caller)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seats:
    """What agents, or the people behind a trunk, do from now on when they are rung; `all` is everybody."""

    WORD: ClassVar[str] = "seats"

    seats: Annotated[Mapping[SeatRef, Annotated[str, OneOf(tuple(Conduct))]], Named("seats")]

    def perform(self, scene: Scene) -> None:
        """Let them."""
        for name, conduct in self.seats.items():
            scene.rehearsal.order(name, Conduct(conduct))


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemsAnswer:
    """What other systems answer from now on, by the name of the lookup. Where nothing is said, asking fails."""

    WORD: ClassVar[str] = "lookup"

    answers: Annotated[Mapping[LookupRef, Annotated[SystemSays, Answering()]], Named("lookup")]

    def perform(self, scene: Scene) -> None:
        """Let them."""
        scene.rehearsal.systems.update(self.answers)


ACTS: tuple[type[Any], ...] = (
    Calls,
    TurnsTo,
    OtherCallers,
    At,
    SwitchesCrisis,
    Presses,
    Waits,
    Speaks,
    HangsUp,
    AgentHangsUp,
    Seats,
    SystemsAnswer,
)
