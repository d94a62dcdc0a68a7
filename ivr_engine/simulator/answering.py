"""This file decides what somebody does who is rung in a rehearsal, and is spoken to. It does not know why he is."""

from functools import partial

from ivr_engine.core.accepting import TIMES_ASKED
from ivr_engine.dialplan.accepting import TAKE_KEY
from ivr_engine.model.causes import LegEnd
from ivr_engine.model.ids import LegId, PlayId
from ivr_engine.simulator.agenda import Agenda
from ivr_engine.simulator.conduct import PICKS_UP_AFTER_SECONDS, REFUSES_AFTER_SECONDS, Conduct
from ivr_engine.simulator.exchange import Exchange


class Answering:
    """People at seats."""

    def __init__(self, agenda: Agenda, exchange: Exchange) -> None:
        self._agenda = agenda
        self._exchange = exchange

    def rung(self, leg: LegId, conduct: Conduct) -> None:
        """His phone rings."""

        def is_over() -> bool:
            return leg not in self._exchange.seats

        if conduct in (Conduct.ON, Conduct.MAILBOX):
            self._agenda.put(PICKS_UP_AFTER_SECONDS, partial(self._exchange.pick_up, leg), is_over)
        elif conduct is not Conduct.NO_ANSWER:
            why = LegEnd.BUSY if conduct is Conduct.BUSY else LegEnd.UNREACHABLE
            self._agenda.put(REFUSES_AFTER_SECONDS, partial(self._exchange.end_leg, leg, why), is_over)

    def hears(self, leg: LegId, play: PlayId, seconds: float) -> None:
        """Words of so many seconds are said to him."""

        def is_over() -> bool:
            line = self._exchange.seats.get(leg)
            return line is None or play not in line.plays

        self._agenda.put(seconds, partial(self._exchange.at_seats.end, leg), is_over)

    def is_asked(self, leg: LegId, seconds: float, conduct: Conduct) -> None:
        """What is said to him is the question whether he takes the call: he answers when he has heard it once."""
        if conduct is Conduct.ON:
            press = partial(self._exchange.at_seats.press, leg, TAKE_KEY)
            self._agenda.put(seconds / TIMES_ASKED, press, lambda: leg not in self._exchange.seats)
