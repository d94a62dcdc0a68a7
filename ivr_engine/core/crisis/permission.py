"""This file decides who may order what of crises, and what makes no sense. It does not know what comes of an order."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from ivr_engine.core.crisis.active import is_same
from ivr_engine.dialplan.crises import PersonMay, PersonPlan
from ivr_engine.dialplan.hotline import Hotline
from ivr_engine.model.crises import ActiveCrisis, Proposal, Switch
from ivr_engine.model.orders import ProposalAnswered

LONGEST_SECONDS = 30 * 86400.0  # a crisis that is to last for longer is no crisis


def why_not_he(hotline: Hotline[Any], name: str, may: PersonMay, now: float) -> str | None:
    """Why somebody may not do that, with the remedy; None if he may."""
    if not hotline.people:
        return None
    person = hotline.people.get(name)
    today = hotline.normal.facilities.hours.wall(now)
    if person is None:
        can = (one for one, plan in hotline.people.items() if may in plan.may and not _is_over(plan, today))
        return f"{name!r} is not among the hotline's people: order it as one of {', '.join(can) or 'nobody'}"
    if _is_over(person, today):
        return f"{name} could do so until {person.until:%Y-%m-%d %H:%M}: ask another, or renew it under `people`"
    if may not in person.may:
        return f"{name} may not {may}: ask another, or add `{may}` to what he `may` under `people`"
    return None


def _is_over(person: PersonPlan, today: datetime) -> bool:
    return person.until is not None and today >= person.until


def why_not_so(hotline: Hotline[Any], active: Iterable[ActiveCrisis], switch: Switch, now: float) -> str | None:
    """Why a switch makes no sense, with the remedy; None if it does."""
    on = {one.key: one for one in active}
    if switch.profile is None:
        return None if on else "no crisis profile is on: there is nothing to switch off"
    if switch.profile not in hotline.crises:
        known = ", ".join(sorted(hotline.crises)) or "none"
        return f"crisis profile {switch.profile!r} is not in the dialplan: known is {known}"
    if not switch.on:
        names = ", ".join(one.profile for one in on.values()) or "none"
        off = f"crisis profile {switch.profile!r} is not on: nothing was changed (on: {names})"
        return None if switch.key in on else off
    return _why_not_on(hotline, on.get(switch.key), switch, now)


def _why_not_on(hotline: Hotline[Any], before: ActiveCrisis | None, switch: Switch, now: float) -> str | None:
    unknown = [number for number in switch.scope.numbers if number not in hotline.numbers]
    if unknown:
        return f"{unknown[0]} is not a number of this hotline: choose of {', '.join(hotline.numbers)}"
    if switch.until is not None and switch.until <= now:
        return "it would be over already: let it end later"
    if switch.until is not None and switch.until > now + LONGEST_SECONDS:
        return "it would last for more than 30 days: let it end sooner, or change the ordinary dialplan"
    if before is not None and is_same(before, switch):
        return f"crisis profile {switch.profile!r} is on already, by {before.by}: nothing was changed"
    return None


def why_not_answer(
    hotline: Hotline[Any],
    active: Iterable[ActiveCrisis],
    proposals: Mapping[str, Proposal],
    answer: ProposalAnswered,
    now: float,
) -> str | None:
    """Why somebody's yes or no to a proposal does not count, with the remedy; None if it does."""
    proposal = proposals.get(answer.proposal)
    if proposal is None:
        waiting = ", ".join(proposals) or "none"
        return f"there is no proposal {answer.proposal!r}, or it has lapsed: waiting now is {waiting}"
    if proposal.other and answer.yes and answer.by == proposal.by:
        return f"{answer.by} proposed it himself: another person must confirm it"
    why = why_not_he(hotline, answer.by, "confirm", now) if answer.ask else None
    if why is None and answer.yes:
        why = why_not_so(hotline, active, proposal.switch, now)
    return why
