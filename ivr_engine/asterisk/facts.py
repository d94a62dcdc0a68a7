"""This file decides which fact an ARI event is. It does not know what follows from it."""

from collections.abc import Callable
from typing import Any

import msgspec

from ivr_engine.ari import models
from ivr_engine.asterisk import names
from ivr_engine.asterisk.outstanding import Outstanding
from ivr_engine.model.events import (
    CallArrived,
    CallerPickedUp,
    DigitPressed,
    LegAnswered,
    LegPressed,
    LegRinging,
)
from ivr_engine.model.found import FoundCall
from ivr_engine.model.ids import CallId, LegId, MessageId, PlayId, is_ear, is_leg
from ivr_engine.regions import region_of
from ivr_engine.runtime.callers import Earlier
from ivr_engine.runtime.ports import Tell

# All that is asked of Asterisk: five of eleven events of a plain call are ChannelVarset, which nobody needs.
WANTED: tuple[type[models.Event], ...] = (
    models.CallBroadcast,
    models.StasisStart,
    models.StasisEnd,
    models.ChannelHangupRequest,
    models.ChannelStateChange,
    models.ChannelDestroyed,
    models.ChannelDtmfReceived,
    models.PlaybackFinished,
    models.RecordingStarted,
    models.RecordingFinished,
    models.RecordingFailed,
)

OnCode = Callable[[models.Channel], None]  # an agent has dialled a code on this line of his own phone
CountCall = Callable[[str], Earlier]  # takes in a call from a number; what is remembered of it


def count_none(caller: str) -> Earlier:
    """Every call is the first, as long as nobody counts."""
    del caller
    return Earlier()


def with_earlier(line: FoundCall, count: CountCall) -> FoundCall:
    """A line of a caller nobody has counted yet, with what is remembered of him. A drill is no call of his."""
    if line.drill:
        return line
    calls, served = count(line.caller)
    return msgspec.structs.replace(line, calls_in_24h=calls, served=served)


def pass_over(channel: models.Channel) -> None:
    """No code means anything, as long as nobody takes them."""
    del channel


class Facts:
    """Turns events into facts. `claim`, `turn_away` and `keep_time` are asked for lines that need an answer at once."""

    def __init__(
        self,
        outstanding: Outstanding,
        tell: Tell,
        claim: Callable[[CallId], None],
        turn_away: Callable[[LegId], None],
        keep_time: Callable[[CallId], None],
    ) -> None:
        self._outstanding = outstanding
        self._tell = tell
        self._claim = claim
        self._turn_away = turn_away
        self._keep_time = keep_time
        self.count_call: CountCall = count_none
        self.on_code: OnCode = pass_over
        self._handlers: dict[type[Any], Callable[[Any], None]] = {
            models.CallBroadcast: self._broadcast,
            models.StasisStart: self._started,
            models.StasisEnd: self._stasis_ended,
            models.ChannelHangupRequest: self._hung_up,
            models.ChannelStateChange: self._state_changed,
            models.ChannelDestroyed: self._destroyed,
            models.ChannelDtmfReceived: self._digit,
            models.PlaybackFinished: self._playback_finished,
            models.RecordingStarted: self._recording_started,
            models.RecordingFinished: self._recording_ended,
            models.RecordingFailed: self._recording_ended,
        }

    def take(self, event: models.AnyMessage) -> None:
        """Take in one event; one that means nothing to us is passed over."""
        handler = self._handlers.get(type(event))
        if handler is not None:
            handler(event)

    def _broadcast(self, event: models.CallBroadcast) -> None:
        self._claim(CallId(event.channel.id))

    def _started(self, event: models.StasisStart) -> None:
        channel = event.channel
        if is_leg(channel.id):
            leg = LegId(channel.id)
            if leg in self._outstanding.legs:
                self._tell(LegAnswered(leg))
            else:
                self._turn_away(leg)
            return
        arguments = event.args
        if is_ear(channel.id):
            return  # it is ours, and was ordered: nobody waits for it
        if arguments[:1] == [names.AGENT_ARGUMENT]:
            self.on_code(channel)
            return
        if arguments == [names.CALL_BACK_ARGUMENT]:
            self._tell(CallerPickedUp(CallId(channel.id)))
            return
        number = (
            arguments[1] if len(arguments) > 1 and arguments[0] == names.CALLER_ARGUMENT else channel.dialplan.exten
        )
        call = CallId(channel.id)
        caller = names.caller_number(channel.caller.number)
        if call not in self._outstanding.calls:  # else he is told of again, and has not called again
            drill = names.is_drill(channel)
            earlier = Earlier() if drill else self.count_call(caller)
            arrived = CallArrived(call, number, caller, region_of(caller), *earlier, drill=drill)
            self._outstanding.caller_came(call, arrived)

    def _stasis_ended(self, event: models.StasisEnd) -> None:
        # A line to a seat is free only when its channel is gone; a caller who left Stasis is out of our hands.
        if not is_leg(event.channel.id):
            self._outstanding.caller_left(CallId(event.channel.id))

    def _hung_up(self, event: models.ChannelHangupRequest) -> None:
        # The first word of a caller's leaving. The end of the prompt he no longer hears is told next, before
        # StasisEnd: taken for a prompt that has ended, it would send somebody gone into the next step or queue.
        # To a seat's line that prompt would say that somebody has listened to it. Its own end is told when it is gone.
        if is_leg(event.channel.id):
            self._outstanding.leg_ends(LegId(event.channel.id))
        else:
            self._outstanding.caller_left(CallId(event.channel.id))

    def _state_changed(self, event: models.ChannelStateChange) -> None:
        leg = LegId(event.channel.id)
        if event.channel.state == "Ringing" and leg in self._outstanding.legs:
            self._tell(LegRinging(leg))

    def _destroyed(self, event: models.ChannelDestroyed) -> None:
        if is_leg(event.channel.id):
            self._outstanding.leg_ended(LegId(event.channel.id), names.leg_end(event.cause))
        else:
            self._outstanding.caller_left(CallId(event.channel.id))

    def _digit(self, event: models.ChannelDtmfReceived) -> None:
        line = event.channel.id
        if line in self._outstanding.calls:
            self._tell(DigitPressed(CallId(line), event.digit))
        elif line in self._outstanding.legs:
            self._tell(LegPressed(LegId(line), event.digit))

    def _playback_finished(self, event: models.PlaybackFinished) -> None:
        playback = event.playback
        line, play = playback.target_uri.removeprefix("channel:"), PlayId(playback.id)
        call, heard = CallId(line), playback.state == "done"
        if is_leg(line):
            self._outstanding.seat_heard(play, heard=heard)
            return
        self._outstanding.play_ended(call, play, heard=heard)
        if call in self._outstanding.hidden:
            self._keep_time(call)

    def _recording_started(self, event: models.RecordingStarted) -> None:
        self._outstanding.message_begun(MessageId(event.recording.name))

    def _recording_ended(self, event: models.RecordingFinished | models.RecordingFailed) -> None:
        # "Finished" is also told when nothing could be written, and when the caller hung up: just after that is told.
        self._outstanding.message_ended(MessageId(event.recording.name), max(0.0, event.recording.duration or 0.0))
