"""This file decides what people are told when a crisis changes. It does not know who they are, or how they are told.

A title is Chinese and English, as whoever is woken reads one of them; a text is one paragraph, to which the border adds
how things stand. An alert's name comes from what it is about and when that was: told twice, it is sent once.
"""

from collections.abc import Iterable
from typing import Any, TypedDict

from ivr_engine.core.crisis.active import plan_in
from ivr_engine.core.outbox import Outbox
from ivr_engine.dialplan.crises import ClockPlan
from ivr_engine.dialplan.hotline import Hotline
from ivr_engine.dialplan.triggers import TriggerPlan
from ivr_engine.model.alerts import AlertRaised
from ivr_engine.model.crises import LEVELS_IN_CHINESE, ActiveCrisis, LiveStatus, Proposal, RunningClock


def raise_(  # noqa: PLR0913 - what an alert is made of
    out: Outbox,
    kind: str,
    title: str,
    text: str,
    to: Iterable[str],
    *,
    profile: str = "",
    level: str = "",
    about: str = "",
    since: float | None = None,
) -> None:
    """Let groups of people know. `about` is what of the profile it is about; `since`: when it came to be so, or now."""
    groups = tuple(dict.fromkeys(to))
    if groups:
        at = out.now if since is None else since
        name = "-".join(part for part in (kind.replace(" ", "-"), profile, about, f"{at:.0f}") if part)
        out.tell(AlertRaised(name, out.now, groups, kind, title, text, profile, level))


def switched(out: Outbox, hotline: Hotline[Any], crisis: ActiveCrisis, *, on: bool) -> None:
    """A profile came on, changed its level or its scope, or went off: by whom and why the crisis says."""
    if crisis.scope.drill:
        return
    name, profile, level, by, reason = (
        _name(hotline, crisis.profile),
        crisis.profile,
        crisis.level,
        crisis.by,
        crisis.reason,
    )
    zh, en = (f"已启动（{LEVELS_IN_CHINESE[level]}）", f"is on, level {level}") if on else ("已解除", "is off")
    title = f"危机预案{name}{zh} · crisis {profile} {en}"
    text = f"操作人：{by}，原因：{reason}。范围：{crisis.scope}。 By {by}: {reason}; for {crisis.scope}."
    if on and crisis.until is not None:
        until = _moment(hotline, crisis.until)
        text += f" 预计 {until} 结束。 Until {until}."
    to = plan_in(hotline, profile).at(level).tell
    raise_(out, "switched", title, text, to, profile=profile, level=level, about=level if on else "off")


def proposed(out: Outbox, hotline: Hotline[Any], proposal: Proposal) -> None:
    """A switch waits for somebody's yes."""
    until = _moment(hotline, proposal.lapses_at)
    who, other = ("另一位授权人员", " by another person") if proposal.other else ("授权人员", "")
    text = (
        f"提议人：{proposal.by}，原因：{proposal.reason}。请{who}在 {until} 前确认或拒绝，编号 {proposal.id}。"
        f" Proposed by {proposal.by}: {proposal.reason}. Confirm or reject proposal {proposal.id} by {until}{other}."
    )
    title = f"待确认：{_what(hotline, proposal)}, waits for a yes"
    raise_(out, "proposed", title, text, _who(hotline, proposal), **_keys(proposal))


def lapsed(out: Outbox, hotline: Hotline[Any], proposal: Proposal) -> None:
    """Nobody said yes or no in time."""
    text = (
        f"{proposal.by} 的提议（{proposal.reason}）到期无人答复，未做切换。"
        f" Nobody answered what {proposal.by} proposed ({proposal.reason}): nothing was switched."
    )
    title = f"无人答复，已失效：{_what(hotline, proposal)}, has lapsed"
    raise_(out, "lapsed", title, text, _who(hotline, proposal), **_keys(proposal))


