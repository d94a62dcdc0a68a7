"""This file decides what a dialled code orders of a crisis, and in whose name. It does not know the phone.

`*81<PIN><code><level>` is on (level 1 to 3), `*82<PIN><code>` off (no code: the one that is on), and
`*83<PIN><proposal>` yes. The PIN is a person's own: it says who orders, whoever's phone it is dialled at.
"""

from collections.abc import Callable
from typing import Protocol

from ivr_engine.dialplan.hotline import Hotline
from ivr_engine.errors import RefusedError
from ivr_engine.model.agents import PIN_DIGITS
from ivr_engine.model.crises import LEVELS
from ivr_engine.model.crisis_orders import CrisisNow, CrisisOrder, ProposalAnswer, Wire
from ivr_engine.model.ids import SeatId
from ivr_engine.nodes import Node
from ivr_engine.people_pins import PeoplePins, WrongPinError

ON, OFF, YES = "*81", "*82", "*83"
CODES = (ON, OFF, YES)


class Front(Protocol):
    """Where crises are ordered."""

    def now(self) -> CrisisNow:
        """The crises as they are now."""
        ...

    async def order(self, order: CrisisOrder) -> CrisisNow:
        """Switch. Raises RefusedError."""
        ...

    async def answer(self, proposal: str, answer: ProposalAnswer) -> CrisisNow:
        """Say yes or no. Raises RefusedError."""
        ...

    def turned_away(self, wire: Wire, who: str, what: str, why: str) -> None:
        """Somebody's PIN was wrong."""
        ...


class CrisisCodes:
    """Takes the codes of crises that are dialled at agents' phones."""

    def __init__(self, front: Front, pins: PeoplePins, hotline: Callable[[], Hotline[Node]]) -> None:
        self._front = front
        self._pins = pins
        self._hotline = hotline

    async def take(self, phone: SeatId, dialled: str) -> None:
        """Do what was dialled. Raises WrongPinError, or another HotlineError with cause and remedy."""
        code, pin, said = dialled[:3], dialled[3 : 3 + PIN_DIGITS], dialled[3 + PIN_DIGITS :]
        try:
            by = await self._pins.whose(pin, phone)
        except WrongPinError as error:
            self._front.turned_away("phone", phone, code, str(error))
            raise
        why = f"dialled at phone {phone}"
        if code == YES:
            await self._front.answer(said, ProposalAnswer("yes", by))
        elif code == ON:
            await self._front.order(self._on(said, by, why))
        else:
            profile = self._profile(said) if said else self._the_one()
            await self._front.order(CrisisOrder(profile, by, why, on=False))

    def _on(self, said: str, by: str, why: str) -> CrisisOrder:
        code, digit = said[:-1], said[-1:]
        if digit not in ("1", "2", "3"):
            raise RefusedError(f"level {digit!r} is none: dial 1, 2 or 3 behind the profile's code")
        profile = self._profile(code)
        is_on = any(one.profile == profile for one in self._front.now().active)
        return CrisisOrder(profile, by, why, level=LEVELS[int(digit) - 1], keep=is_on)

    def _profile(self, code: str) -> str:
        codes = {flow.plan.code: name for name, flow in self._hotline().crises.items() if flow.plan and flow.plan.code}
        if code not in codes:
            known = ", ".join(f"{code} {name}" for code, name in codes.items()) or "none has a code"
            raise RefusedError(f"no crisis profile has the code {code!r}: dial one of {known}")
        return codes[code]

    def _the_one(self) -> str:
        on = [one.profile for one in self._front.now().active]
        if len(on) != 1:
            raise RefusedError(f"{len(on)} crisis profiles are on: dial the code of one behind your PIN")
        return on[0]
