"""This file decides what a simulated Asterisk does with an order. It does not know time: its driver says what happens.

It keeps the truth (which phone rings, who is in which bridge) apart from what the engine has been told, so tests can
compare the two. It is held to the same contract suite as the real one. What it knows of lying: facts can be held
back, orders can be refused, and while the link is down nothing is told and nothing is replayed. What the border
itself finds out by an order (refused, or its line is gone) is told also then.
"""

from collections import deque

from ivr_engine.model import commands as c
from ivr_engine.model.causes import LegEnd
from ivr_engine.model.events import (
    AnyEvent,
    CallArrived,
    CallerLeft,
    CallerPickedUp,
    CommandFailed,
    DigitPressed,
    LegAnswered,
    LegEnded,
    LegRinging,
    LinkLost,
    MessageRecorded,
    PhonesSeen,
    PromptFinished,
    Resynced,
)
from ivr_engine.model.ids import CallId, LegId, PlayId, PoolName, SeatId
from ivr_engine.model.saved import LastTalk, SavedCall
from ivr_engine.runtime.ports import PhoneCommand
from ivr_engine.simulator.bridging import Bridging
from ivr_engine.simulator.lines import SAID_SECONDS, CallerLine, SeatLine
from ivr_engine.simulator.looks import Looks, found_call, found_legs
from ivr_engine.simulator.messages import MessageTaking
from ivr_engine.simulator.seat_words import SeatWords


