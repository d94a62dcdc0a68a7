"""This file decides how words that people order come to callers: first their sound, then the order. It knows no wire.

A caller must never meet words without a sound. So nothing is ordered of the core before a voice has spoken, and what no
voice can say changes nothing.
"""

import asyncio
import re
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
import structlog

from ivr_engine.core import Switchboard
from ivr_engine.core.crisis.wording import texts_of
from ivr_engine.crisis_desk import CrisisDesk
from ivr_engine.dialplan.hotline import NORMAL
from ivr_engine.errors import RefusedError, StartError
from ivr_engine.figures.times import length_of
from ivr_engine.model.crises import CrisisState
from ivr_engine.model.events import StatusOrdered
from ivr_engine.model.prompt import Prompt
from ivr_engine.prompts import PromptBook
from ivr_engine.web.desk import StatusNow, StatusOrder

log = structlog.get_logger()


class StatusDesk:
    """What callers of one hotline are told just now. `now` tells the seconds since 1970."""

    def __init__(
        self, switchboard: Switchboard, crises: CrisisDesk, book: PromptBook, now: Callable[[], float]
    ) -> None:
        self._board = switchboard
        self._crises = crises
        self._book = book
        self._now = now
        self._one_text = asyncio.Lock()  # else the text ordered first could come last
        self._withdrawals = 0

    def now(self) -> StatusNow:
        """What callers are told in place of the dialplan's own words."""
        languages, statuses = self._board.hotline.languages, self._crises.state.statuses
        lacking = {one.flow: tuple(each for each in languages if each not in one.texts) for one in statuses}
        return StatusNow(languages[0], statuses, {flow: those for flow, those in lacking.items() if those})

    async def order(self, order: StatusOrder) -> StatusNow:
        """Tell callers something, or no more. Raises RefusedError with cause and remedy; nothing was changed then."""
        told, began = self._in_full(order), time.monotonic()
        if not told.texts:
            self._withdrawals += 1
            await self._order(told)
            return msgspec.structs.replace(self.now(), flow=told.flow)
        withdrawals = self._withdrawals
        async with self._one_text:
            self._refuse_early(told)
            try:
                await asyncio.to_thread(self._book.make, texts_of(told.texts).prompts())
            except StartError as error:
                raise RefusedError(str(error)) from error
            if withdrawals != self._withdrawals:
                raise RefusedError("somebody took a text back meanwhile: look at `ivr status show`, then order again")
            seconds = time.monotonic() - began
            await self._order(told)
        return msgspec.structs.replace(self.now(), flow=told.flow, seconds=round(seconds, 3))

    async def resume(self, before: CrisisState) -> None:
        """After a restart, see that there are sounds for what is still told. Before the first caller is seen."""
        try:
            await asyncio.to_thread(self._book.make, _sounds(before))
        except StartError as error:
            log.error("what callers were told before the restart has no sound", error=str(error))

    def _refuse_early(self, order: StatusOrdered) -> None:
        """Say at once what the core would refuse, before anything is spoken."""
        why = self._board.crisis.why_not_told(order)
        if why is not None:
            raise RefusedError(why)

    async def _order(self, order: StatusOrdered) -> None:
        await self._crises.order(lambda ask: msgspec.structs.replace(order, ask=ask))

    def _in_full(self, order: StatusOrder) -> StatusOrdered:
        hotline, crisis = self._board.hotline, self._board.crisis
        first = {hotline.languages[0]: order.text} if order.text else {}
        texts = {**first, **order.texts}
        if bool(texts) == order.withdraw:
            raise RefusedError("it is not clear whether anything is to be told: give either words or `withdraw`")
        refresh = self._now() + length_of(order.refresh) if order.refresh else None
        return StatusOrdered(
            flow=order.flow or (crisis.profiles[0] if crisis.profiles else NORMAL),
            texts={language: text.strip() for language, text in texts.items()},
            by=order.by,
            refresh_by=refresh,
            until=_moment(order.until, self._now(), hotline.timezone) if order.until else None,
            overridden_by=order.override,
            waiting_only=order.waiting_only,
        )


def _sounds(state: CrisisState) -> Iterable[Prompt]:
    return [prompt for status in state.statuses for prompt in texts_of(status.texts).prompts()]


def _moment(text: str, now: float, timezone: str) -> float:
    """`18:00` of today, or `2026-11-23 18:00`, on the hotline's clock. Raises RefusedError."""
    zone = ZoneInfo(timezone)
    plain = text.strip().replace("：", ":")
    if re.fullmatch(r"[0-9]{1,2}:[0-9]{2}", plain, re.ASCII):
        plain = f"{datetime.fromtimestamp(now, zone):%Y-%m-%d} {plain:0>5}"
    try:
        at = datetime.fromisoformat(plain)
    except ValueError:
        at = None
    if at is None or at.year < 1971:
        raise RefusedError(f"{text[:40]!r} is no time: write for instance 18:00 or 2026-11-23 18:00")
    return (at if at.tzinfo else at.replace(tzinfo=zone)).timestamp()
