"""This file decides who is told over the telephone how the hotline stands. It does not know how it is said.

His PIN is compared here and nowhere else. Too many wrong ones lock the briefing for everybody for a while, whatever
number they come from: a caller can have any.
"""

import asyncio
from collections.abc import Callable, Mapping

import structlog

from ivr_engine.errors import HotlineError
from ivr_engine.model.commands import AskSystem
from ivr_engine.model.events import SystemAnswered
from ivr_engine.model.situation import Situation
from ivr_engine.nodes.briefing import PIN, SITUATION, VALUES
from ivr_engine.people_pins import PeoplePins, WrongPinError
from ivr_engine.runtime.ports import Systems, Tell

log = structlog.get_logger()

ANY_PHONE = "briefing"


class Briefings:
    """Answers what callers ask of the hotline itself, and passes all else on to `others`.

    `why_not` says why somebody may not listen, or None; `count` hears how each went: told, refused, wrong_pin, locked.
    """

    def __init__(
        self,
        others: Systems,
        pins: PeoplePins,
        why_not: Callable[[str], str | None],
        report: Callable[[], Situation],
        count: Callable[[str], None],
    ) -> None:
        self._others = others
        self._pins = pins
        self._why_not = why_not
        self._report = report
        self._count = count
        self._tell: Tell | None = None
        self._running: set[asyncio.Task[None]] = set()

    async def start(self, tell: Tell) -> None:
        """Begin to answer."""
        self._tell = tell
        await self._others.start(tell)

    async def stop(self) -> None:
        """Answer no more."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        await self._others.stop()

    def ask(self, order: AskSystem) -> None:
        """Take a question; its answer is told once. Never blocks or raises."""
        if order.lookup != SITUATION:
            self._others.ask(order)
            return
        task = asyncio.create_task(self._answer(order), name="briefing")
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _answer(self, order: AskSystem) -> None:
        result, why = "refused", ""
        values: Mapping[str, str] = {}
        try:
            name = await self._pins.whose(order.values.get(PIN, ""), ANY_PHONE)
            refused = self._why_not(name)
            if refused is None:
                values = spoken_of(self._report())
                result = "told"
                log.info("briefed", call=order.call, person=name)
            else:
                why = refused
        except WrongPinError as error:
            result, why = "locked" if self._pins.is_locked(ANY_PHONE) else "wrong_pin", str(error)
        except HotlineError as error:
            why = str(error)
        except Exception:
            why = "an error"
            log.exception("a briefing failed by a fault of ours", call=order.call)
        self._count(result)
        if why:
            log.warning("briefing refused", call=order.call, result=result, why=why)
        assert self._tell is not None
        if result == "told":
            self._tell(SystemAnswered(order.call, order.query, "found", values))
        elif result == "wrong_pin":
            self._tell(SystemAnswered(order.call, order.query, "not found"))
        else:
            self._tell(SystemAnswered(order.call, order.query, "failed", why=f"briefing: {why}"))


def spoken_of(situation: Situation) -> Mapping[str, str]:
    """What can be said of it, by the names a dialplan knows; nothing where it is not known."""
    crisis = situation.crises[0] if situation.crises else None
    volume, rate = situation.volume, situation.recently.rate
    share = 100 * volume.calls / volume.usual if volume.usual else None
    overdue = sum(clock.state == "overdue" for clock in situation.clocks)
    said = (
        crisis.level if crisis else "none",
        _seconds(situation.at - crisis.since if crisis else None),
        str(volume.calls),
        "" if share is None else f"{share:.0f}",
        "" if rate is None else f"{100 * rate:.0f}",
        str(situation.waiting),
        _seconds(situation.oldest_seconds),
        str(situation.ready),
        str(overdue) if overdue else "",
    )
    return dict(zip(VALUES, said, strict=True))


def _seconds(seconds: float | None) -> str:
    return "" if seconds is None else f"{max(0.0, seconds):.0f}"
