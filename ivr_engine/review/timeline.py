"""This file decides which moments of an incident are told, in which words. It does not know calls or figures."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import singledispatch
from typing import Any

from ivr_engine.model import alarms, notices
from ivr_engine.model.crises import LEVELS_IN_CHINESE, Switch
from ivr_engine.model.orders import SignalSeen
from ivr_engine.review.gathering import EngineBegan, Happened
from ivr_engine.review.heard import Told
from ivr_engine.review.incident import Hours
from ivr_engine.review.seats import SeatsLost
from ivr_engine.review.wording import Tongue, masked


@dataclass(frozen=True, slots=True)
class Moment:
    """A line of the timeline. `short` is for a mark in a plot; none where it would only be in the way."""

    at: float
    words: str
    short: str = ""


@dataclass(frozen=True, slots=True)
class Steps:
    """When each of what must go fast was done; None: not at all."""

    sign: float | None = None
    proposed: float | None = None
    confirmed: float | None = None
    on: float | None = None
    first_heard: float | None = None
    all_told: float | None = None
    off: float | None = None


def timeline(happened: Iterable[Happened], told: Iterable[Told], hours: Hours, say: Tongue) -> list[Moment]:
    """All moments of these hours, in their order."""
    found = [
        Moment(one.at, masked(words[0]), *words[1:])
        for one in happened
        if hours.since <= one.at < hours.until and (words := _words(one.what, say)) is not None
    ]
    found += [_of_told(one, say) for one in told if hours.since <= one.at < hours.until]
    return sorted(found, key=lambda one: one.at)


def steps(happened: Iterable[Happened], told: Iterable[Told], first_in: dict[str, float], hours: Hours) -> Steps:
    """When the crisis was seen, proposed, confirmed, on, heard and over."""
    mine = [one for one in happened if hours.since <= one.at < hours.until]
    on = _first(mine, lambda what: isinstance(what, alarms.CrisisChanged) and what.on)
    if on is None:
        return Steps()
    assert isinstance(on.what, alarms.CrisisChanged)
    profile = on.what.profile
    before = [one for one in mine if one.at <= on.at]
    proposed = _first(before, lambda what: _is_of(what, profile, alarms.CrisisProposed))
    closed = [one for one in before if _is_of(one.what, profile, alarms.ProposalClosed)]
    confirmed = _first(closed, lambda what: what.outcome == "confirmed")
    off = [one.at for one in mine if isinstance(one.what, alarms.CrisisChanged) and not one.what.on]
    first = first_in.get(profile)
    ends = [one.last_heard for one in told if (one.profile, one.what) == (profile, "on") and one.at == on.at]
    return Steps(
        sign=hours.sign,
        proposed=proposed.at if proposed else None,
        confirmed=confirmed.at if confirmed else None,
        on=on.at,
        first_heard=first if first is not None and first >= on.at else None,
        all_told=max((end for end in ends if end is not None), default=None),
        off=off[-1] if off else None,
    )


def _first(happened: Iterable[Happened], wanted: Callable[[Any], bool]) -> Happened | None:
    return next((one for one in happened if wanted(one.what)), None)


def _is_of(what: Any, profile: str, kind: type[Any]) -> bool:
    return isinstance(what, kind) and what.proposal.switch.profile == profile


# --- words ----------------------------------------------------------------------------------------------------------


@singledispatch
def _words(what: object, say: Tongue) -> tuple[str, str] | tuple[str] | None:
    """What is said of it, and in a word or two; None of what is no moment of its own."""
    del what, say
    return None


@_words.register
def _(what: alarms.TriggerChanged, say: Tongue) -> tuple[str, str]:
    state = {"fired": "触发", "held back": "未触发（被抑制）", "over": "恢复"}.get(what.state, what.state)
    head = say(f"触发器 {what.trigger} {state}", f"trigger {what.trigger} {what.state}")
    of = say(f"数值 {what.figure:g}，界限 {what.bound:g}", f"figure {what.figure:g}, bound {what.bound:g}")
    return f"{head}: {what.words} ({of})", f"{what.trigger} {say(state, what.state)}"


@_words.register
def _(what: SignalSeen, say: Tongue) -> tuple[str]:
    head = say(f"外部信号 {what.signal}", f"signal {what.signal}")
    return (f"{head} ×{what.count} ({what.source}) {what.text}".rstrip(),)


@_words.register
def _(what: alarms.CrisisProposed, say: Tongue) -> tuple[str, str]:
    one = what.proposal
    words = say(f"{one.by} 提议：", f"{one.by} proposes: ") + f"{_switch(one.switch, say)}; {one.reason}"
    return words, say("提议", "proposed")


@_words.register
def _(what: alarms.ProposalClosed, say: Tongue) -> tuple[str, str]:
    outcome = {"confirmed": "已确认", "rejected": "已否决", "lapsed": "已过期"}[what.outcome]
    after = say.length(what.at - what.proposal.at)
    words = say(
        f"{what.by} {outcome}提议 {what.proposal.id}（等待 {after}）",
        f"proposal {what.proposal.id} {what.outcome} by {what.by}, after {after}",
    )
    return f"{words} {what.reason}".rstrip(), say(outcome, what.outcome)


@_words.register
def _(what: alarms.CrisisChanged, say: Tongue) -> tuple[str, str]:
    level = say(LEVELS_IN_CHINESE[what.level], what.level)
    if not what.on:
        words = say(f"预案 {what.profile} 关闭", f"crisis {what.profile} off")
        return f"{words} · {what.by}: {what.reason}", say(f"{what.profile} 关", f"{what.profile} off")
    until = "" if what.until is None else say(f"，至 {say.moment(what.until)}", f", until {say.moment(what.until)}")
    words = say(f"预案 {what.profile} 启用，级别 {level}", f"crisis {what.profile} on, level {level}")
    return f"{words}, {say.scope(what.scope)}{until} · {what.by}: {what.reason}", f"{what.profile} {level}"


@_words.register
def _(what: alarms.CrisisAnswered, say: Tongue) -> tuple[str] | None:
    if what.ok:
        return None  # what came of it tells itself
    return (say(f"拒绝 {what.by}：", f"refused {what.by}: ") + f"{what.what}; {what.why}",)


@_words.register
def _(what: alarms.ClockChanged, say: Tongue) -> tuple[str] | tuple[str, str]:
    one = what.clock
    name = say(f"时限 {one.clock}", f"clock {one.clock}")
    match what.state:
        case "begun":
            return (say(f"{name} 开始，须在 {say.clock(one.due)} 前完成", f"{name} begins, due {say.clock(one.due)}"),)
        case "overdue":
            head, short = say(f"{name} 超时", f"{name} overdue"), say(f"{one.clock} 超时", f"{one.clock} overdue")
            return f"{head} {what.do}".rstrip(), short
        case "done":
            late = max(0.0, (one.done_at or what.at) - one.due)
            how = say(f"（晚 {say.length(late)}）", f" ({say.length(late)} late)") if late else ""
            return (say(f"{name} 完成", f"{name} done") + f"{how} · {one.done_by} {one.note}".rstrip(),)
        case _:
            return (say(f"{name} 随预案结束", f"{name} ended with the crisis"),)


@_words.register
def _(what: alarms.StatusChanged, say: Tongue) -> tuple[str] | tuple[str, str]:
    states = {"set": "更新", "told": "播报一次", "stale": "已过期未更新", "withdrawn": "撤回", "ended": "到期撤下"}
    texts = " / ".join(f"“{text}”" for text in what.texts.values())
    words = say(f"{what.flow} 的状态播报{states[what.state]}", f"status of {what.flow} {what.state}")
    promised = (
        say(f"，{what.overridden_by} 承担承诺", f", promised by {what.overridden_by}") if what.overridden_by else ""
    )
    said = f"{words} · {what.by}{promised} {texts}".rstrip()
    return (said, say(f"播报{states[what.state]}", f"status {what.state}"))


@_words.register
def _(what: alarms.ArmChanged, say: Tongue) -> tuple[str, str]:
    state = {"on": "继续", "stopped": "停用", "resumed": "恢复"}[what.state]
    words = say(f"实验 {what.split} 的分支 {what.arm} {state}", f"arm {what.arm} of {what.split} {what.state}")
    return f"{words} {what.by} {what.why}".rstrip(), say(f"{what.arm} {state}", f"{what.arm} {what.state}")


@_words.register
def _(what: notices.OverflowChanged, say: Tongue) -> tuple[str, str]:
    state = say("开放", "opens") if what.open else say("关闭", "closes")
    words = say(f"资源池 {what.pool} 对 {what.queue} {state}", f"pool {what.pool} {state} to {what.queue}")
    return f"{words}: {what.why}", f"{what.pool} {state}"


@_words.register
def _(what: notices.PoolHealthChanged, say: Tongue) -> tuple[str, str]:
    state = say("恢复", "works again") if what.healthy else say("线路故障", "lines fail")
    return say(f"资源池 {what.pool} {state}", f"pool {what.pool} {state}") + f": {what.why}", f"{what.pool} {state}"


@_words.register
def _(what: SeatsLost, say: Tongue) -> tuple[str, str]:
    words = say(
        f"资源池 {what.pool} 一分钟内失去 {what.seats} 个坐席（共 {what.of} 个）",
        f"pool {what.pool} lost {what.seats} of {what.of} seats within a minute",
    )
    return words, say(f"{what.pool} −{what.seats} 席", f"{what.pool} −{what.seats}")


@_words.register
def _(what: notices.LinkChanged, say: Tongue) -> tuple[str, str] | tuple[str]:
    if not what.up:
        return say("与 Asterisk 的连接中断", "link to Asterisk lost"), say("断线", "link lost")
    found = say(f"接管 {what.adopted} 通，失去 {what.lost} 通", f"{what.adopted} calls taken over, {what.lost} lost")
    return (say("与 Asterisk 的连接建立", "link to Asterisk up") + f", {found}",)


@_words.register
def _(what: EngineBegan, say: Tongue) -> tuple[str, str]:
    return say(f"引擎重新启动（版本 {what.dialplan}）", f"engine began anew (version {what.dialplan})"), say(
        "重启", "restart"
    )


@_words.register
def _(what: notices.DialplanChanged, say: Tongue) -> tuple[str, str]:
    words = say(f"启用菜单版本 {what.version}", f"dialplan version {what.version} in use")
    return f"{words} · {what.by}", say("换版", "version")


@_words.register
def _(what: notices.CanaryChanged, say: Tongue) -> tuple[str]:
    words = say(f"灰度版本 {what.version}：{what.state}", f"version {what.version} on trial: {what.state}")
    return (f"{words} {what.why}".rstrip(),)


@_words.register
def _(what: notices.CallsMissed, say: Tongue) -> tuple[str]:
    words = say(
        f"坐席 {what.agent} 连续 {what.calls} 次未接，已暂停", f"agent {what.agent} paused: missed {what.calls} calls"
    )
    return (words,)


def _of_told(told: Told, say: Tongue) -> Moment:
    what = {"on": say("启用", "on"), "off": say("关闭", "off"), "status": say("最新状态", "status")}[told.what]
    words = say(
        f"告知 {told.callers} 位等待者（{told.profile} {what}）：{told.heard} 位听完",
        f"{told.callers} who waited were told ({told.profile} {what}): {told.heard} heard it to the end",
    )
    end = (
        ""
        if told.last_heard is None
        else say(f"，最后一位 {say.clock(told.last_heard)}", f", the last at {say.clock(told.last_heard)}")
    )
    return Moment(told.at, words + end)


def _switch(switch: Switch, say: Tongue) -> str:
    profile = switch.profile or say("全部", "all")
    if not switch.on:
        return say(f"关闭 {profile}", f"{profile} off")
    return f"{profile} {say(LEVELS_IN_CHINESE[switch.level], switch.level)}, {say.scope(switch.scope)}"


def marks(moments: Iterable[Moment]) -> Iterator[Moment]:
    """Those that are told in a plot."""
    return (one for one in moments if one.short)
