"""This file decides which ARI requests bring people together, and apart. It knows no call."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from ivr_engine.ari import AriClient, AriError, AriRefused, NotFound
from ivr_engine.asterisk import names
from ivr_engine.model import commands as c
from ivr_engine.model.events import Joined, JoinFailed
from ivr_engine.runtime.ports import Tell

_NOT_IN_THIS_BRIDGE = 422


class Bridging:
    """Carries out orders about bridges on one Asterisk.

    A channel that is put in a bridge again leaves it for some milliseconds and comes back; nothing else is changed.
    """

    def __init__(self, ari: AriClient, app: str, tell: Tell) -> None:
        self._ari = ari
        self._app = app
        self._tell = tell
        self.handlers: dict[type[Any], Callable[[Any], Awaitable[None]]] = {
            c.Join: self._join,
            c.AddLine: self._add_line,
            c.TakeOut: self._take_out,
            c.PutBack: self._put_back,
            c.Listen: self._listen,
            c.StopListening: self._stop_listening,
            c.DropBridge: self._drop_bridge,
        }

    async def _join(self, order: c.Join) -> None:
        try:
            await self._ari.bridges.create_with_id(order.bridge, type=names.BRIDGE_TYPE)
            await self._add(order.bridge, [order.call, order.leg], keys_stay=order.keys_stay)
        except AriError as error:
            self._tell(JoinFailed(order.call, order.bridge, str(error)))
        else:
            self._tell(Joined(order.call, order.bridge))

    async def _add_line(self, order: c.AddLine) -> None:
        await self._add(order.bridge, [order.leg], keys_stay=order.keys_stay)

    async def _take_out(self, order: c.TakeOut) -> None:
        try:
            await self._ari.bridges.remove_channel(order.bridge, channel=order.call)
        except AriRefused as error:
            if error.status != _NOT_IN_THIS_BRIDGE:
                raise

    async def _put_back(self, order: c.PutBack) -> None:
        await self._add(order.bridge, [order.call], keys_stay=True)

    async def _listen(self, order: c.Listen) -> None:
        await self._ari.channels.snoop_channel_with_id(
            order.agent,
            order.ear,
            app=self._app,
            app_args=names.EAR_ARGUMENT,
            spy="both",
            whisper="out" if order.whisper else "none",
        )
        await self._ari.bridges.create_with_id(order.bridge, type=names.BRIDGE_TYPE)
        await self._add(order.bridge, [order.leg, order.ear], keys_stay=True)

    async def _stop_listening(self, order: c.StopListening) -> None:
        with suppress(NotFound):  # it goes with the line it is on
            await self._ari.channels.hangup(order.ear)
        await self._drop(order.bridge)

    async def _drop_bridge(self, order: c.DropBridge) -> None:
        await self._drop(order.bridge)

    async def _drop(self, bridge: str) -> None:
        await self._ari.bridges.destroy(bridge)

    async def _add(self, bridge: str, channels: list[str], *, keys_stay: bool) -> None:
        await self._ari.bridges.add_channel(bridge, channel=channels, absorb_dtmf=keys_stay or None)
