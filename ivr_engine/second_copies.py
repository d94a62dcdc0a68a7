"""This file decides which calls' recordings are kept twice, by the dialplan and the settings. It copies nothing."""

import asyncio
from collections.abc import Callable
from typing import Any

from ivr_engine.dialplan.hotline import NORMAL, Hotline
from ivr_engine.errors import StartError
from ivr_engine.metrics.metrics import Metrics
from ivr_engine.model.notices import AnyNotice, Arrived, Ended, Moved
from ivr_engine.recording.copies import Copies
from ivr_engine.recording.seal import Sealed
from ivr_engine.recording.vault import Vault
from ivr_engine.runtime.engine import Engine
from ivr_engine.settings import Settings

HIGH_RISK = "高风险客户"  # so tagged, a call may come before a court


def check_extra(hotline: Hotline[Any], settings: Settings) -> None:
    """Raise StartError if a crisis profile asks for a second copy of recordings, and the settings have no place."""
    for flow in hotline.crises.values():
        if flow.plan is not None and flow.plan.extra_copy and settings.recording.extra is None:
            raise StartError(
                f"the crisis profile {flow.name!r} asks for an extra copy of recordings, and the settings have no place"
                " for it: add `extra: <folder>` to `recording`, or delete `extra copy` in the profile"
            )


def second_copies(
    settings: Settings, engine: Engine, metrics: Metrics, hotline: Callable[[], Hotline[Any]]
) -> "SecondCopies":
    """What has recordings copied, once it runs; it hears of calls from now on.

    Raises RecordingError when nothing can be written there.
    """
    recording = settings.recording
    if recording.extra is None:
        return SecondCopies(None, hotline)
    Vault(recording.extra).check()
    copies = Copies(recording.vault, recording.extra, settings.state / "extra-copies", metrics.copied)
    metrics.uncopied_from(copies.owed)
    second = SecondCopies(copies, hotline)
    engine.listen(second.hear, of_drills=second.hear_drill)
    return second


class SecondCopies:
    """Hears of calls, and wants those kept twice that were in a profile that asks for it, or are of high risk.

    Without `copies`, as there is no second vault, nothing is kept twice.
    """

    def __init__(self, copies: Copies | None, hotline: Callable[[], Hotline[Any]]) -> None:
        self._copies = copies
        self._hotline = hotline

    async def run(self) -> None:
        """Copy until cancelled."""
        await (self._copies.run() if self._copies else asyncio.Event().wait())

    def sealed(self, sealed: Sealed) -> None:
        """A recording lies in the vault."""
        if self._copies is not None:
            self._copies.sealed(sealed)

    def hear(self, notice: AnyNotice) -> None:
        """A call came, went on in another flow, or is over."""
        if self._copies is None:
            return
        match notice:
            case Arrived(call=call, flow=flow) | Moved(call=call, flow=flow) if self._asks(flow):
                self._copies.want(call)
            case Ended(call=call, record=record):
                if self._asks(record.flow) or HIGH_RISK in record.tags:
                    self._copies.want(call)
                self._copies.ended(call)
            case _:
                pass

    def hear_drill(self, notice: AnyNotice) -> None:
        """A call that was made to rehearse is kept once."""
        if isinstance(notice, Ended) and self._copies is not None:
            self._copies.ended(notice.call)

    def _asks(self, flow: str) -> bool:
        """Whether a flow's recordings are kept twice; in doubt, where the profile is gone after a reload, they are."""
        known = self._hotline().crises.get(flow)
        if known is None:
            return flow != NORMAL
        return known.plan is not None and known.plan.extra_copy
