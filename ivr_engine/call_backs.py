"""This file decides which wishes to be called back are due: by the hours of their queue and the last try.

It does not know who is called first, or how. The list in the database is the truth: what people mark there is seen at
the next look, and a restart forgets nothing.
"""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import closing
from typing import Any

from ivr_engine.dialplan.hotline import Hotline
from ivr_engine.errors import StartError
from ivr_engine.model.events import AnyEvent, WishesSeen
from ivr_engine.model.ids import QueueName, WishId
from ivr_engine.model.wishes import Wish
from ivr_engine.store.reader import StoreReader
from ivr_engine.store.tables import WishRow

LOOK_EVERY_SECONDS = 2.0
TELL_AGAIN_SECONDS = 30.0  # the same list: who could not be taken into the line before may be now


def due(rows: Iterable[WishRow], hotline: Hotline[Any], now: float) -> tuple[Wish, ...]:
    """The open wishes that the engine itself may call back at `now`, seconds since 1970."""
    return tuple(
        Wish(WishId(row.wish), QueueName(row.queue), row.number, row.since, row.attempts)
        for row in rows
        if row.done_at is None and _is_due(row, hotline, now)
    )


def _is_due(row: WishRow, hotline: Hotline[Any], now: float) -> bool:
    queue = hotline.queues.get(QueueName(row.queue))
    plan = queue.call_back if queue else None
    if plan is None or (row.tried_at is not None and now < row.tried_at + plan.every):
        return False
    return plan.hours is None or hotline.normal.facilities.hours.is_worked(plan.hours, now)


async def watch_wishes(
    url: str, hotline: Callable[[], Hotline[Any]], now: Callable[[], float], tell: Callable[[AnyEvent], None]
) -> None:
    """Tell which wishes are due, whenever that has changed, and again from time to time. Runs until it is cancelled.

    `url` is the database.
    """
    told: tuple[Wish, ...] = ()
    told_at = 0.0
    while True:
        if any(queue.call_back for queue in hotline().queues.values()) or told:
            rows = await asyncio.to_thread(_open_wishes, url)
            wishes = told if rows is None else due(rows, hotline(), now())
            if wishes != told or (wishes and now() >= told_at + TELL_AGAIN_SECONDS):
                told, told_at = wishes, now()
                tell(WishesSeen(wishes))
        await asyncio.sleep(LOOK_EVERY_SECONDS)


def _open_wishes(url: str) -> list[WishRow] | None:
    try:
        with closing(StoreReader(url)) as reader:
            return reader.wishes()
    except StartError:
        return None  # gone for the moment: its own alert says so
