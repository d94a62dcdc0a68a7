"""This file decides in which order a version comes in or is taken back. It does not know calls, HTTP or MQTT.

Everything that can fail comes first, off the event loop: reading, checking, speaking what is missing, keeping a copy.
Then one fact tells the switchboard. A failure on the way leaves everything as it was.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

import structlog

from ivr_engine.core import Switchboard
from ivr_engine.dialplan.hotline import Hotline
from ivr_engine.errors import DialplanError, HotlineError, RefusedError
from ivr_engine.model.events import AnyEvent, CanaryOrdered, DialplanSwitched
from ivr_engine.model.notices import AnyNotice, CanaryChanged, DialplanChanged, Trouble, TroubleKind
from ivr_engine.nodes import Node
from ivr_engine.reload.beginning import BROKEN, Beginning
from ivr_engine.reload.files import DialplanFiles
from ivr_engine.versions import differences
from ivr_engine.versions.shelf import How
from ivr_engine.versions.watch import changes, fingerprint
from ivr_engine.web.desk import DialplanState, Reloaded

log = structlog.get_logger()

SWITCH_WITHIN_SECONDS = 5.0
FILE_WATCH = "file watch"

Unready = Callable[[Hotline[Node], Hotline[Node]], Awaitable[tuple[str, ...]]]  # of the version before, and of this


class Figures(Protocol):
    """Takes counts; never blocks, never raises."""

    def reloaded(self, result: str) -> None:
        """A reload, rollback or canary was `ok`, `unchanged` or `refused`."""

    def on_disk(self, *, differs: bool, broken: bool) -> None:
        """Whether the files on disk are not what runs, and whether they cannot be used at all."""


class Reloader:
    """Brings versions in and takes them back. `unready` tells what of a version Asterisk does not know yet."""

    def __init__(
        self,
        files: DialplanFiles,
        board: Switchboard,
        tell: Callable[[AnyEvent], None],
        figures: Figures,
        unready: Unready,
    ) -> None:
        self._files = files
        self._board = board
        self._tell = tell
        self._figures = figures
        self._unready = unready
        self._disk = ""
        self._since, self._by = files.now(), ""
        self._ended: CanaryChanged | None = None  # the last trial that is over
        self._one_order = asyncio.Lock()
        self._answer: asyncio.Future[str] | None = None
        self._expected: type[AnyNotice] = DialplanChanged

    async def started(self, beginning: Beginning, by: str) -> None:
        """Remember what this engine began with, and that it did."""
        self._since, self._by = self._files.now(), by
        self._note_disk(beginning.disk)
        remarks = await asyncio.to_thread(self._kept, beginning.hotline, by, "start")
        for remark in (beginning.remark, *remarks):
            if remark:
                log.error("the dialplan needs attention", why=remark, runs=beginning.hotline.version)

    def state(self) -> DialplanState:
        """What runs, since when and by whom, and what is on disk."""
        canary = self._board.versions.canary
        trial = canary.hotline.version if canary else None
        running = self._board.hotline.version
        disk = {running: "running", BROKEN: "broken", trial: "canary"}.get(self._disk, "other")
        figures = canary.figures(self._files.now()) if canary else self._ended
        return DialplanState(running, self._since, self._by, disk, figures)

    def hear(self, notice: AnyNotice) -> None:
        """Keep up with what the core tells."""
        match notice:
            case DialplanChanged():
                self._since, self._by = notice.at, notice.by
                self._note_disk(self._disk)
            case CanaryChanged(state=state):
                self._ended = notice if state != "on" else self._ended
                self._note_disk(self._disk)
        if self._answer is None or self._answer.done():
            return
        if isinstance(notice, self._expected):
            self._answer.set_result("")
        elif isinstance(notice, Trouble) and notice.kind is TroubleKind.DIALPLAN_REFUSED:
            self._answer.set_result(notice.what)

    # --- orders ---------------------------------------------------------------------------------------------

    async def reload(self, by: str, percent: int | None = None) -> Reloaded:
        """Take the files on disk, for all new calls or for `percent` of them.

        Raises DialplanError with all that is wrong in them, RefusedError or StartError; all is as before then.
        """
        async with self._one_order:
            with self._counted("reload", by):
                try:
                    hotline = await asyncio.to_thread(self._files.read)
                except DialplanError:
                    self._note_disk(BROKEN)
                    raise
                self._note_disk(hotline.version)
                return await self._bring_in(hotline, by, "reload" if percent is None else "canary", percent)

    async def rollback(self, by: str, version: str | None = None) -> Reloaded:
        """Back to a version that ran before: the one named, or the last other one; or away from a canary.

        Raises RefusedError if there is none, DialplanError or StartError if it cannot be used any more.
        """
        async with self._one_order:
            with self._counted("rollback", by):
                if version is None and self._board.versions.canary is not None:
                    return await self._stop_canary(by)
                running = self._board.hotline.version
                hotline = await asyncio.to_thread(self._files.earlier, version, running)
                return await self._bring_in(hotline, by, "rollback")

    async def end_canary(self, by: str, *, accept: bool) -> Reloaded:
        """Give all new calls the version on trial, or none. Raises RefusedError if none is."""
        async with self._one_order:
            with self._counted("canary", by):
                canary = self._board.versions.canary
                if canary is None:
                    raise RefusedError("no version is on trial: `ivr reload --canary 10` begins one")
                if not accept:
                    return await self._stop_canary(by)
                return await self._bring_in(canary.hotline, by, "canary accepted")

    async def _bring_in(self, hotline: Hotline[Node], by: str, how: How, percent: int | None = None) -> Reloaded:
        began, running = time.monotonic(), self._board.hotline
        if hotline.version == running.version and percent is None and self._board.versions.canary is None:
            self._figures.reloaded("unchanged")
            remarks = await asyncio.to_thread(self._files.stand, running.version, self._disk)
            return Reloaded(running.version, running.version, changed=False, warnings=remarks)
        self._refuse_early(hotline, percent)
        self._files.check(hotline)
        built = await asyncio.to_thread(self._files.book.build, hotline)
        remarks = await asyncio.to_thread(self._kept, hotline, by, how)
        self._board.offer_version(hotline)
        try:
            if percent is None:
                await self._order(DialplanSwitched(hotline.version, by), DialplanChanged)
            else:
                await self._order(CanaryOrdered(hotline.version, percent, by), CanaryChanged)
        except HotlineError:
            await asyncio.to_thread(self._files.stand, running.version, self._disk)
            raise
        self._figures.reloaded("ok")
        return Reloaded(
            version=hotline.version,
            before=running.version,
            changed=True,
            percent=percent,
            differences=await asyncio.to_thread(_told, running, hotline),
            warnings=(*remarks, *await self._unready(running, hotline)),
            prompts_built=len(built),
            seconds=round(time.monotonic() - began, 3),
        )

    async def _stop_canary(self, by: str) -> Reloaded:
        canary, running = self._board.versions.canary, self._board.hotline
        assert canary is not None
        remarks = await asyncio.to_thread(self._files.stand, running.version, self._disk)
        await self._order(CanaryOrdered(None, 0, by), CanaryChanged)
        self._figures.reloaded("ok")
        told = await asyncio.to_thread(_told, canary.hotline, running)
        return Reloaded(running.version, canary.hotline.version, True, differences=told, warnings=remarks)

    def _refuse_early(self, hotline: Hotline[Node], percent: int | None) -> None:
        """Say at once what the core would refuse, before anything is spoken or kept."""
        missing = [profile for profile in self._board.crisis.profiles if profile not in hotline.crises]
        if missing:
            raise RefusedError(
                f"the crisis profile {missing[0]!r} is on, and version {hotline.version} has none of that name:"
                " switch it off, or add it"
            )
        if percent is not None and hotline.version == self._board.hotline.version:
            raise RefusedError("the files on disk are what runs already: there is nothing to try")

    async def _order(self, event: DialplanSwitched | CanaryOrdered, done: type[AnyNotice]) -> None:
        self._answer, self._expected = asyncio.get_running_loop().create_future(), done
        self._tell(event)
        try:
            async with asyncio.timeout(SWITCH_WITHIN_SECONDS):  # `wait_for` may forget that it is cancelled
                refused = await self._answer
        except TimeoutError:
            raise HotlineError(
                f"the engine did not switch within {SWITCH_WITHIN_SECONDS:.0f} s: look at its log, then order again"
            ) from None
        if refused:
            raise RefusedError(refused)

    def _kept(self, hotline: Hotline[Node], by: str, how: How) -> tuple[str, ...]:
        running, trial = (self._board.hotline.version, hotline.version) if how == "canary" else (hotline.version, None)
        kept = self._files.keep(hotline, by, how)
        return kept + self._files.stand(running, self._disk, trial)

    @contextmanager
    def _counted(self, what: str, by: str) -> Iterator[None]:
        try:
            yield
        except HotlineError as error:
            self._figures.reloaded("refused")
            log.error("a new dialplan was refused; the old one goes on", order=what, by=by, why=str(error))
            raise

    # --- watching -------------------------------------------------------------------------------------------

    async def watch(self, *, on_change: bool) -> None:
        """See whether the files on disk are what runs, for ever; `on_change`: take them when they are others."""
        folders = await asyncio.to_thread(self._files.folders)
        last = await asyncio.to_thread(fingerprint, *folders)
        async for _ in changes(*folders):
            now = await asyncio.to_thread(fingerprint, *folders)
            if now == last:
                continue
            last = now
            try:
                await self._changed(on_change)
            except HotlineError:
                continue  # told and counted where it was refused
            except Exception:  # a bug met in a file must not end an engine that has another version to go by
                log.exception("changed dialplan files could not be looked at")

    async def _changed(self, on_change: bool) -> None:
        if on_change:
            done = await self.reload(FILE_WATCH)
            for warning in done.warnings:
                log.warning("the new dialplan needs something", what=warning)
            return
        async with self._one_order:
            self._note_disk(await asyncio.to_thread(self._files.version))

    def _note_disk(self, disk: str) -> None:
        self._disk = disk
        canary = self._board.versions.canary
        in_use = (self._board.hotline.version, canary.hotline.version if canary else "")
        self._figures.on_disk(differs=disk not in in_use, broken=disk == BROKEN)


def _told(before: Hotline[Node], after: Hotline[Node]) -> tuple[str, ...]:
    try:
        return tuple(differences(before, after))
    except Exception:  # the switch is made: a bug in telling of it must not look as if it were not
        log.exception("differences cannot be told", before=before.version, after=after.version)
        return ("what is different cannot be told, by a bug of ours: see the engine's log",)
