"""This file decides what a menu does with keys, wrong keys and silence. It does not know where its keys lead.

A key counts at once, also while the menu still speaks. Silence and wrong keys are counted apart, and both run out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar

from ivr_engine.dialplan.fields import Named, Remedy
from ivr_engine.dialplan.hotline import Text
from ivr_engine.dialplan.scalars import Key, Repeats, Seconds
from ivr_engine.dialplan.steps import OTHERWISE, ChosenTarget, Target
from ivr_engine.model.ids import StepName
from ivr_engine.nodes._node import GoTo, Hush, Order, Pressed, Reply, Say, Signal, Spoken, Wait, Waited


@dataclass(frozen=True, slots=True)
class Silence:
    """What happens when no key comes: after `after` seconds the prompt again, `repeat` times; then on to `then`."""

    after: Seconds = 5.0
    repeat: Repeats = 2
    then: Target = OTHERWISE


@dataclass(frozen=True, slots=True)
class Wrong:
    """What happens on a wrong key: the words `say`, then the prompt again, `repeat` times; then on to `then`."""

    say: Text | None = None
    repeat: Repeats = 2
    then: ChosenTarget = OTHERWISE


@dataclass(frozen=True, slots=True)
class Listening:
    """How often the caller was silent or wrong so far, and whether he still hears the prompt."""

    silences: int = 0
    wrongs: int = 0
    speaking: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """Offers keys to press."""

    WORD: ClassVar[str] = "menu"

    prompt: Annotated[Text, Named("menu")]
    keys: Annotated[Mapping[Key, ChosenTarget], Remedy("add `keys: {1: {enqueue: general}}`")]
    silence: Silence = Silence()
    wrong: Wrong = Wrong()

    def enter(self) -> Reply:
        """Say what there is to choose."""
        return Reply(Listening(), (Say((self.prompt,)),))

    def handle(self, state: Listening, signal: Signal) -> Reply:
        """Go where a key leads; bear with the caller a few times otherwise."""
        match signal:
            case Pressed(digit):
                return self._pressed(state, digit)
            case Spoken() if state.speaking:
                return Reply(replace(state, speaking=False), (Wait(self.silence.after),))
            case Waited() if not state.speaking:
                return self._silent(replace(state, silences=state.silences + 1))
            case _:
                return Reply(state)

    def _pressed(self, state: Listening, digit: str) -> Reply:
        if digit in self.keys:
            return self._leave(state, self.keys[digit], understood=True)
        state = replace(state, wrongs=state.wrongs + 1)
        if state.wrongs > self.wrong.repeat:
            return self._leave(state, self.wrong.then, understood=False)
        texts = (self.wrong.say, self.prompt) if self.wrong.say else (self.prompt,)
        return Reply(replace(state, speaking=True), (Say(texts),), understood=False)

    def _silent(self, state: Listening) -> Reply:
        if state.silences > self.silence.repeat:
            return self._leave(state, self.silence.then, understood=None)
        return Reply(replace(state, speaking=True), (Say((self.prompt,)),))

    def _leave(self, state: Listening, step: StepName, *, understood: bool | None) -> Reply:
        hush: tuple[Order, ...] = (Hush(),) if state.speaking else ()
        return Reply(state, hush, GoTo(step), understood)
