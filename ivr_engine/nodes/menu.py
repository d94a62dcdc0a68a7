"""This file decides what a menu does with keys, wrong keys and silence. It does not know where its keys lead.

A key counts at once, also while the menu still speaks. Where a choice has several keys, the menu waits a moment for the
next one, if there can be one. Silence and wrong keys are counted apart, and both run out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar

from ivr_engine.dialplan.fields import Named, Remedy
from ivr_engine.dialplan.hotline import Text
from ivr_engine.dialplan.scalars import KeySequence, Repeats, Seconds
from ivr_engine.dialplan.steps import OTHERWISE, ChosenTarget, Target
from ivr_engine.model.ids import StepName
from ivr_engine.nodes._node import Caller, GoTo, Hush, KeyUse, Order, Pressed, Reply, Say, Signal, Spoken, Wait, Waited

BETWEEN_KEYS = 2.0  # seconds, unless the menu says otherwise


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
    """How often the caller was silent or wrong so far, what he has typed, and whether he still hears the prompt."""

    silences: int = 0
    wrongs: int = 0
    speaking: bool = True
    typed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """Offers keys to press. `barge in: false`: only when all is said.

    `between keys` is how long the next key of a choice with several may take: 2s, unless it is written.
    """

    WORD: ClassVar[str] = "menu"

    prompt: Annotated[Text, Named("menu")]
    keys: Annotated[Mapping[KeySequence, ChosenTarget], Remedy("add `keys: {1: {enqueue: general}}`")]
    silence: Silence = Silence()
    wrong: Wrong = Wrong()
    barge_in: bool = True
    between_keys: Seconds | None = None

    def enter(self, caller: Caller) -> Reply:
        """Say what there is to choose."""
        del caller
        return Reply(Listening(), (Say((self.prompt,)),))

    def handle(self, state: Listening, signal: Signal, caller: Caller) -> Reply:
        """Go where a key leads; bear with the caller a few times otherwise."""
        del caller
        match signal:
            case Pressed() if state.speaking and not self.barge_in:
                return Reply(state)
            case Pressed(digit):
                return self._typed(state, state.typed + digit)
            case Spoken() if state.speaking:
                return Reply(replace(state, speaking=False), (Wait(self.silence.after),))
            case Waited() if state.typed:
                return self._complete(replace(state, typed=""), state.typed)
            case Waited() if not state.speaking:
                return self._silent(replace(state, silences=state.silences + 1))
            case _:
                return Reply(state)

    def _typed(self, state: Listening, typed: str) -> Reply:
        if any(keys != typed and keys.startswith(typed) for keys in self.keys):
            hush: tuple[Order, ...] = (Hush(),) if state.speaking else ()
            waiting = replace(state, typed=typed, speaking=False)
            return Reply(waiting, (*hush, Wait(self.between_keys or BETWEEN_KEYS)), key=KeyUse.PART)
        return self._complete(replace(state, typed=""), typed)

    def _complete(self, state: Listening, typed: str) -> Reply:
        if typed in self.keys:
            return replace(self._leave(state, self.keys[typed], KeyUse.CHOICE), chosen=typed)
        state = replace(state, wrongs=state.wrongs + 1)
        if state.wrongs > self.wrong.repeat:
            return self._leave(state, self.wrong.then, KeyUse.WRONG)
        texts = (self.wrong.say, self.prompt) if self.wrong.say else (self.prompt,)
        return Reply(replace(state, speaking=True), (Say(texts),), key=KeyUse.WRONG)

    def _silent(self, state: Listening) -> Reply:
        if state.silences > self.silence.repeat:
            return self._leave(state, self.silence.then, None)
        return Reply(replace(state, speaking=True), (Say((self.prompt,)),))

    def _leave(self, state: Listening, step: StepName, key: KeyUse | None) -> Reply:
        hush: tuple[Order, ...] = (Hush(),) if state.speaking else ()
        return Reply(state, hush, GoTo(step), key)
