"""This file decides which hours a review is about. It does not know what happened in them.

An incident begins with the first sign and ends when the last of its crises is off; a crisis that comes on again within
an hour belongs to it. It is looked at with an hour before, and an hour after.
"""

from dataclasses import dataclass, field

from ivr_engine.model.alarms import CrisisChanged, CrisisProposed, TriggerChanged
from ivr_engine.model.notices import AnyNotice
from ivr_engine.model.orders import SignalSeen

AROUND = 3600.0  # seconds


@dataclass(frozen=True, slots=True)
class Hours:
    """What is reviewed, in seconds since 1970: from `since` until `until`, with the crisis from `begin` until `end`.

    `sign` is when the first sign was seen. Without a crisis all of it is one.
    """

    since: float
    until: float
    sign: float
    begin: float
    end: float

    def phase(self, at: float) -> str:
        """Whether a moment is before, during or after the crisis."""
        return "before" if at < self.begin else "during" if at < self.end else "after"


@dataclass(slots=True)
class Incident:
    """Learns from what is told when a crisis began and ended. `profile` None: whichever is on."""

    profile: str | None = None
    drill: bool = False
    signs: list[float] = field(default_factory=list)
    began: float | None = None
    ended: float | None = None
    _on: set[str] = field(default_factory=set)

    def hear(self, notice: AnyNotice | SignalSeen, now: float) -> None:
        """Take in a notice, or a signal of another system."""
        match notice:
            case CrisisChanged(profile=profile, scope=scope) if self._is_it(profile) and scope.drill == self.drill:
                self._changed(notice)
            case CrisisProposed(proposal=proposal) if self._is_it(proposal.switch.profile):
                self._sign(now)
            case TriggerChanged(state=state) if state != "over":
                self._sign(now)
            case SignalSeen():
                self._sign(now)
            case _:
                pass

    def is_over(self, now: float) -> bool:
        """Whether whatever comes now is another incident."""
        return self.ended is not None and now - self.ended >= AROUND

    def floor(self, now: float) -> float:
        """What happened before is not part of it."""
        return min([*self.signs[:1], now if self.began is None else self.began]) - AROUND

    def hours(self, first: float, last: float) -> Hours | None:
        """The hours of it, as far as the journal goes; None if there was no crisis."""
        if self.began is None:
            return None
        end = last if self.ended is None else self.ended
        sign = min([self.began, *self.signs])
        return Hours(max(first, sign - AROUND), min(last, end + AROUND), sign, self.began, end)

    def _is_it(self, profile: str | None) -> bool:
        return self.profile in {None, profile}

    def _sign(self, now: float) -> None:
        if self.began is None:
            self.signs = [*(at for at in self.signs if now - at < AROUND), now]

    def _changed(self, notice: CrisisChanged) -> None:
        if not notice.on:
            self._on.discard(notice.profile)
            self.ended = notice.at if self.began is not None and not self._on else self.ended
            return
        self._on.add(notice.profile)
        self.ended = None
        if self.began is None:
            self.signs = [at for at in self.signs if notice.at - at < AROUND]
            self.began = min(notice.since or notice.at, notice.at)
