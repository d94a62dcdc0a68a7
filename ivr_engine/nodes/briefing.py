"""This file decides how somebody who may listen is told how the hotline stands. It does not know how it stands, or who.

He types his PIN, which nobody else learns: it is neither recorded nor written down. Then he hears each sentence of
which everything is known, so that nobody hears half of one.
"""

from dataclasses import dataclass, field, replace
from typing import Annotated, ClassVar

from ivr_engine.dialplan.fields import Named, Place
from ivr_engine.dialplan.hotline import Text
from ivr_engine.dialplan.steps import Target
from ivr_engine.model.agents import PIN_DIGITS
from ivr_engine.model.ids import LookupName
from ivr_engine.nodes._node import (
    Answer,
    Caller,
    GoTo,
    Hush,
    Keep,
    KeyUse,
    LookedUp,
    LookUp,
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

SITUATION = LookupName("the situation")  # asked of ourselves: no lookup of a dialplan can have a blank in its name
PIN = "briefing.pin"
VALUES = tuple(
    f"briefing.{name}"
    for name in ("level", "since", "calls", "share", "answered", "waiting", "longest", "ready", "overdue")
)
TRIES = 3
PATIENT_SECONDS = 8.0  # for the next key; and after the report, for a wish to hear it again
AGAIN, ENOUGH = "*", "#"


@dataclass(frozen=True, slots=True)
class Listening:
    """What was typed, how often it was wrong, and whether he hears something, waits for an answer, or was told all."""

    typed: str = field(default="", repr=False)
    wrongs: int = 0
    speaking: bool = True
    asked: bool = False
    known: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Briefing:
    """Asks for a PIN, and tells how the hotline stands: `{briefing: 请输入密码。, report: [...], failed: …, then: …}`.

    `report` are sentences; one with a value that is not known now is left out. Of the crisis: `<briefing.level as
    level>`, `<briefing.since as duration>`, `<briefing.overdue as number>` clocks. Of the last 15 minutes:
    `<briefing.calls as number>`, `<briefing.share as number>` per cent of usual ones, `<briefing.answered as number>`
    per cent. Of now: `<briefing.waiting as number>`, `<briefing.longest as duration>`, `<briefing.ready as number>`
    seats. `*` says it again, `#` goes on. Who types no right PIN goes to `failed`.
    """

    WORD: ClassVar[str] = "briefing"

    ask: Annotated[Text, Named("briefing")]
    report: tuple[Text, ...]
    wrong: Text | None = None
    failed: Target
    then: Target

    def judge(self, at: Place) -> None:
        """Let the report name what is known here, and nobody say the PIN."""
        for name in VALUES:
            at.reader.kept.setdefault(name, at.of("report"))
        at.reader.secret.setdefault(PIN, at.of("briefing"))

    def enter(self, caller: Caller) -> Reply:
        """Ask for the PIN."""
        del caller
        return Reply(Listening(), (Private(on=True), Say((self.ask,))))

    def handle(self, state: Listening, signal: Signal, caller: Caller) -> Reply:
        """Take the PIN, have it looked at, and tell."""
        match signal:
            case Pressed(key):
                return self._listens(state, key, caller) if state.known else self._types(state, key)
            case LookedUp(answer, values) if state.asked:
                return self._answered(replace(state, asked=False), answer, Keep(values), caller)
            case Spoken():
                return Reply(replace(state, speaking=False), (Wait(PATIENT_SECONDS),))
            case Waited() if state.known:
                return Reply(state, exit=GoTo(self.then))
            case Waited() if not state.asked:
                return self._wrong(state)
            case _:
                return Reply(state)

    def _types(self, state: Listening, key: str) -> Reply:
        if state.asked:
            return Reply(state, key=KeyUse.PART)
        hush: tuple[Order, ...] = (Hush(),) if state.speaking else ()
        typed = state.typed + key if key.isdecimal() else ""  # any other key begins anew
        if len(typed) < PIN_DIGITS:
            return Reply(replace(state, typed=typed, speaking=False), (*hush, Wait(PATIENT_SECONDS)), key=KeyUse.PART)
        orders = (*hush, Keep({PIN: typed}, secret=True), LookUp(SITUATION))
        return Reply(replace(state, typed="", speaking=False, asked=True), orders, key=KeyUse.PART)

    def _answered(self, state: Listening, answer: Answer, keep: Keep, caller: Caller) -> Reply:
        forget = Keep({PIN: ""}, secret=True)
        if answer is Answer.FAILED:
            return Reply(state, (forget,), GoTo(self.failed))
        if answer is Answer.NOT_FOUND:
            wrong = self._wrong(state)
            return replace(wrong, orders=(forget, *wrong.orders))
        told = Say(self._told(caller, keep))
        return Reply(replace(state, known=True, speaking=True), (forget, keep, Private(on=False), told))

    def _wrong(self, state: Listening) -> Reply:
        state = replace(state, typed="", wrongs=state.wrongs + 1, speaking=True)
        if state.wrongs >= TRIES:
            return Reply(state, exit=GoTo(self.failed))
        return Reply(state, (Say((self.wrong, self.ask) if self.wrong else (self.ask,)),))

    def _listens(self, state: Listening, key: str, caller: Caller) -> Reply:
        hush: tuple[Order, ...] = (Hush(),) if state.speaking else ()
        if key == ENOUGH:
            return Reply(state, hush, GoTo(self.then), KeyUse.CHOICE)
        if key == AGAIN:
            return Reply(replace(state, speaking=True), (Say(self._told(caller, Keep())),), key=KeyUse.CHOICE)
        return Reply(state, () if state.speaking else (Wait(PATIENT_SECONDS),), key=KeyUse.PART)

    def _told(self, caller: Caller, keep: Keep) -> tuple[Text, ...]:
        """The sentences of which everything is known."""
        values = {**caller.values, **keep.values}
        unknown = [name for name in VALUES if not values.get(name)]
        return tuple(text for text in self.report if not any(text.names(name) for name in unknown))
