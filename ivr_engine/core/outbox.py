"""This file decides how orders, notices and timers of one decision are gathered. It does not decide any of them."""

from dataclasses import dataclass

from ivr_engine.model.commands import AnyCommand, CancelTimer, Publish, StartTimer
from ivr_engine.model.ids import CallId, IdMint, LegId, PlayId, SeatId, TimerId, is_of_drill
from ivr_engine.model.notices import AnyNotice, CallStage, MessageLeft, Trouble, TroubleKind


@dataclass(frozen=True, slots=True)
class NodeWait:
    """A step's wait for a key."""

    call: CallId


@dataclass(frozen=True, slots=True)
class WaitedTooLong:
    """How long a caller may wait in a queue before he goes elsewhere."""

    call: CallId


@dataclass(frozen=True, slots=True)
class NothingToSay:
    """A text that holds no more than a value nobody knows: it is over at once."""

    call: CallId
    play: PlayId


@dataclass(frozen=True, slots=True)
class AnnouncementDue:
    """When a waiting caller is told how it stands with him."""

    call: CallId


@dataclass(frozen=True, slots=True)
class HangUpAgain:
    """Until the end of a caller's line is ordered anew, as it was refused."""

    call: CallId


@dataclass(frozen=True, slots=True)
class PutBackAgain:
    """Until a caller is put where his agent is, or music is begun for one on hold, anew: it was refused."""

    call: CallId


@dataclass(frozen=True, slots=True)
class ContentWithLess:
    """When a waiting caller needs less of a seat, or does not wait for one agent alone any more."""

    call: CallId


@dataclass(frozen=True, slots=True)
class OfferExpires:
    """How long a seat may ring."""

    leg: LegId


@dataclass(frozen=True, slots=True)
class RestEnds:
    """The end of a seat's wrap-up."""

    seat: SeatId


@dataclass(frozen=True, slots=True)
class PoolsDue:
    """When it must be looked anew at which pools are trusted, and open to which queues."""


@dataclass(frozen=True, slots=True)
class HoursDue:
    """When the hours of some pool begin or end. While any pool has hours, such a timer runs."""


MOST_DRILLS_KNOWN = 20_000  # more than one engine has at once; of the oldest nothing is told any more


@dataclass(frozen=True, slots=True)
class CrisisEnds:
    """When a crisis profile goes off by itself, for real calls or for those of a drill."""

    profile: str
    drill: bool = False


@dataclass(frozen=True, slots=True)
class ProposalLapses:
    """When what waits for somebody's yes does not wait any more."""

    proposal: str


@dataclass(frozen=True, slots=True)
class StatusStale:
    """When what callers of a flow are told should have been written anew."""

    flow: str


@dataclass(frozen=True, slots=True)
class StatusEnds:
    """When what callers of a flow are told is over."""

    flow: str


@dataclass(frozen=True, slots=True)
class ClockDue:
    """When what must be done in a crisis should be done."""

    profile: str
    clock: str


@dataclass(frozen=True, slots=True)
class TriggersDue:
    """When it is looked at the figures of triggers next. While there are triggers, such a timer runs."""


OfWaiting = WaitedTooLong | ContentWithLess | AnnouncementDue
OfPools = OfferExpires | RestEnds | PoolsDue | HoursDue
OfCrisis = CrisisEnds | ProposalLapses | StatusStale | StatusEnds | ClockDue | TriggersDue
Endless = HoursDue | ClockDue | TriggersDue  # each may be followed by another of its kind, for ever
Purpose = NodeWait | NothingToSay | HangUpAgain | PutBackAgain | OfWaiting | OfPools | OfCrisis


class Outbox:
    """What leaves the core after one fact, and the timers that are running. `now` is that fact's time."""

    def __init__(self) -> None:
        self.now = 0.0
        self.timers: dict[TimerId, Purpose] = {}
        self._due: dict[TimerId, float] = {}
        self._commands: list[AnyCommand] = []
        self._mint = IdMint(CallId("board.0"))
        self._drills: dict[CallId, None] = {}

    def keep_apart(self, call: CallId) -> None:
        """All that is told of this call is told of a drill, also when it is over: its agent may speak of it still."""
        self._drills[call] = None
        if len(self._drills) > MOST_DRILLS_KNOWN:
            del self._drills[next(iter(self._drills))]

    def send(self, *commands: AnyCommand) -> None:
        """Give orders."""
        self._commands.extend(commands)

    def tell(self, notice: AnyNotice) -> None:
        """Tell the world."""
        self._commands.append(Publish(notice, self._is_of_drill(notice)))

    def tell_first(self, notice: AnyNotice) -> None:
        """Tell the world, before all else that this fact has led to so far."""
        self._commands.insert(0, Publish(notice))

    def trouble(self, kind: TroubleKind, what: str, call: CallId | None = None) -> None:
        """Tell that something made no sense."""
        self.tell(Trouble(self.now, kind, what, call))

    def _is_of_drill(self, notice: AnyNotice) -> bool:
        match notice:
            case MessageLeft(message=message):
                return is_of_drill(message)  # which another engine may have taken
            case CallStage(call=call) | Trouble(call=call):
                return call in self._drills
        return False

    def start_timer(self, after: float, purpose: Purpose) -> TimerId:
        """Start a timer of `after` seconds."""
        timer = self._mint.timer()
        self.timers[timer] = purpose
        self._due[timer] = self.now + after
        self.send(StartTimer(timer, after))
        return timer

    def cancel(self, timer: TimerId | None) -> None:
        """Cancel a timer; one that is over or None is nothing to cancel."""
        if timer is not None and self.ran_out(timer) is not None:
            self.send(CancelTimer(timer))

    def ran_out(self, timer: TimerId) -> Purpose | None:
        """Forget a timer. Returns what it was for; None when it is none of those that are running."""
        self._due.pop(timer, None)
        return self.timers.pop(timer, None)

    def late(self, seconds: float) -> list[TimerId]:
        """The timers that should have run out so long ago."""
        return [timer for timer, due in self._due.items() if due + seconds < self.now]

    def told(self) -> list[AnyNotice]:
        """What this fact has led to so far, as far as the world is told."""
        return [command.notice for command in self._commands if isinstance(command, Publish)]

    def told_of_callers(self) -> list[AnyNotice]:
        """The same, without what is told of drills."""
        return [command.notice for command in self._commands if isinstance(command, Publish) and not command.drill]

    def take(self) -> list[AnyCommand]:
        """All that was gathered; the outbox is empty afterwards."""
        commands, self._commands = self._commands, []
        return commands