class Exchange:
    """Lines and bridges, and the facts that have not been fetched yet."""

    def __init__(self) -> None:
        self.callers: dict[CallId, CallerLine] = {}
        self.seats: dict[LegId, SeatLine] = {}
        self.agents: set[SeatId] = set()
        self.trunks: set[PoolName] = set()
        self.facts: deque[AnyEvent] = deque()
        self.refuse: set[type] = set()  # the next order of each of these kinds is refused
        self.deaf = False  # every order is refused
        self.linked = True
        self.spared: set[LegId] = set()  # lines whose end was ordered, and refused
        self._untold_callers: set[CallId] = set()  # whose end the engine has not been told
        self._untold_legs: set[LegId] = set()
        self.at_seats = SeatWords(self.seats, lambda: self._untold_legs, self.facts.append, lambda: self.linked)
        self._looks = Looks()
        self._messages = MessageTaking(self.facts.append, lambda: self.linked)
        self._dialled = 0
        self.bridging = Bridging(self.callers, self.seats, self.facts.append)
        self.bridges = self.bridging.bridges

    # --- what people do -------------------------------------------------------------------------------------

    def dial(  # noqa: PLR0913  # all that may be known of a call
        self,
        number: str,
        caller: str = "13800000000",
        region: str = "",
        calls_in_24h: int = 1,
        served: LastTalk | None = None,
        *,
        drill: bool = False,
    ) -> CallId:
        """A caller dials; `calls_in_24h` counts this call too, `served` is who talked to him in an earlier one.

        A `drill` comes by the endpoint that is for them.
        """
        self._dialled += 1
        call = CallId(f"sim-{self._dialled}.0")
        self.callers[call] = CallerLine(call, number, caller, drill=drill)
        if self.linked:
            self._untold_callers.add(call)
        self._tell(CallArrived(call, number, caller, region, calls_in_24h, served, drill))
        return call

    def pick_up_caller(self, call: CallId) -> None:
        """One who is called back picks up."""
        line = self.callers.get(call)
        if line is not None and line.rings:
            line.rings, line.answered = False, True
            self._tell(CallerPickedUp(call))

    def press(self, call: CallId, digit: str) -> None:
        """A caller presses a key."""
        if call in self.callers:
            self._tell(DigitPressed(call, digit))

    def hang_up_caller(self, call: CallId, said: float = SAID_SECONDS) -> None:
        """A caller hangs up, or is hung up. If he was leaving a message, he has spoken for `said` seconds."""
        line = self.callers.pop(call, None)
        if line is not None:
            self.bridging.leave(call)
            if self.linked:
                self._tell_left(call)
            self._messages.end(line, said)

    def end_message(self, call: CallId, said: float) -> None:
        """A caller who leaves a message has said all he wanted, in `said` seconds, and is silent."""
        line = self.callers.get(call)
        if line is not None:
            self._messages.end(line, said)

    def end_play(self, call: CallId) -> None:
        """What a caller hears comes to its end."""
        line = self.callers.get(call)
        if line is not None and line.plays:
            play, prompts = next(iter(line.plays.items()))
            line.heard.extend(prompts)
            self._end_play(line, play, heard=True)

    def ring(self, leg: LegId) -> None:
        """A seat's phone begins to ring."""
        line = self.seats.get(leg)
        if line is not None and not line.answered:
            line.ringing = True
            self._tell(LegRinging(leg))

    def pick_up(self, leg: LegId) -> None:
        """A seat picks up."""
        line = self.seats.get(leg)
        if line is not None and not line.answered:
            line.answered = True
            self._tell(LegAnswered(leg))

    def end_leg(self, leg: LegId, cause: LegEnd) -> None:
        """A seat hangs up, rejects, or its line breaks."""
        if self.seats.pop(leg, None) is not None:
            self.spared.discard(leg)
            self.bridging.gone(leg)
            if self.linked:
                self._tell_ended(leg, cause)

    def look_at_phones(self) -> None:
        """Tell which phones can be reached."""
        self._tell(PhonesSeen(frozenset(self.agents), frozenset(self.trunks)))

    def look_at_lines(self, busy: frozenset[str] = frozenset()) -> None:
        """Tell which lines and bridges there are; orders are on their way to those that are `busy`."""
        untold = self._untold_callers, self._untold_legs
        self._tell(self._looks.look(self.callers, self.seats, self.bridges, busy, untold))

    # --- the link -------------------------------------------------------------------------------------------

    def lose_link(self) -> None:
        """From now on nothing is told; what has not been fetched is lost."""
        if self.linked:
            self.linked = False
            for fact in self.facts:  # nobody will be told that he has heard it: it is still outstanding
                if isinstance(fact, PromptFinished) and fact.call in self.callers:
                    self.callers[fact.call].untold.add(fact.play)
            self.facts.clear()
            self.facts.append(LinkLost())

    def restore_link(self) -> None:
        """Tell what there is."""
        self.linked, self.deaf = True, False
        self.bridging.take_ears_away()
        self._untold_callers, self._untold_legs = set(self.callers), set(self.seats)
        for line in self.callers.values():
            line.untold |= {line.saved.play} if line.saved and line.saved.play else set()
            line.untold_messages |= {line.saved.message} if line.saved and line.saved.message else set()
        self.facts.append(PhonesSeen(frozenset(self.agents), frozenset(self.trunks)))
        calls = tuple(found_call(line) for line in self.callers.values())
        self.facts.append(Resynced(calls, found_legs(self.seats), frozenset(self.bridges)))

    # --- orders ---------------------------------------------------------------------------------------------

    def execute(self, order: PhoneCommand) -> None:
        """Carry an order out, as Asterisk would."""
        refused = self.deaf or type(order) in self.refuse
        self.refuse.discard(type(order))
        match order:
            case c.RingSeat():
                self._ring_seat(order, refused=refused)
            case c.SpeakToSeat() | c.StopPlay() if self._at_seat(order, refused=refused):
                pass
            case c.CallOut():
                self._call_out(order, refused=refused)
            case c.Join() | c.AddLine() | c.TakeOut() | c.PutBack() | c.Listen() | c.StopListening() | c.DropBridge():
                self.bridging.execute(order, refused=refused)
            case c.CallCommand(call) if call in self.callers:
                self._for_caller(order, self.callers[call], refused=refused)
            case c.RecordMessage(call, message):
                self.facts.append(MessageRecorded(call, message, 0.0))
            case c.CallCommand() if not refused:
                self._end(order)
            case c.HangUpLeg(_, leg):
                self._spare(leg)

    def _at_seat(self, order: c.SpeakToSeat | c.StopPlay, *, refused: bool) -> bool:
        """Carry out what is for the person at a seat; False when it is for a caller."""
        if isinstance(order, c.SpeakToSeat):
            assert order.leg not in self.bridging.bridge_of, "who is in a bridge would not hear it alone"
            self.at_seats.speak(order, refused=refused)
            return True
        is_there = self.at_seats.stop(order.play, refused=refused)
        if is_there and refused:
            self.facts.append(CommandFailed(order.call, "StopPlay", "refused"))
        return is_there

    def _end(self, order: c.CallCommand) -> None:
        match order:
            case c.HangUpLeg(_, leg):
                self.end_leg(leg, LegEnd.HUNG_UP)
                if leg not in self.seats:
                    self._tell_ended(leg, LegEnd.LOST)
            case c.HangUpCall(call):
                self.hang_up_caller(call)
                self._tell_left(call)

    def _for_caller(self, order: c.CallCommand, line: CallerLine, *, refused: bool) -> None:
        match order:
            case c.Play(_, play, prompts):
                line.untold.add(play)
                if refused:
                    self._tell_finished(line, play, heard=False)
                else:
                    line.plays[play] = prompts
            case c.RecordMessage(_, message):
                self._messages.begin(line, message, refused=refused)
            case _ if refused:
                self._refused(order, line)
            case _:
                self._change(order, line)

    def _change(self, order: c.CallCommand, line: CallerLine) -> None:
        match order:
            case c.StopPlay(_, play):
                self._stop_play(line, play)
            case c.StopMessage(_, message):
                self._messages.stop(line, message)
            case c.SaveState(_, state):
                self._save(line, state)
            case c.Answer():
                line.answered = True
            case c.HideCaller(_, on):
                line.hidden = on
            case c.StartMusic() | c.StopMusic():
                line.music = isinstance(order, c.StartMusic)
                line.music_spared = False
            case _:
                self._end(order)

    def _refused(self, order: c.CallCommand, line: CallerLine) -> None:
        if isinstance(order, c.StopPlay | c.StopMessage):
            line.unstopped.add(order.play if isinstance(order, c.StopPlay) else order.message)
        elif isinstance(order, c.HangUpLeg):
            self._spare(order.leg)
        elif isinstance(order, c.StopMusic):
            line.music_spared = line.music
        self.facts.append(CommandFailed(line.call, type(order).__name__, "refused"))

    def _spare(self, leg: LegId) -> None:
        if leg in self.seats:
            self.spared.add(leg)

    def _stop_play(self, line: CallerLine, play: PlayId) -> None:
        if play in line.plays:
            self._end_play(line, play, heard=False)
        else:
            self._tell_finished(line, play, heard=False)

    def _save(self, line: CallerLine, state: SavedCall) -> None:
        if line.unstopped & {*line.plays, line.message}:  # we tried to end it first: the request waits, and times out
            self.facts.append(CommandFailed(line.call, "SaveState", "no answer"))
            return
        assert not line.plays, "writing on a channel that plays a prompt would block Asterisk here"
        assert line.message is None, "writing on a channel that is being recorded would block Asterisk here"
        line.saved = state

    def _ring_seat(self, order: c.RingSeat, *, refused: bool) -> None:
        self._untold_legs.add(order.leg)
        if refused or not self._reachable(order.to):
            self._tell_ended(order.leg, LegEnd.UNREACHABLE)
        else:
            self.seats[order.leg] = SeatLine(order.leg, order.to)

    def _call_out(self, order: c.CallOut, *, refused: bool) -> None:
        self._untold_callers.add(order.call)
        if refused or order.trunk not in self.trunks:
            self._tell_left(order.call)
        else:
            self.callers[order.call] = CallerLine(order.call, order.shows, order.number, rings=True)

    def _reachable(self, to: c.Destination) -> bool:
        return to.agent in self.agents if isinstance(to, c.AgentPhone) else to.trunk in self.trunks

    def _end_play(self, line: CallerLine, play: PlayId, *, heard: bool) -> None:
        line.plays.pop(play, None)
        if self.linked:
            self._tell_finished(line, play, heard=heard)

    def _tell_finished(self, line: CallerLine, play: PlayId, *, heard: bool) -> None:
        if play in line.untold:
            line.untold.discard(play)
            self.facts.append(PromptFinished(line.call, play, heard))

    def _tell_ended(self, leg: LegId, cause: LegEnd) -> None:
        if leg in self._untold_legs:
            self._untold_legs.discard(leg)
            self.facts.append(LegEnded(leg, cause))

    def _tell_left(self, call: CallId) -> None:
        if call in self._untold_callers:
            self._untold_callers.discard(call)
            self.facts.append(CallerLeft(call))

    def _tell(self, fact: AnyEvent) -> None:
        if self.linked:
            self.facts.append(fact)
