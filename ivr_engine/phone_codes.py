"""This file decides what an agent's dialled code orders, and whether his PIN is right. It does not know his phone.

PINs lie beside the phones' passwords, readable to their owner alone: of a million PINs a hash would hide none.
"""

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from pathlib import Path

import structlog

from ivr_engine.commission import agent_secrets
from ivr_engine.errors import HotlineError
from ivr_engine.model.agents import PHONE_CODES, PIN_DIGITS, AgentOrder
from ivr_engine.model.ids import SeatId
from ivr_engine.model.notices import AgentChanged
from ivr_engine.people_pins import WrongPinError

log = structlog.get_logger()

_CODE = 3  # characters, before the PIN
BY_PHONE = "his phone"


class PhoneCodes:
    """Takes the codes agents dial. `pins` is the file of their PINs, None if they need none.

    `count` is told how each went: done, refused, or wrong_pin. `of_crises` does what is dialled with `*8`, and raises
    HotlineError if it cannot.
    """

    def __init__(
        self,
        order: Callable[[SeatId, AgentOrder], Awaitable[AgentChanged]],
        pins: Path | None,
        count: Callable[[str], None],
        of_crises: Callable[[SeatId, str], Awaitable[None]] | None = None,
    ) -> None:
        self._order = order
        self._pins = pins
        self._count = count
        self._of_crises = of_crises

    async def take(self, agent: SeatId, dialled: str) -> bool:
        """Do what an agent has dialled on his own phone; answers whether it was done. Never raises."""
        try:
            if self._of_crises is not None and dialled.startswith("*8"):
                await self._of_crises(agent, dialled)
                went = "done"
            else:
                went = await self._carry_out(agent, dialled[:_CODE], dialled[_CODE:])
        except WrongPinError:
            went = "wrong_pin"
            log.warning("person_pin_wrong", phone=agent, code=dialled[:_CODE])
        except HotlineError as error:
            went = "refused"
            log.warning("agent_code_refused", agent=agent, code=dialled[:_CODE], why=str(error))
        except Exception:
            went = "refused"
            log.exception("an agent's code failed", agent=agent, code=dialled[:_CODE])
        self._count(went)
        return went == "done"

    async def _carry_out(self, agent: SeatId, code: str, more: str) -> str:
        word = PHONE_CODES.get(code)
        pin, said = (more[: self._pin_digits], more[self._pin_digits :]) if word == "dispose" else (more, "")
        if not await self._is_his(agent, pin):
            log.warning("agent_pin_wrong", agent=agent, code=code)
            return "wrong_pin"
        if word is None:
            raise HotlineError(f"there is no code {code!r}: dial one of {', '.join(PHONE_CODES)}")
        await self._order(agent, AgentOrder(word, BY_PHONE, code=said))
        return "done"

    @property
    def _pin_digits(self) -> int:
        return PIN_DIGITS if self._pins is not None else 0

    async def _is_his(self, agent: SeatId, pin: str) -> bool:
        if self._pins is None:
            return not pin
        known = await asyncio.to_thread(agent_secrets, self._pins)
        return agent in known and hmac.compare_digest(known[agent].encode(), pin.encode())
