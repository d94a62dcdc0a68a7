"""This file decides who calls in the demonstration, what they do, and what must come of it. It knows no process."""

from dataclasses import dataclass

from ivr_engine.model.causes import Outcome
from ivr_engine.stand.media import MediaScript
from ivr_engine.stand.phones import CallPlan, SeatPlan
from ivr_engine.stand.tones import PALETTE

NUMBER = "4000000400"
AGENTS = ("1001", "1002", "1003")
AGENT_TONES = dict(zip(AGENTS, (2310, 1540, 2770), strict=True))
REMOTE_TONE = 1910
_CALLER_TONES = [hz for hz in PALETTE if hz not in (*AGENT_TONES.values(), REMOTE_TONE)]
MENU = 7.0  # seconds after the answer: the greeting is over, the menu speaks
LISTENING = 120.0  # seconds a caller's voice lasts
AGENT_TALKS, REMOTE_TALKS = 8.0, 8
REMOTE_SEATS = 2  # few, so that in the rush somebody has to wait


@dataclass(frozen=True, slots=True)
class Expected:
    """What must come of a call. `outcome` None: Asterisk alone took it, and no engine knows of it."""

    outcome: Outcome | None
    queue: str | None = None
    pool: str | None = None  # None: whichever has a seat
    flow: str = "normal"
    tag: str | None = None
    wrong_key: bool = False

    @property
    def talks(self) -> bool:
        """Whether the caller reaches a person."""
        return self.outcome in (None, Outcome.ANSWERED)


@dataclass(frozen=True, slots=True)
class Part:
    """One caller of the demonstration. `tone_hz` is his voice, `number` is how he is recognised everywhere."""

    name: str
    index: int
    expected: Expected
    presses: tuple[tuple[float, str], ...] = ()
    hang_up_after: float | None = None

    @property
    def number(self) -> str:
        """The caller's own number."""
        return f"1380000{self.index:04}"

    @property
    def tone_hz(self) -> int:
        """The tone the caller sends all the time."""
        return _CALLER_TONES[self.index % len(_CALLER_TONES)]

    def plan(self) -> CallPlan:
        """What his phone does."""
        voice = MediaScript(self.tone_hz, LISTENING, self.presses)
        return CallPlan(NUMBER, self.number, voice, self.hang_up_after, longest_s=LISTENING)


def seat_plan(agent: str) -> SeatPlan:
    """What an agent's phone does: half a second of ringing, then some seconds of talk."""
    return SeatPlan(agent, MediaScript(AGENT_TONES[agent], LISTENING), ring_s=0.5, talk_s=AGENT_TALKS)


_ANSWERED = Outcome.ANSWERED

FIRST = (
    Part("presses 1", 1, Expected(_ANSWERED, "urgent", "local", tag="safety"), ((MENU, "1"),)),
    Part("presses 2", 2, Expected(_ANSWERED, "general", "local"), ((MENU, "2"),)),
    Part("presses 3", 3, Expected(_ANSWERED, "complaint", "local"), ((MENU, "3"),)),
    Part("wrong key", 4, Expected(_ANSWERED, "general", wrong_key=True), ((MENU, "8"), (MENU + 1.5, "2"))),
    Part("says nothing", 5, Expected(_ANSWERED, "general")),
    Part("hangs up in menu", 6, Expected(Outcome.ABANDONED_IN_MENU), hang_up_after=MENU + 1),
)
RUSH = tuple(Part(f"rush {n}", 6 + n, Expected(_ANSWERED, "general", "local"), ((MENU, "2"),)) for n in (1, 2, 3))
_REMOTE = Expected(_ANSWERED, "general", "chengdu")
OVERFLOW = tuple(Part(f"overflow {n}", 9 + n, _REMOTE, ((MENU, "2"),)) for n in (1, 2))
WAITS_IN_VAIN = Part(
    "hangs up in queue", 12, Expected(Outcome.ABANDONED_IN_QUEUE, "general"), ((MENU, "2"),), hang_up_after=MENU + 3.5
)
CRISIS = Part("crisis menu", 13, Expected(_ANSWERED, "urgent", flow="recall", tag="recall"), ((MENU, "1"),))
FALLBACK = Part("engine stopped", 14, Expected(None))
BACK = Part("engine back", 15, Expected(_ANSWERED, "urgent", tag="safety"), ((MENU, "1"),))

ALL = (*FIRST, *RUSH, *OVERFLOW, WAITS_IN_VAIN, CRISIS, FALLBACK, BACK)
