"""This file decides how a caller types a number: how long it is, when it ends, when it counts. It does not know whose.

`*` begins anew. A number ends at its greatest length, at the key that ends it, or when no further key comes. What is
wrong with it is asked again, as a menu does. Confirming is a choice of two keys: 1 is right, 2 begins anew.
"""

from dataclasses import dataclass, field, replace
from typing import Annotated, ClassVar, Literal

from ivr_engine.dialplan.digits import Check, Length
from ivr_engine.dialplan.fields import Named, Place
from ivr_engine.dialplan.hotline import Text
from ivr_engine.dialplan.scalars import Seconds
from ivr_engine.dialplan.steps import ChosenTarget, KeptValue
from ivr_engine.model.ids import StepName
from ivr_engine.nodes._node import (
    Caller,
    GoTo,
    Hush,
    Keep,
    KeyUse,
    Order,
    Pressed,
    Private,
    Reply,
    Say,
    Signal,
    Spoken,
    Wait,
    Waited,
)
from ivr_engine.nodes.menu import Silence, Wrong

ANEW = "*"
RIGHT, NOT_RIGHT = "1", "2"
# Who was told to end with a key presses it also behind a number of full length; it must not reach the next step.
LAST_KEY_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Typing:
    """What the caller has typed, how often he was silent or wrong, and whether he still hears something.

    `confirming`: he has typed it all, and is asked whether it is right.
    """

    silences: int = 0
    wrongs: int = 0
    speaking: bool = True
    typed: str = field(default="", repr=False)  # it may be a secret
    confirming: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Collect:
    """Asks for a number, and keeps it under a name: `{collect: order, ask: 请输入订单号。, digits: 8, then: main}`.

    `digits` is how many, or `6 to 20`. `ends with` is the key that ends it early. `check` is `luhn` (bank cards), or
    what the whole number looks like: `1[3-9]\\d{9}`. `confirm` says it again and asks: 1 if it is right, 2 if not.
    `sensitive: true` keeps it, and the caller's voice meanwhile, out of logs, journal and recording.
    """

    WORD: ClassVar[str] = "collect"

    name: Annotated[KeptValue, Named("collect")]
    ask: Text
    digits: Length
    ends_with: Literal["#", "*"] | None = None
    check: Check | None = None
    confirm: Text | None = None
    sensitive: bool = False
    silence: Silence = field(default_factory=Silence)
    wrong: Wrong = field(default_factory=Wrong)
    between_keys: Seconds = 4.0
    barge_in: bool = True
    then: ChosenTarget

    def judge(self, at: Place) -> None:
        """Look whether a confirmation says what it asks about, and that nobody says a secret."""
        if self.sensitive:
            at.reader.secret.setdefault(self.name, at.of("sensitive"))
        if self.confirm is not None and not self.confirm.names(self.name):
            message = "callers are asked whether the number is right, and do not hear it"
            remedy = "delete `confirm`" if self.sensitive else f"say it there: `<{self.name} as digits>`"
            at.reader.warn(at.of("confirm"), "W414", message, remedy)

    def enter(self, caller: Caller) -> Reply:
        """Ask."""
        del caller
        hide: tuple[Order, ...] = (Private(on=True),) if self.sensitive else ()
        return Reply(Typing(), (*hide, Say((self.ask,))))

    def handle(self, state: Typing, signal: Signal, caller: Caller) -> Reply:
        """Take keys until the number is whole; bear with the caller a few times otherwise."""
        del caller
        match signal:
            case Pressed(key):
                return self._pressed(state, key)
            case Spoken() if state.speaking:
                return Reply(replace(state, speaking=False), (Wait(self.silence.after),))
            case Waited() if state.typed and not state.confirming:
                return self._complete(state)
            case Waited() if not state.speaking:
                return self._silent(replace(state, silences=state.silences + 1))
            case _:
                return Reply(state)

    def _pressed(self, state: Typing, key: str) -> Reply:
        if state.speaking and not self.barge_in:
            return Reply(state, key=KeyUse.PART if key.isdecimal() else None)
        return self._answered(state, key) if state.confirming else self._typed(state, key)

    def _typed(self, state: Typing, key: str) -> Reply:
        if key == self.ends_with and state.typed:
            return self._complete(state)
        if key == ANEW != self.ends_with and state.typed:
            return Reply(replace(state, typed=""), (Wait(self.silence.after),), key=KeyUse.PART)
        if not key.isdecimal():
            return self._wrong(state, self._sorry(self.ask))
        hush: tuple[Order, ...] = (Hush(),) if state.speaking else ()
        typed = (state.typed + key)[: self.digits.most + 1]  # one more shows that it is too long
        state = replace(state, typed=typed, speaking=False)
        if len(typed) == self.digits.most and self.ends_with is None:
            done = self._complete(state)
            return replace(done, orders=(*hush, *done.orders))
        wait = LAST_KEY_SECONDS if len(typed) >= self.digits.most else self.between_keys
        return Reply(state, (*hush, Wait(wait)), key=KeyUse.PART)

    def _complete(self, state: Typing) -> Reply:
        number = state.typed
        if not self.digits.fits(number) or (self.check is not None and not self.check.passes(number)):
            # The number is wrong, not its last key: else that would be the hotline's for a person, if it is 0 or #.
            return replace(self._wrong(replace(state, typed=""), self._sorry(self.ask)), key=KeyUse.PART)
        keep = Keep({self.name: number}, secret=self.sensitive)
        if self.confirm is None:
            return Reply(state, (keep,), GoTo(self.then), KeyUse.PART)
        asking = replace(state, typed="", confirming=True, speaking=True)
        return Reply(asking, (keep, Say((self.confirm,))), key=KeyUse.PART)

    def _answered(self, state: Typing, key: str) -> Reply:
        assert self.confirm is not None
        if key == RIGHT:
            return Reply(state, self._hush(state), GoTo(self.then), KeyUse.PART)
        if key in (NOT_RIGHT, ANEW):
            anew = self._wrong(replace(state, confirming=False), (self.ask,))
            return replace(anew, orders=(self._forget(), *anew.orders), key=KeyUse.PART)
        if key == self.ends_with:  # pressed once more than needed
            wait: tuple[Order, ...] = () if state.speaking else (Wait(self.silence.after),)
            return Reply(state, wait, key=KeyUse.PART)
        return self._wrong(state, self._sorry(self.confirm))

    def _wrong(self, state: Typing, texts: tuple[Text, ...]) -> Reply:
        state = replace(state, wrongs=state.wrongs + 1)
        if state.wrongs > self.wrong.repeat:
            return self._give_up(state, self.wrong.then, KeyUse.WRONG)
        return Reply(replace(state, speaking=True, typed=""), (Say(texts),), key=KeyUse.WRONG)

    def _silent(self, state: Typing) -> Reply:
        if state.silences > self.silence.repeat:
            return self._give_up(state, self.silence.then, None)
        text = self.confirm if state.confirming and self.confirm is not None else self.ask
        return Reply(replace(state, speaking=True), (Say((text,)),))

    def _give_up(self, state: Typing, step: StepName, key: KeyUse | None) -> Reply:
        forget: tuple[Order, ...] = (self._forget(),) if state.confirming else ()
        return Reply(state, (*self._hush(state), *forget), GoTo(step), key)

    def _sorry(self, text: Text) -> tuple[Text, ...]:
        return (self.wrong.say, text) if self.wrong.say else (text,)

    def _hush(self, state: Typing) -> tuple[Order, ...]:
        return (Hush(),) if state.speaking else ()

    def _forget(self) -> Keep:
        """What the caller has not said yes to is no number of his."""
        return Keep({self.name: ""}, secret=self.sensitive)