def clock_begun(out: Outbox, hotline: Hotline[Any], plan: ClockPlan, clock: RunningClock) -> None:
    """Something must be done by a time from now on."""
    due = _moment(hotline, clock.due)
    title = f"危机任务：{plan.do}，{due} 前完成 · clock {clock.clock} is due at {due}"
    text = (
        f"危机预案{_name(hotline, clock.profile)}：请在 {due} 前完成“{plan.do}”，并报告完成。"
        f" Do it by {due}, then say that it is done."
    )
    raise_(out, "clock begun", title, text, plan.tell, **_of(clock), since=clock.begun_at)


def clock_overdue(out: Outbox, hotline: Hotline[Any], plan: ClockPlan, clock: RunningClock) -> None:
    """Something was not done in time."""
    due = _moment(hotline, clock.due)
    title = f"危机任务逾期：{plan.do} · clock {clock.clock} is overdue"
    text = (
        f"危机预案{_name(hotline, clock.profile)}：“{plan.do}”应在 {due} 前完成，尚无人报告完成。"
        f" It was due at {due}; nobody has said that it is done."
    )
    raise_(out, "clock overdue", title, text, plan.overdue, **_of(clock), since=clock.due)


def trigger(out: Outbox, name: str, plan: TriggerPlan, state: str, words: str) -> None:
    """A trigger fired, or is over."""
    zh = {"fired": "触发", "over": "恢复"}[state]
    level = plan.level if plan.crisis else ""
    title = f"触发器{zh}：{name} · trigger {name}: {state}"
    raise_(out, "trigger", title, words, plan.tell, profile=plan.crisis or "", level=level, about=f"{name}-{state}")


def status_stale(out: Outbox, hotline: Hotline[Any], crisis: ActiveCrisis, status: LiveStatus) -> None:
    """What callers are told should have been written anew. They hear it still."""
    if crisis.scope.drill:
        return
    said = "；".join(f"{language}: {text}" for language, text in status.texts.items())
    title = f"进展播报已过时：危机预案{_name(hotline, crisis.profile)} · what callers are told is out of date"
    text = (
        f"来电者仍会听到 {status.by} 于 {_moment(hotline, status.at)} 发布的内容：{said}。请更新或撤回。"
        " Callers still hear it: write it anew (`ivr status set`), or take it back (`ivr status withdraw`)."
    )
    to = plan_in(hotline, crisis.profile).at(crisis.level).tell
    raise_(out, "status stale", title, text, to, profile=crisis.profile, level=crisis.level, since=status.at)


class _Keys(TypedDict):
    profile: str
    level: str
    about: str


def _of(clock: RunningClock) -> _Keys:
    return {"profile": clock.profile, "level": clock.level, "about": clock.clock}


def _keys(proposal: Proposal) -> _Keys:
    return {"profile": proposal.switch.profile or "", "level": proposal.switch.level, "about": proposal.id}


def _what(hotline: Hotline[Any], proposal: Proposal) -> str:
    switch = proposal.switch
    name, level = _name(hotline, switch.profile or ""), LEVELS_IN_CHINESE[switch.level]
    if not switch.on:
        return f"解除危机预案{name} · proposal {proposal.id}, crisis {switch.profile} off"
    return f"启动危机预案{name}（{level}） · proposal {proposal.id}, crisis {switch.profile}, level {switch.level}"


def _who(hotline: Hotline[Any], proposal: Proposal) -> tuple[str, ...]:
    """Who hears of it: nobody of a drill."""
    switch = proposal.switch
    return () if switch.scope.drill else plan_in(hotline, switch.profile or "").at(switch.level).tell


def _name(hotline: Hotline[Any], profile: str) -> str:
    return f"「{plan_in(hotline, profile).title or profile}」"


def _moment(hotline: Hotline[Any], at: float) -> str:
    return f"{hotline.normal.facilities.hours.wall(at):%m-%d %H:%M}"
