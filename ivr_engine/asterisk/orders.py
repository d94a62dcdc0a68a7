"""This file decides which ARI requests carry out an order, and which fact tells that one failed. It knows no call."""

import asyncio
import math
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from ivr_engine.ari import AriClient, AriError, AriRefused, Conflict, NotFound
from ivr_engine.asterisk import names
from ivr_engine.asterisk.bridging import Bridging
from ivr_engine.asterisk.outstanding import Outstanding
from ivr_engine.model import commands as c
from ivr_engine.model.causes import LegEnd
from ivr_engine.model.events import CommandFailed
from ivr_engine.model.ids import CallId
from ivr_engine.model.prompt import Prompt
from ivr_engine.runtime.ports import PhoneCommand, Tell

BEEP_HZ, BEEP_SECONDS = 1000, 0.4
CALL_REJECTED = "21"  # Q.850; SIP phones hear 403
BEGINS_WITHIN_SECONDS = 2.0
LATE_SECONDS = 1.0  # longer than an event is under way

SoundOf = Callable[[Prompt], Path]  # where a prompt's sound lies, without extension


class Orders:
    """Carries out orders on one Asterisk, one request after the other within a lane."""

    def __init__(self, ari: AriClient, app: str, sound_of: SoundOf, outstanding: Outstanding, tell: Tell) -> None:
        self._ari = ari
        self._app = app
        self._sound_of = sound_of
        self._outstanding = outstanding
        self._tell = tell
        self._handlers: dict[type[Any], Callable[[Any], Awaitable[None]]] = {
            c.Answer: self._answer,
            c.Play: self._play,
            c.StopPlay: self._stop_play,
            c.StartMusic: self._start_music,
            c.StopMusic: self._stop_music,
            c.HideCaller: self._hide_caller,
            c.RecordMessage: self._record_message,
            c.StopMessage: self._stop_message,
            c.CallOut: self._call_out,
            c.RingSeat: self._ring_seat,
            c.HangUpLeg: self._hang_up_leg,
            c.SpeakToSeat: self._speak_to_seat,
            c.HangUpCall: self._hang_up_call,
            c.SaveState: self._save_state,
            **Bridging(ari, app, tell).handlers,
        }

    def register(self, command: PhoneCommand) -> None:
        """Write down what the order starts, before anything goes out: its end may be told before the answer."""
        if isinstance(command, c.Play):
            self._outstanding.play_started(command.call, command.play)
        elif isinstance(command, c.RecordMessage):
            self._outstanding.message_ordered(command.message)
        elif isinstance(command, c.CallOut):
            self._outstanding.caller_rung(command.call)
        elif isinstance(command, c.RingSeat):
            self._outstanding.leg_opened(command.leg)
        elif isinstance(command, c.SpeakToSeat):
            self._outstanding.seat_spoken_to(command.leg, command.play)

    async def carry_out(self, command: PhoneCommand) -> None:
        """Send the requests of one order. Never raises AriError: a failure becomes a fact."""
        try:
            await self._handlers[type(command)](command)
        except NotFound:
            pass  # the line hung up while the order was on its way; its end is told by an event
        except AriError as error:
            if isinstance(command, c.CallCommand):
                self._tell(CommandFailed(command.call, type(command).__name__, str(error)))

    async def _answer(self, order: c.Answer) -> None:
        await self._ari.channels.answer(order.call)

    async def _play(self, order: c.Play) -> None:
        try:
            await self._sound(order.call, order)
        except AriError:
            self._outstanding.play_ended(order.call, order.play, heard=False)
            raise

    async def _speak_to_seat(self, order: c.SpeakToSeat) -> None:
        try:
            await self._sound(order.leg, order)
        except AriError:
            self._outstanding.seat_heard(order.play, heard=False)
            raise

    async def _sound(self, line: str, order: c.Play | c.SpeakToSeat) -> None:
        sounds = [names.media(self._sound_of(prompt)) for prompt in order.prompts]
        await self._ari.channels.play_with_id(line, order.play, media=sounds)

    async def _stop_play(self, order: c.StopPlay) -> None:
        try:
            await self._ari.playbacks.stop(order.play)
        except NotFound:
            self._outstanding.play_ended(order.call, order.play, heard=False)
            self._outstanding.seat_heard(order.play, heard=False)

    async def _start_music(self, order: c.StartMusic) -> None:
        await self._ari.channels.start_moh(order.call)

    async def _stop_music(self, order: c.StopMusic) -> None:
        await self._ari.channels.stop_moh(order.call)

    async def _hide_caller(self, order: c.HideCaller) -> None:
        # Takes his voice away before MixMonitor hears it. Keys arrive all the same: they are no voice (RFC 4733), and
        # those that are sounds are found before. Answered at once, carried out when no prompt plays on his line.
        if order.on:
            self._outstanding.hidden.add(order.call)
            await self._ari.channels.mute(order.call, direction="in")
            await self._ari.channels.start_silence(order.call)
        else:
            self._outstanding.hidden.discard(order.call)
            await self._ari.channels.unmute(order.call, direction="in")
            await self._ari.channels.stop_silence(order.call)

    async def _record_message(self, order: c.RecordMessage) -> None:
        try:
            await self._beep(order)
            await self._ari.channels.record(
                order.call,
                name=order.message,
                format=names.MESSAGE_FORMAT,
                max_duration_seconds=math.ceil(order.longest),
                max_silence_seconds=math.ceil(order.quiet),
                if_exists="fail",
                terminate_on="none",
            )
        except AriError:
            self._outstanding.message_ended(order.message, 0.0)
            raise

    async def _beep(self, order: c.RecordMessage) -> None:
        # Asterisk's own beep is a file, without which it records nothing and says "done". A tone needs none, but ends
        # only when it is stopped.
        await self._sound_beep(order.call, order.message)

    async def _sound_beep(self, line: str, of: str) -> None:
        beep = f"{of}.beep"
        await self._ari.channels.play_with_id(line, beep, media=[f"tone:{BEEP_HZ}"])
        await asyncio.sleep(BEEP_SECONDS)
        await self._ari.playbacks.stop(beep)

    async def _stop_message(self, order: c.StopMessage) -> None:
        begun = self._outstanding.messages.get(order.message)
        if begun is None:
            return
        with suppress(TimeoutError):  # Asterisk forgets a stop that comes before the beginning
            async with asyncio.timeout(BEGINS_WITHIN_SECONDS):
                await begun.wait()
        try:
            await self._ari.recordings.stop(order.message)
        except (NotFound, Conflict):
            # Over by itself just now: how long it was comes on the other socket, or was told while we were blind.
            loop = asyncio.get_running_loop()
            loop.call_later(LATE_SECONDS, self._outstanding.message_ended, order.message, 0.0)

    async def _call_out(self, order: c.CallOut) -> None:
        # Into the dialplan, not into Stasis: the recording begins there, as it does for who calls us. So nothing is
        # told of the line by itself.
        try:
            await self._ari.channels.originate_with_id(
                order.call,
                endpoint=names.line_out(order.number, order.trunk),
                context=names.CALL_BACK_CONTEXT,
                extension="s",
                priority=1,
                caller_id=names.caller_number(order.shows),
                timeout=round(order.give_up),
                variables={names.APP_VARIABLE: self._app},
            )
            await self._ari.applications.subscribe(self._app, event_source=[f"channel:{order.call}"])
        except AriError as error:
            await self._end_channel(order.call)
            self._outstanding.caller_left(order.call)
            if not isinstance(error, AriRefused):
                raise

    async def _ring_seat(self, order: c.RingSeat) -> None:
        try:
            await self._ari.channels.originate_with_id(
                order.leg,
                endpoint=names.endpoint(order.to),
                app=self._app,
                app_args=names.SEAT_ARGUMENT,
                caller_id=names.shown_caller(order.caller, drill=order.drill),
                timeout=round(order.give_up),
            )
        except AriRefused:
            self._outstanding.leg_ended(order.leg, LegEnd.UNREACHABLE)
        except AriError:
            # It may ring all the same: end it, and take it as ended.
            await self._end_channel(order.leg)
            self._outstanding.leg_ended(order.leg, LegEnd.FAILED)
            raise

    async def _hang_up_leg(self, order: c.HangUpLeg) -> None:
        try:
            await self._ari.channels.hangup(order.leg)
        except NotFound:
            self._outstanding.leg_ended(order.leg, LegEnd.LOST)

    async def _hang_up_call(self, order: c.HangUpCall) -> None:
        try:
            await self._ari.channels.hangup(order.call)
        except NotFound:
            self._outstanding.caller_left(order.call)

    async def _save_state(self, order: c.SaveState) -> None:
        state = msgspec.json.encode(order.state).decode()
        await self._ari.channels.set_channel_vars(order.call, variables={names.STATE_VARIABLE: state})

    async def _end_channel(self, channel: str) -> None:
        try:
            await self._ari.channels.hangup(channel)
        except AriError:
            return  # gone, or out of reach: nothing more can be done for it here

    async def keep_time(self, call: CallId) -> None:
        """Let silence go on in a hidden caller's recording after a prompt has ended it: else that time is missing."""
        if call not in self._outstanding.hidden:
            return
        with suppress(AriError):  # it costs time in the recording, nothing else
            await self._ari.channels.start_silence(call)

    async def answer_code(self, line: str, *, done: bool) -> None:
        """Let an agent hear that what he dialled was done: a beep; or that it was not: his call is not answered."""
        with suppress(AriError):  # it was done or not, whether he hears it or has hung up
            if not done:
                await self._ari.channels.hangup(line, reason_code=CALL_REJECTED)
                return
            await self._ari.channels.answer(line)
            await self._sound_beep(line, line)
        await self._end_channel(line)

    async def turn_away(self, channel: str) -> None:
        """End a line nobody waits for any more."""
        await self._end_channel(channel)

    async def claim(self, call: CallId) -> None:
        """Ask for a caller who is offered to every engine. Another may win: then he is theirs."""
        try:
            await self._ari.events.claim_channel(channel_id=call, application=self._app)
        except AriRefused:
            return
