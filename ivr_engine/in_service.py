"""This file decides who must know which versions of the dialplan are in use: Asterisk, other systems, the figures.

It does not know how a version is checked or switched to.
"""

import gc
import getpass
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

from ivr_engine.asterisk import AsteriskTelephony
from ivr_engine.core import Switchboard
from ivr_engine.dialplan.hotline import Hotline, conditions_in
from ivr_engine.lookup import WebSystems
from ivr_engine.metrics.metrics import Metrics
from ivr_engine.model.commands import AgentPhone
from ivr_engine.model.ids import PoolName, SeatId
from ivr_engine.model.notices import AnyNotice, CanaryChanged, DialplanChanged
from ivr_engine.nodes import Node
from ivr_engine.nodes.split import arms_in
from ivr_engine.prompts import PromptBook
from ivr_engine.provision import noted, untold
from ivr_engine.reload import BROKEN, DialplanFiles, Reloader, begin
from ivr_engine.runtime.engine import Engine
from ivr_engine.runtime.journal import Journal
from ivr_engine.settings import SiteSettings
from ivr_engine.versions import Shelf


class Site(Protocol):
    """Where things are, as the settings have it."""

    @property
    def dialplan(self) -> Path:
        """The hotline's folder or file."""

    @property
    def state(self) -> Path:
        """What survives a restart."""

    @property
    def site(self) -> SiteSettings | None:
        """The hotline's own Asterisk, if it is provisioned from here."""

    @property
    def journal(self) -> Path | None:
        """The journal, if there is one."""


class InService:
    """The versions one engine has in use."""

    def __init__(
        self, site: Site, book: PromptBook, check: Callable[[Hotline[Node]], None], now: Callable[[], float]
    ) -> None:
        """Choose what to begin with. `check` raises StartError for a version these settings cannot serve."""
        self._now = now
        self._site = site
        self.book = book
        self._check = check
        self._shelf = Shelf(site.state / "versions")
        self._beginning = begin(site.dialplan, book, self._shelf, check)
        self.board = Switchboard(self._beginning.hotline)
        for earlier in reversed(self._beginning.earlier):
            self.board.offer_version(earlier)
        # What is there now stays: the collector need not look at it again, and holds the loop up for 5 ms, not 100.
        gc.collect()
        gc.freeze()

    def journal(self) -> Journal | None:
        """The journal, headed by what its facts meet."""
        if self._site.journal is None:
            return None
        earlier = tuple(one.version for one in self._beginning.earlier)
        return Journal(self._site.journal, self._beginning.hotline.version, earlier)

    def phones(self) -> tuple[frozenset[SeatId], frozenset[PoolName]]:
        """The agents and trunks of all versions in use."""
        seats = self.board.dispatch.seats.by_id.values()
        agents = frozenset(seat.id for seat in seats if isinstance(seat.to, AgentPhone))
        return agents, self.board.versions.trunks

    def connect(self, engine: Engine, telephony: AsteriskTelephony, systems: WebSystems, metrics: Metrics) -> Reloader:
        """Let everybody who must know hear of a change, and return who brings it about."""

        async def unready(before: Hotline[Node], after: Hotline[Node]) -> tuple[str, ...]:
            known = noted(self._site.site.directory) if self._site.site else None
            return (*_unready(await telephony.unknown(_names(after))), *untold(known, before, after))

        def hear(notice: AnyNotice) -> None:
            if isinstance(notice, DialplanChanged):
                metrics.versions.runs(notice.version)
            elif isinstance(notice, CanaryChanged):
                metrics.versions.trial(notice)
            else:
                return
            if isinstance(notice, DialplanChanged) or self.phones() != telephony.watched:
                systems.plans = self.board.versions.lookups
                telephony.watch(*self.phones())
                self.expect(metrics)

        files = DialplanFiles(self._site.dialplan, self.book, self._shelf, self._now, self._check)
        reloader = Reloader(files, self.board, engine.tell, metrics.versions, unready)
        metrics.versions.runs(self.board.hotline.version)
        engine.listen(reloader.hear)
        engine.listen(hear)
        return reloader

    def expect(self, metrics: Metrics) -> None:
        """Begin with zeros for what the version names that runs."""
        hotline = self.board.hotline
        flows = (hotline.normal.name, *hotline.crises)
        metrics.expect(flows=flows, queues=hotline.queues, profiles=hotline.crises)
        metrics.openings.expect(hotline.pools, conditions_in(hotline))
        metrics.targets.expect({name: (plan.target, plan.target_share) for name, plan in hotline.queues.items()})
        metrics.triggers.expect(hotline.triggers)
        metrics.expect_splits(arms_in(hotline))
        metrics.expect_lookups(hotline.lookups, ())

    async def started(self, reloader: Reloader) -> None:
        """This engine serves calls."""
        await reloader.started(self._beginning, _user())


def degraded(reloader: Reloader) -> set[str]:
    """What the dialplan's files lack, without stopping calls."""
    return {"the dialplan's files cannot be used"} if reloader.state().disk == BROKEN else set()


def _names(hotline: Hotline[Node]) -> Iterable[str]:
    return [*(agent for pool in hotline.pools.values() for agent in pool.agents), *sorted(hotline.trunks)]


def _unready(unknown: tuple[str, ...]) -> tuple[str, ...]:
    told = f"Asterisk does not know {', '.join(unknown)} yet: run `ivr provision` and restart Asterisk"
    return (f"{told}, which ends every call",) if unknown else ()


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return f"user {os.getuid()}"
