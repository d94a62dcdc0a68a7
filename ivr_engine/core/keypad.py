"""This file decides which order an agent's keys are, while he talks. It does not know what the order does.

A code begins with a star. One that needs a number goes on to #; a star begins anew, and what is left alone too long is
forgotten.
"""

from dataclasses import dataclass

from ivr_engine.core.seat import Seat
from ivr_engine.model.agents import TALK_CODES, WITH_A_NUMBER, AgentOrder
from ivr_engine.model.ids import SeatId

FORGOTTEN_SECONDS = 8.0
BY_KEYS = "his keypad"
_LONGEST = 20  # keys of a code
_CODE = 2  # of them say what is wanted


@dataclass(slots=True)
class _Typed:
    keys: str
    at: float


class Keypad:
    """What agents have typed of codes that are not complete."""

    def __init__(self) -> None:
        self._typed: dict[SeatId, _Typed] = {}

    def press(self, seat: Seat, digit: str, now: float) -> AgentOrder | None:
        """Take in a key; the order, if it completes one."""
        typed = self._typed.pop(seat.id, None)
        begun = typed.keys if typed is not None and now - typed.at <= FORGOTTEN_SECONDS else ""
        keys = "*" if digit == "*" else begun + digit
        word = TALK_CODES.get(keys[:_CODE])
        if word is not None and (word not in WITH_A_NUMBER or (digit == "#" and len(keys) > _CODE + 1)):
            number = keys[_CODE:-1]
            disposes = word == "dispose"
            return AgentOrder(word, BY_KEYS, to="" if disposes else number, code=number if disposes else "")
        if keys.startswith("*") and len(keys) < _LONGEST and (word is not None or keys == "*"):
            self._typed[seat.id] = _Typed(keys, now)
        return None
