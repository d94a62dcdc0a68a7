"""This file decides which number a caller may be called back at, and asks him whether it is right.

It does not know who calls, or when. Somebody will dial what is taken down here, and anyone can claim any caller's
number: so only numbers are taken down that cost no more than a call within the country, unless the file says so.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from ivr_engine.dialplan.diagnostics import quote
from ivr_engine.dialplan.fields import ListOf, Named, Place
from ivr_engine.dialplan.hotline import Text
from ivr_engine.dialplan.scalars import Key, KeySequence, Pattern
from ivr_engine.dialplan.steps import OTHERWISE, ChosenTarget, LaterQueueRef, Target, ValueRef
from ivr_engine.model.ids import StepName
from ivr_engine.nodes._node import Caller, GoTo, Reply, RequestCallBack, Signal
from ivr_engine.nodes.menu import Listening, Menu, Silence, Wrong

# A mobile phone, or an area code and a subscriber: those begin with 2 to 8, services and premium numbers with 1 or 9.
_IN_THE_COUNTRY = re.compile(r"1[3-9][0-9]{9}|0(10|2[0-9]|[3-9][0-9]{2})[2-8][0-9]{6,7}")
_FROM_ABROAD = re.compile(r"(?:\+|00)860?([1-9][0-9]+)")
_MOBILE = re.compile(r"(?:0|86)?(1[3-9][0-9]{9})")  # as lines write it who are far away, or do not know
_ANY = re.compile(r"[0-9]{3,20}")
_BEGINNING = Pattern(r"\+?[0-9]{2,8}", "the beginning of phone numbers", "+852")
_YES = StepName("")  # no step can be named so: what the menu leads to when he agrees


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm:
    """Asks whether the number is right: the key `yes` agrees, `keys` lead elsewhere. The rest is as in a menu."""

    say: Text
    yes: Key = "1"
    keys: Annotated[Mapping[KeySequence, ChosenTarget], Named("keys")] = field(default_factory=dict)
    silence: Silence = field(default_factory=Silence)
    wrong: Wrong = field(default_factory=Wrong)

    def judge(self, at: Place) -> None:
        """Look whether every key can mean one thing only."""
        if self.yes in self.keys:
            message = f"key {quote(self.yes)} would agree, and lead elsewhere"
            at.reader.refuse(at.of("keys"), "E211", message, "give one of the two another key; `yes` is 1 if left out")

    @property
    def menu(self) -> Menu:
        """The question, as a menu that leads to `_YES` when he agrees."""
        return Menu(prompt=self.say, keys={self.yes: _YES, **self.keys}, silence=self.silence, wrong=self.wrong)


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """Takes down that people of a queue shall call the caller back: `{callback: general, no number: ask, then: bye}`.

    `number` is the value that holds it: his own, or one that `collect` keeps; `confirm` asks first whether it is right.
    He keeps the place in line that he has. An anonymous caller, or a number that must not be dialled, goes to
    `no number`: only numbers of mainland China are dialled, and those that begin as `also` says.
    """

    WORD: ClassVar[str] = "callback"

    queue: Annotated[LaterQueueRef, Named("callback")]
    number: ValueRef = "caller"
    confirm: Confirm | None = None
    also: Annotated[tuple[str, ...], ListOf(_BEGINNING)] = ()
    no_number: Target = OTHERWISE
    then: ChosenTarget  # he has asked for it

    @property
    def keys(self) -> Mapping[str, StepName]:
        """The keys that lead elsewhere."""
        return self.confirm.keys if self.confirm else {}

    def enter(self, caller: Caller) -> Reply:
        """Ask whether the number is right, or take it down at once."""
        number = dialable(caller.values.get(self.number, ""), self.also)
        if number is None:
            return Reply(exit=GoTo(self.no_number))
        if self.confirm is None:
            return self._request(Reply(), number)
        return self.confirm.menu.enter(caller)

    def handle(self, state: Listening | None, signal: Signal, caller: Caller) -> Reply:
        """Listen like a menu; take the number down when he agrees."""
        if self.confirm is None or state is None:
            return Reply(state)
        reply = self.confirm.menu.handle(state, signal, caller)
        number = dialable(caller.values.get(self.number, ""), self.also)
        return self._request(reply, number) if reply.exit == GoTo(_YES) and number else reply

    def _request(self, reply: Reply, number: str) -> Reply:
        orders = (*reply.orders, RequestCallBack(self.queue, number))
        return Reply(reply.state, orders, GoTo(self.then), reply.key)


def dialable(written: str, also: tuple[str, ...] = ()) -> str | None:
    """The digits to dial, of a number as a caller or his line gave it; None when nobody should dial it.

    `also` is how other numbers may begin; `+` there, and in the number, is as good as 00.
    """
    number = _at_home(written)
    if _IN_THE_COUNTRY.fullmatch(number):
        return number
    digits = _dialled(written)
    allowed = any(digits.startswith(_dialled(beginning)) for beginning in also)
    return digits if allowed and _ANY.fullmatch(digits) else None


def _at_home(written: str) -> str:
    """The same number as it is dialled within the country."""
    if found := _FROM_ABROAD.fullmatch(written):
        written = "0" + found[1]
    mobile = _MOBILE.fullmatch(written)
    return mobile[1] if mobile else written


def _dialled(number: str) -> str:
    return "00" + number[1:] if number.startswith("+") else number
