"""This file decides what a test can expect of a call, and how it is told when it is not so. It does not know why.

What is expected may still be to come: time passes until it is there, for `within` at most, and the caller does nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from ivr_engine.dialplan.fields import ListOf, Named
from ivr_engine.dialplan.scalars import Language, PhoneNumber, Phrase, Seconds
from ivr_engine.dialplan.steps import QueueRef, Reference, ValueRef
from ivr_engine.model.ids import StepName
from ivr_engine.model.notices import (
    CallBackRequested,
    CallStage,
    Connected,
    Ended,
    MessageLeft,
    Offered,
    Queued,
    StepEntered,
    Transferred,
)
from ivr_engine.simulator.acts import SeatRef
from ivr_engine.simulator.rehearsal import Doing, Saying
from ivr_engine.simulator.scene import PATIENCE_SECONDS, Scene, UnmetError

Within = Annotated[Seconds, Named("within")]
StepRef = Annotated[StepName, Reference("step", "main")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hears:
    """The caller is being told these words, or they are the next he is told; what stands around them may differ."""

    WORD: ClassVar[str] = "hears"

    words: Annotated[str, Named("hears")]
    within: Within = PATIENCE_SECONDS

    def perform(self, scene: Scene) -> None:
        """Listen."""
        scene.hear(self.words, self.within)


@dataclass(frozen=True, slots=True, kw_only=True)
class HearsNothing:
    """Nobody says anything to the caller now; there may be music."""

    WORD: ClassVar[str] = "hears nothing"

    def perform(self, scene: Scene) -> None:
        """Listen."""
        for saying in scene.rehearsal.of(scene.caller):
            if isinstance(saying, Saying) and scene.rehearsal.sounds(saying):
                raise UnmetError(f"the caller should hear nothing, but hears “{saying.words}”")


@dataclass(frozen=True, slots=True, kw_only=True)
class IsQueued:
    """The caller is in this queue, or it is the next he joins."""

    WORD: ClassVar[str] = "queue"

    queue: Annotated[QueueRef, Named("queue")]
    within: Within = PATIENCE_SECONDS

    def perform(self, scene: Scene) -> None:
        """Look for him there."""
        found = scene.next(Queued, self.within)
        if found is None:
            raise UnmetError(f"the caller should join queue {self.queue}, but joins none{_end(scene)}")
        if found.queue != self.queue:
            raise UnmetError(f"the caller should join queue {self.queue}, but joins {found.queue}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rings:
    """This seat is rung for the caller, or is the next that is: an agent, or a pool."""

    WORD: ClassVar[str] = "rings"

    seat: Annotated[SeatRef, Named("rings")]
    within: Within = PATIENCE_SECONDS

    def perform(self, scene: Scene) -> None:
        """Look who is rung."""
        found = scene.next(Offered, self.within)
        if found is None:
            raise UnmetError(f"{self.seat} should be rung for the caller, but nobody is{_end(scene)}")
        if self.seat not in (found.seat, found.pool):
            raise UnmetError(f"{self.seat} should be rung for the caller, but {found.seat} is")


@dataclass(frozen=True, slots=True, kw_only=True)
class TalksTo:
    """The caller talks to this agent, to anybody of this pool, or to a destination he is transferred to."""

    WORD: ClassVar[str] = "talks to"

    seat: Annotated[SeatRef, Named("talks to")]
    within: Within = PATIENCE_SECONDS

    def perform(self, scene: Scene) -> None:
        """Look who picked up."""
        match _next_talk(scene, self.within):
            case Connected(seat=seat, pool=pool):
                there: tuple[str, ...] = (seat, pool)
            case Transferred(destination=destination):
                there = (destination,)
            case _:
                raise UnmetError(f"the caller should talk to {self.seat}, but talks to nobody{_end(scene)}")
        if self.seat not in there:
            raise UnmetError(f"the caller should talk to {self.seat}, but talks to {' of '.join(there)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tags:
    """What the caller called about, as far as it is known: exactly these tags."""

    WORD: ClassVar[str] = "tags"

    tags: Annotated[tuple[str, ...], ListOf(Phrase(), may_be_empty=True), Named("tags")]

    def perform(self, scene: Scene) -> None:
        """Compare."""
        ended = [one.record for one in scene.rehearsal.of(scene.caller) if isinstance(one, Ended)]
        found = ended[0].tags if ended else scene.rehearsal.call(scene.caller).tags
        if set(found) != set(self.tags):
            raise UnmetError(f"the caller's tags should be {_listed(self.tags)}, but are {_listed(found)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """What is remembered of the caller, by name; others may be remembered too."""

    WORD: ClassVar[str] = "value"

    values: Annotated[Mapping[ValueRef, str], Named("value")]

    def perform(self, scene: Scene) -> None:
        """Compare."""
        known = scene.call.known_values()
        for name, value in self.values.items():
            if known.get(name) != value:
                found = f"is “{known[name]}”" if name in known else "is not known"
                raise UnmetError(f"the caller's {name} should be “{value}”, but {found}")


@dataclass(frozen=True, slots=True, kw_only=True)
class HearsLanguage:
    """The language the caller hears."""

    WORD: ClassVar[str] = "language"

    language: Annotated[Language, Named("language")]

    def perform(self, scene: Scene) -> None:
        """Compare."""
        if scene.call.language != self.language:
            raise UnmetError(f"the caller should hear {self.language}, but hears {scene.call.language}")


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftMessage:
    """The caller has left a message for people of this queue."""

    WORD: ClassVar[str] = "message"

    queue: Annotated[QueueRef, Named("message")]
    within: Within = PATIENCE_SECONDS

    def perform(self, scene: Scene) -> None:
        """Look for it."""
        found = scene.next(MessageLeft, self.within, beyond=True)
        if found is None or found.queue != self.queue:
            what = f"leaves one for {found.queue}" if found else f"leaves none{_end(scene)}"
            raise UnmetError(f"the caller should leave a message for {self.queue}, but {what}")


@dataclass(frozen=True, slots=True, kw_only=True)
class WantsCallBack:
    """The caller has asked to be called back by people of this queue, at the number `at`, or whichever it is."""

    WORD: ClassVar[str] = "call back"

    queue: Annotated[QueueRef, Named("call back")]
    to: Annotated[PhoneNumber | None, Named("at")] = None
    within: Within = PATIENCE_SECONDS

    def perform(self, scene: Scene) -> None:
        """Look for his wish."""
        found = scene.next(CallBackRequested, self.within)
        if found is None or found.queue != self.queue or self.to not in (None, found.to):
            what = f"wishes it of {found.queue} at {found.to}" if found else f"does not wish it{_end(scene)}"
            raise UnmetError(f"the caller should wish to be called back by {self.queue}, but {what}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaches:
    """The caller is at this step, or comes to it; steps on the way there need not be written."""

    WORD: ClassVar[str] = "step"

    step: Annotated[StepRef, Named("step")]
    within: Within = PATIENCE_SECONDS

    def perform(self, scene: Scene) -> None:
        """Follow him."""
        while (found := scene.next(StepEntered, self.within)) is not None:
            if found.step == self.step:
                return
        raise UnmetError(f"the caller should come to step {self.step}, but does not{_end(scene)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class IsHungUp:
    """The hotline ends the call: now, or after the words being said."""

    WORD: ClassVar[str] = "hung up"

    def perform(self, scene: Scene) -> None:
        """Look whether his line goes on."""
        if scene.next(Ended) is None:
            raise UnmetError("the hotline should end the call, but it goes on")
        if any(isinstance(one, Doing) and one.what == Doing.HANGS_UP for one in scene.rehearsal.of(scene.caller)):
            raise UnmetError("the hotline should end the call, but the caller hung up")


def _next_talk(scene: Scene, within: float) -> CallStage | None:
    while (found := scene.next((Connected, Transferred), within)) is not None:
        if not isinstance(found, Transferred) or found.ok:
            break
    return found


def _end(scene: Scene) -> str:
    return "" if scene.is_live else ": the call is over"


def _listed(tags: tuple[str, ...]) -> str:
    return ", ".join(tags) or "none"


EXPECTATIONS: tuple[type[Any], ...] = (
    Hears,
    HearsNothing,
    IsQueued,
    Rings,
    TalksTo,
    Tags,
    Values,
    HearsLanguage,
    LeftMessage,
    WantsCallBack,
    Reaches,
    IsHungUp,
)
