"""This file decides how a caller leaves a message, and when it is worth keeping. It does not know where it is kept.

Most callers hang up when they have said what they wanted, so nothing may depend on what comes after the message.
"""

from dataclasses import dataclass, replace
from enum import Enum
from typing import Annotated, ClassVar

from ivr_engine.dialplan.fields import Named, Remedy
from ivr_engine.dialplan.hotline import Text
from ivr_engine.dialplan.scalars import Key, Repeats, Seconds
from ivr_engine.dialplan.steps import LaterQueueRef, Target
from ivr_engine.nodes._node import (
    Caller,
    GoTo,
    HangUp,
    Hush,
    KeyUse,
    MessageTaken,
    Order,
    Pressed,
    Reply,
    Say,
    Signal,
    Spoken,
    TakeMessage,
)


@dataclass(frozen=True, slots=True)
class TooShort:
    """What happens to a caller who says next to nothing: the words `say`, then all again, `repeat` times; then `then`.

    `under` is counted in whole seconds, give or take one. Left out, `then` is where the others go too.
    """

    under: Seconds = 2.0
    say: Text | None = None
    repeat: Repeats = 1
    then: Target | None = None


class Part(Enum):
    """How far a caller has come."""

    ASKED = "he is told what to do"
    SPEAKING = "what he says is being kept"
    STOPPING = "he pressed the key that ends it"
    THANKED = "he is thanked"


@dataclass(frozen=True, slots=True)
class Leaving:
    """How far a caller has come, and how often he has said next to nothing."""

    part: Part = Part.ASKED
    tries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Voicemail:
    """Takes a message for the people of a queue: `{voicemail: complaint, say: 请在提示音后留言，按井号键结束。}`.

    After `say` there is a beep. The message ends after `longest`, after `quiet` of silence, with the key `ends with`,
    or when he hangs up; it is kept anyhow. Then he hears `thanks`, and goes on to `then`, or the call ends.
    """

    WORD: ClassVar[str] = "voicemail"

    queue: Annotated[LaterQueueRef, Named("voicemail")]
    say: Annotated[Text, Remedy("add `say: 请在提示音后留言，按井号键结束。`")]
    longest: Seconds = 120.0
    quiet: Seconds = 5.0
    ends_with: Key = "#"
    too_short: TooShort = TooShort()
    thanks: Text | None = None
    then: Target | None = None

    def enter(self, caller: Caller) -> Reply:
        """Say what to do."""
        del caller
        return Reply(Leaving(), (Say((self.say,)),))

    def handle(self, state: Leaving, signal: Signal, caller: Caller) -> Reply:
        """Take the message; ask again if there is hardly one."""
        del caller
        match signal, state.part:
            case Spoken(), Part.ASKED:
                return self._take(state, ())
            case Spoken(), Part.THANKED:
                return self._leave(state)
            case Pressed(digit), Part.ASKED if digit == self.ends_with:  # he knows what to do
                return self._take(state, (Hush(),))
            case Pressed(digit), Part.SPEAKING if digit == self.ends_with:
                return Reply(replace(state, part=Part.STOPPING), (Hush(),), key=KeyUse.PART)
            case MessageTaken(seconds), Part.SPEAKING | Part.STOPPING:
                return self._taken(state, seconds)
            case _:
                return Reply(state)

    def _take(self, state: Leaving, hush: tuple[Order, ...]) -> Reply:
        take = TakeMessage(self.queue, self.longest, self.quiet)
        return Reply(replace(state, part=Part.SPEAKING), (*hush, take), key=KeyUse.PART if hush else None)

    def _taken(self, state: Leaving, seconds: float) -> Reply:
        if seconds < self.too_short.under:
            return self._too_short(replace(state, tries=state.tries + 1))
        if self.thanks is None:
            return self._leave(state)
        return Reply(replace(state, part=Part.THANKED), (Say((self.thanks,)),))

    def _too_short(self, state: Leaving) -> Reply:
        again = self.too_short
        if state.tries > again.repeat:
            return Reply(state, exit=GoTo(again.then)) if again.then else self._leave(state)
        texts = (again.say, self.say) if again.say else (self.say,)
        return Reply(replace(state, part=Part.ASKED), (Say(texts),))

    def _leave(self, state: Leaving) -> Reply:
        return Reply(state, exit=GoTo(self.then) if self.then else HangUp())
