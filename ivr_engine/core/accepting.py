"""This file decides when a person has taken a call, after a phone was picked up. It knows not how people are joined.

That a phone was picked up is not yet a person: it may be a mailbox. Where the pool says so he is asked, and has taken
the call only by a key (ADR 0028). Then he may be told what it is about. All of it he hears alone; the caller hears his
music meanwhile, and may leave, as while a phone rings.
"""

from collections.abc import Callable, Mapping

from ivr_engine.core.call import Call
from ivr_engine.core.offer import Offer, Role, Stage
from ivr_engine.core.offering import Offering
from ivr_engine.core.outbox import OfferExpires, Outbox
from ivr_engine.dialplan.accepting import TAKE_KEY, ConfirmPlan
from ivr_engine.dialplan.text import Text
from ivr_engine.model.commands import SpeakToSeat, StopPlay
from ivr_engine.model.ids import LegId, PlayId

TIMES_ASKED = 2  # who picks up a telephone says his name first, and hears only the second time
_MINUTE = 60.0


class Accepting:
    """From "a phone was picked up" to "a person has taken the call": then `go_on` is told."""

    def __init__(self, out: Outbox, offering: Offering, go_on: Callable[[Offer, Call], None]) -> None:
        self._out = out
        self._offering = offering
        self._go_on = go_on

    def picked_up(self, offer: Offer, call: Call) -> None:
        """A phone was picked up; or it is seen anew that it was, and what was pressed meanwhile nobody knows."""
        if offer.confirm is None:
            self._take(offer, call)
        else:
            self._ask(offer, call, offer.confirm)

    def is_asked(self, leg: LegId) -> bool:
        """Whether a key pressed there answers whether he takes a call; else it may be anything, a PIN too."""
        offer = self._offering.offers.get(leg)
        return offer is not None and offer.stage is Stage.ASKED

    def pressed(self, leg: LegId, digit: str) -> None:
        """Who was asked has answered. Any other key than the one is a no."""
        offer = self._offering.offers[leg]
        if offer.call is None or offer.expired:
            return  # his caller is gone, or his time is over
        if digit == TAKE_KEY:
            self._take(offer, offer.call)
        else:
            self._out.cancel(offer.timer)
            self._offering.expired(leg)

    def heard(self, leg: LegId, play: PlayId) -> None:
        """What was said to a seat is over, whether he could hear it or not."""
        offer = self._offering.offers.get(leg)
        if offer is None or offer.play != play:
            return
        offer.play = None
        if offer.stage is Stage.TOLD and offer.call is not None:
            self._accepted(offer, offer.call)

    def words_over(self, play: PlayId) -> None:
        """What is believed to be said to somebody is over, and nobody was told."""
        for leg in [leg for leg, offer in self._offering.offers.items() if offer.play == play]:
            self.heard(leg, play)

    def tell_again(self, offer: Offer, call: Call) -> None:
        """It is not known what became of the words that he was to hear before he is joined: say them anew."""
        self._tell(offer, call)

    def _ask(self, offer: Offer, call: Call, confirm: ConfirmPlan) -> None:
        self._out.cancel(offer.timer)
        offer.timer = self._out.start_timer(confirm.within, OfferExpires(offer.leg))
        offer.stage = Stage.ASKED
        self._speak(offer, call, (confirm.say,) * TIMES_ASKED)

    def _take(self, offer: Offer, call: Call) -> None:
        self._offering.picked_up(offer)
        self._offering.taken(offer, call)
        offer.stage = Stage.TOLD
        self._tell(offer, call)

    def _tell(self, offer: Offer, call: Call) -> None:
        # After the question he always hears something: its end says that the question's has been there too, and only
        # who hears nothing can be joined.
        first = (offer.confirm.taken,) if offer.confirm else ()
        self._speak(offer, call, first + self._whisper(offer, call))
        if offer.play is None:
            self._accepted(offer, call)

    def _whisper(self, offer: Offer, call: Call) -> tuple[Text, ...]:
        whisper = offer.queue.whisper if offer.queue and offer.role is Role.TAKES else None
        if whisper is None:
            return ()
        return (whisper.say, *(words for tag, words in whisper.tags.items() if tag in call.tags))

    def _accepted(self, offer: Offer, call: Call) -> None:
        offer.stage = Stage.TAKEN
        self._go_on(offer, call)

    def _speak(self, offer: Offer, call: Call, texts: tuple[Text, ...]) -> None:
        """Let him hear texts instead of what he hears now. With nothing in them that can be said, nothing."""
        if offer.play is not None:
            self._out.send(StopPlay(offer.of, offer.play))
            offer.play = None
        language = call.hotline.languages[0]  # that of the people at the seats
        values = self._values(call) if texts else {}
        prompts = tuple(prompt for text in texts for prompt in text.said(language, language, values))
        if prompts:
            offer.play = call.mint.play()
            self._out.send(SpeakToSeat(offer.of, offer.leg, offer.play, prompts))

    def _values(self, call: Call) -> Mapping[str, str]:
        waited = self._out.now - (self._out.now if call.enqueued_at is None else call.enqueued_at)
        span = f"{waited:.0f} s" if waited < _MINUTE else f"{waited / _MINUTE:.0f} min"
        return {**call.known_values(), "wait": span}
