"""This file decides how long callers speak for a message. It does not know what is asked, or what becomes of it."""

from dataclasses import dataclass

from ivr_engine.model.commands import RecordMessage
from ivr_engine.model.ids import CallId, MessageId
from ivr_engine.simulator.agenda import Agenda
from ivr_engine.simulator.exchange import Exchange


@dataclass(slots=True)
class _Speech:
    """What a caller says: for which message, until when he may, and how often he began."""

    message: MessageId
    until: float
    quiet: float
    begun: int = 0


class Speaking:
    """The callers who are asked for a message. Who says nothing is silent, and that ends it."""

    def __init__(self, agenda: Agenda, exchange: Exchange) -> None:
        self._agenda = agenda
        self._exchange = exchange
        self._speeches: dict[CallId, _Speech] = {}

    def asked(self, order: RecordMessage) -> None:
        """What this caller says is kept from now on."""
        self._speeches[order.call] = speech = _Speech(order.message, self._agenda.now + order.longest, order.quiet)
        self._exchange.callers[order.call].said = 0.0
        self._fall_silent(order.call, speech)

    def is_asked(self, call: CallId) -> bool:
        """Whether what the caller says is being kept."""
        line = self._exchange.callers.get(call)
        return line is not None and line.message is not None

    def begin(self, call: CallId, seconds: float) -> float:
        """The caller speaks, as long as he may. Answers for how many seconds."""
        speech = self._speeches[call]
        seconds = min(seconds, speech.until - self._agenda.now)
        self._exchange.callers[call].said += seconds
        speech.begun += 1
        return seconds

    def end(self, call: CallId) -> None:
        """The caller is silent again."""
        if self.is_asked(call):
            self._fall_silent(call, self._speeches[call])

    def said(self, call: CallId) -> float:
        """For how many seconds he has spoken."""
        line = self._exchange.callers.get(call)
        return line.said if line else 0.0

    def _fall_silent(self, call: CallId, speech: _Speech) -> None:
        begun = speech.begun

        def is_off() -> bool:
            line = self._exchange.callers.get(call)
            return line is None or line.message != speech.message or speech.begun != begun

        seconds = min(speech.quiet, speech.until - self._agenda.now)
        self._agenda.put(seconds, lambda: self._exchange.end_message(call, self.said(call)), is_off)
