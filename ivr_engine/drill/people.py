"""This file decides what the callers of a live drill do when something happens to them. It does not know by what.

They do by chance what those of the laboratory do, in real time.
"""

import asyncio
from collections.abc import Callable
from functools import partial

from ivr_engine.drill.callers import DrillCallers, caller_of
from ivr_engine.model.ids import CallId
from ivr_engine.model.notices import Arrived, Connected, Ended, Notice, Queued, StepEntered
from ivr_engine.simulator.lab.chance import Chance
from ivr_engine.simulator.lab.scenario import ScenarioFile
from ivr_engine.simulator.lab.world import BETWEEN_KEYS, THINKS


class People:
    """All callers of a drill who are on the line."""

    def __init__(self, file: ScenarioFile, callers: DrillCallers, seed: int) -> None:
        self._file = file
        self._callers = callers
        self._chance = Chance(seed)
        self.here: dict[CallId, int] = {}
        self._talking: set[CallId] = set()
        self._waiting: set[CallId] = set()

    def hear(self, notice: Notice) -> None:
        """They do what they do when this happens."""
        match notice:
            case Arrived(call=call, caller=masked):
                caller = caller_of(masked)
                if caller is not None:
                    self.here[call] = caller
            case StepEntered(call=call, step=step) if step in self._file.presses:
                keys = self._chance.one_of("keys", dict(self._file.presses[step])) or ""
                after = self._chance.seconds("thinks", THINKS)
                for place, key in enumerate(keys):
                    self._later(after + place * BETWEEN_KEYS, call, partial(self._press, key))
            case Queued(call=call) if call not in self._waiting:
                self._waiting.add(call)
                self._later(self._chance.seconds("patience", self._file.patience), call, self._give_up(call))
            case Connected(call=call, queue=queue):
                self._talking.add(call)
                talk = self._file.talks.get(queue, self._file.talk)
                self._later(self._chance.seconds("talk", talk), call, self._callers.hang_up)
            case Ended(call=call):
                self.here.pop(call, None)
                self._talking.discard(call)
                self._waiting.discard(call)
            case _:
                pass

    def _press(self, key: str, caller: int) -> None:
        self._callers.press(caller, key)

    def _give_up(self, call: CallId) -> Callable[[int], None]:
        def give_up(caller: int) -> None:
            if call not in self._talking:
                self._callers.hang_up(caller)

        return give_up

    def _later(self, after: float, call: CallId, do: Callable[[int], None]) -> None:
        def act() -> None:
            if call in self.here and self._callers.running:
                do(self.here[call])

        asyncio.get_running_loop().call_later(after, act)
