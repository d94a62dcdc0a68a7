"""This file decides when a call's live state is written on its line. It does not know what is in it."""

from collections.abc import Callable

from ivr_engine.core.call import Call
from ivr_engine.core.kept import saved_of
from ivr_engine.core.seat import Seat
from ivr_engine.model.commands import AnyCommand, Play, RecordMessage, SaveState, StartMusic, TakeOut
from ivr_engine.model.ids import CallId
from ivr_engine.model.saved import SavedSecond

# Who rings for a caller or talks to him, and who is there beside him.
PeopleOf = Callable[[Call], tuple[Seat | None, SavedSecond | None]]


class Saves:
    """The calls whose state has changed and is not written yet."""

    def __init__(self, people_of: PeopleOf) -> None:
        self._people_of = people_of
        self._unsaved: dict[CallId, Call] = {}

    def add(self, call: Call) -> None:
        """Have a call's state written, as it is when this decision is complete."""
        if not call.away:
            self._unsaved[call.id] = call

    def forget(self, call: Call) -> None:
        """His line is gone: nothing can be written on it."""
        self._unsaved.pop(call.id, None)

    def placed(self, commands: list[AnyCommand]) -> list[AnyCommand]:
        """The orders of this decision, and among them those that write down what it changed.

        Asterisk writes on a line only when no prompt plays on it: so before the first prompt, never behind it. And
        before the music: else the next engine could find him in a step, and music over its words. That somebody is
        put on hold is written before it is done, and that he is back, after: else he could be left in silence.
        """
        saves = {call.id: SaveState(call.id, saved_of(call, *self._people_of(call))) for call in self._unsaved.values()}
        self._unsaved.clear()
        placed: list[AnyCommand] = []
        for command in commands:
            if isinstance(command, Play | RecordMessage | StartMusic | TakeOut) and command.call in saves:
                placed.append(saves.pop(command.call))
            placed.append(command)
        return placed + list(saves.values())
