"""This file decides what of crises is kept for those who ask later who did what. It knows no database.

An order and what it led to are two lines: what was wanted and refused is there as well.
"""

import uuid
from typing import Any

import msgspec

from ivr_engine.model.crisis_orders import Deed
from ivr_engine.model.notices import (
    AlertSent,
    AnyNotice,
    ArmChanged,
    ClockChanged,
    CrisisAnswered,
    CrisisChanged,
    CrisisProposed,
    ProposalClosed,
    StatusChanged,
    TriggerChanged,
    TurnedAway,
)

OURSELVES = "the engine"


def deed_of(notice: AnyNotice) -> Deed | None:
    """The line of the audit that a notice is; None for most."""
    match notice:
        case CrisisAnswered(by=by, what=what, ok=ok, why=why, proposal=proposal):
            waits = f"proposal {proposal} waits for another person's yes" if proposal else ""
            return _deed(notice, "order", by, what, why or waits, ok=ok)
        case TurnedAway(who=who, what=what, why=why, times=times):
            often = f" ({times} times)" if times > 1 else ""
            return _deed(notice, "turned away", who, f"{what}{often}", why, ok=False)
        case CrisisChanged(profile=profile, by=by, reason=reason, on=on):
            what = f"crisis {profile} {f'on, level {notice.level}, for {notice.scope}' if on else 'off'}"
            return _deed(notice, "crisis", by, what, reason)
        case CrisisProposed() | ProposalClosed():
            return _of_proposal(notice)
        case AlertSent(alert=alert, to=to, messenger=messenger, ok=ok, why=why):
            return _deed(notice, "alert", OURSELVES, f"told {to} of {alert} by {messenger or 'nothing'}", why, ok=ok)
    return _of_parts(notice)


def _of_proposal(notice: CrisisProposed | ProposalClosed) -> Deed:
    proposal = notice.proposal
    if isinstance(notice, CrisisProposed):
        what = f"proposal {proposal.id}: {proposal.switch}"
        return _deed(notice, "proposal", proposal.by, what, proposal.reason)
    what = f"proposal {proposal.id} {notice.outcome}: {proposal.switch}"
    return _deed(notice, "proposal", notice.by, what, notice.reason, ok=notice.outcome == "confirmed")


def _of_parts(notice: AnyNotice) -> Deed | None:
    match notice:
        case ClockChanged(clock=clock, state=state):
            what = f"clock {clock.clock} of {clock.profile}: {state}"
            return _deed(notice, "clock", clock.done_by or OURSELVES, what, clock.note, ok=state != "overdue")
        case StatusChanged(flow=flow, state=state, by=by):
            return _deed(notice, "status", by, f"status of {flow}: {state}", " / ".join(notice.texts.values()))
        case ArmChanged(split=split, arm=arm, state=state, by=by, why=why) if state != "on":
            return _deed(notice, "arm", by or OURSELVES, f"arm {arm} of {split}: {state}", why)
        case TriggerChanged(trigger=trigger, state=state, words=words):
            return _deed(notice, "trigger", trigger, f"trigger {trigger}: {state}", words)
    return None


def _deed(  # noqa: PLR0913 - a line has so many columns
    notice: Any, kind: str, who: str, what: str, why: str, *, ok: bool = True
) -> Deed:
    detail: dict[str, object] = msgspec.json.decode(msgspec.json.encode(notice))
    detail.pop("type", None)
    return Deed(uuid.uuid4().hex, notice.at, kind, who, what, ok, why, detail)
