"""This file decides that everything started ends exactly once. It does not know how anything is started.

Asterisk may report an end twice (StasisEnd, ChannelDestroyed), after we gave up, or never (a refused request). The
core is promised exactly one. So every id is put here before its request goes out, and taken when its end is told.
"""

import asyncio
from collections.abc import Collection, Iterable

from ivr_engine.model.causes import LegEnd
from ivr_engine.model.events import (
    AnyEvent,
    CallerLeft,
    LegEnded,
    MessageRecorded,
    PromptFinished,
    Resynced,
    SeatHeard,
)
from ivr_engine.model.found import FoundCall
from ivr_engine.model.ids import CallId, LegId, MessageId, PlayId, call_of
from ivr_engine.runtime.ports import Tell


class Outstanding:
    """Callers, lines to seats, playbacks and messages whose end has not been told."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self.calls: dict[CallId, set[PlayId]] = {}
        self.legs: set[LegId] = set()
        self.at_seats: dict[PlayId, LegId] = {}  # what is being said to the people at seats
        self.messages: dict[MessageId, asyncio.Event] = {}  # set when it is being recorded
        self.hidden: set[CallId] = set()  # callers whose voice is kept out of the recording

    def caller_came(self, call: CallId, arrived: AnyEvent) -> None:
        """A caller is ours from now on."""
        if call not in self.calls:
            self.calls[call] = set()
            self._tell(arrived)

    def caller_rung(self, call: CallId) -> None:
        """A line to one who is to be called back is about to be ordered: its end will be told."""
        self.calls.setdefault(call, set())

    def caller_left(self, call: CallId) -> None:
        """His line is gone; what he heard needs no end of its own. What he said has one."""
        self.hidden.discard(call)
        if self.calls.pop(call, None) is not None:
            self._tell(CallerLeft(call))

    def play_started(self, call: CallId, play: PlayId) -> None:
        """A playback is about to be ordered."""
        if call in self.calls:
            self.calls[call].add(play)

    def play_ended(self, call: CallId, play: PlayId, *, heard: bool) -> None:
        """A playback has ended, or never began."""
        plays = self.calls.get(call)
        if plays is not None and play in plays:
            plays.discard(play)
            self._tell(PromptFinished(call, play, heard))

    def message_ordered(self, message: MessageId) -> None:
        """A message is about to be recorded."""
        self.messages[message] = asyncio.Event()

    def message_begun(self, message: MessageId) -> None:
        """A message is being recorded."""
        if message in self.messages:
            self.messages[message].set()

    def message_ended(self, message: MessageId, seconds: float) -> None:
        """A message is over, or never began."""
        begun = self.messages.pop(message, None)
        if begun is not None:
            begun.set()
            self._tell(MessageRecorded(call_of(message), message, seconds))

    def leg_opened(self, leg: LegId) -> None:
        """A line to a seat is about to be ordered."""
        self.legs.add(leg)

    def leg_ended(self, leg: LegId, cause: LegEnd) -> None:
        """A line to a seat is gone, or never came to be."""
        if leg in self.legs:
            self.leg_ends(leg)
            self.legs.discard(leg)
            self._tell(LegEnded(leg, cause))

    def leg_ends(self, leg: LegId) -> None:
        """A line to a seat is about to be gone: what was said there needs no end of its own."""
        for play in [play for play, heard_at in self.at_seats.items() if heard_at == leg]:
            del self.at_seats[play]

    def seat_spoken_to(self, leg: LegId, play: PlayId) -> None:
        """Something is about to be said to a seat."""
        if leg in self.legs:
            self.at_seats[play] = leg

    def seat_heard(self, play: PlayId, *, heard: bool) -> None:
        """What was said to a seat is over, or never began."""
        leg = self.at_seats.pop(play, None)
        if leg is not None:
            self._tell(SeatHeard(leg, play, heard))

    def looked(self, gone: Collection[str], there: Iterable[FoundCall], over: Collection[str]) -> None:
        """Two looks have shown lines to be gone, callers to be there, and what sounded to be over; nobody was told.

        Nor is anybody told here: the core has learned of it by the same looks.
        """
        for call in self.calls.keys() & gone:
            self.hidden.discard(call)
            del self.calls[call]
        self.legs -= set(gone)
        self.at_seats = {play: leg for play, leg in self.at_seats.items() if leg not in gone and play not in over}
        for line in there:
            self.calls.setdefault(line.call, _saved_play(line))
        for plays in self.calls.values():
            plays -= set(over)
        for message in self.messages.keys() & over:
            self.messages.pop(message).set()

    def replace(self, found: Resynced) -> None:
        """After a time of blindness only what was found is outstanding; the core knows the rest is gone.

        Whether a playback still sounds is not found: its end is told when it is stopped, or was already over then. So
        is that of a message.
        """
        before, begun = self.calls, asyncio.Event()
        begun.set()
        self.calls = {line.call: before.get(line.call, set()) | _saved_play(line) for line in found.calls}
        self.legs = {line.leg for line in found.legs}
        self.at_seats = {play: leg for play, leg in self.at_seats.items() if leg in self.legs}
        self.hidden &= self.calls.keys()
        saved = {line.saved.message for line in found.calls if line.saved}
        known = {message for message in self.messages if call_of(message) in self.calls}
        self.messages = {message: begun for message in known | saved if message}


def _saved_play(line: FoundCall) -> set[PlayId]:
    return {line.saved.play} if line.saved and line.saved.play else set()
