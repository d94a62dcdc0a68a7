"""This file decides whose PIN was dialled, and when a phone has guessed too often. It does not know what he wants.

PINs lie beside the phones' passwords, readable to their owner alone: of a million PINs a hash would hide none. The file
is made by `ivr provision`, and read anew for each PIN.
"""

import asyncio
import hmac
from collections import deque
from collections.abc import Callable
from pathlib import Path

from ivr_engine.commission import agent_secrets
from ivr_engine.errors import RefusedError

MOST_WRONG = 5
FORGOTTEN_AFTER_SECONDS = 600.0


class WrongPinError(RefusedError):
    """A PIN that is nobody's, or a phone that may not try any more for now."""


class PeoplePins:
    """The PINs of the hotline's people. `file`: None where nobody has one. `now` is any clock of seconds.

    A phone that dialled wrong PINs is not listened to for a while: a number of a million is guessed otherwise.
    """

    def __init__(self, file: Path | None, now: Callable[[], float]) -> None:
        self._file = file
        self._now = now
        self._wrong: dict[str, deque[float]] = {}  # by phone

    async def whose(self, pin: str, phone: str) -> str:
        """The name of the person whose PIN it is, dialled at `phone`.

        Raises WrongPinError, with cause and remedy, if it is nobody's or this phone has to wait; SettingsError if the
        file cannot be read.
        """
        known = await asyncio.to_thread(agent_secrets, self._file) if self._file is not None else {}
        if not known:
            raise WrongPinError("nobody has a PIN here: set `site: people pins:`, then run `ivr provision`")
        if self.is_locked(phone):
            minutes = f"{FORGOTTEN_AFTER_SECONDS / 60:.0f} minutes"
            raise WrongPinError(f"{MOST_WRONG} wrong PINs from this phone: wait {minutes}, or use another way")
        # All are compared, so that the time it takes does not tell whose first digits were right.
        owners = [name for name, own in known.items() if hmac.compare_digest(own.encode(), pin.encode())]
        if len(owners) != 1:  # two people with one PIN are nobody
            self._wrong.setdefault(phone, deque(maxlen=MOST_WRONG)).append(self._now())
            raise WrongPinError("this PIN is nobody's: dial it again, or look into the file of `site: people pins:`")
        self._wrong.pop(phone, None)
        return owners[0]

    def is_locked(self, phone: str) -> bool:
        """Whether a phone has dialled too many wrong PINs of late."""
        since = self._now() - FORGOTTEN_AFTER_SECONDS
        self._wrong = {one: times for one, times in self._wrong.items() if times[-1] > since}
        return sum(at > since for at in self._wrong.get(phone, ())) >= MOST_WRONG
