"""This file decides how the head, the timeline and the words of a review read. It does not know how to count."""

from collections.abc import Iterable

from ivr_engine.model import alarms
from ivr_engine.model.crises import LEVELS_IN_CHINESE
from ivr_engine.pages import Heading, Listed, Part, Said, Table
from ivr_engine.review.figures_told import ANSWER_RATE, total
from ivr_engine.review.heard import Hearing, Place
from ivr_engine.review.reviewed import Reviewed
from ivr_engine.review.wording import masked, share

MOST_TEXTS = 80


def head(one: Reviewed) -> list[Part]:
    """What was reviewed, and how it went."""
    say, hours = one.say, one.hours
    span = f"{say.moment(hours.since)} – {say.moment(hours.until)}"
    lines = [say(f"时段 {span}（{say.zone}）", f"hours {span} ({say.zone})"), *_crises(one), *one.notes]
    return [Listed(lines), Said(summary(one))]


def _crises(one: Reviewed) -> list[str]:
    say, lines = one.say, []
    for happened in one.gathered.happened:
        what = happened.what
        if isinstance(what, alarms.CrisisChanged) and one.hours.since <= happened.at < one.hours.until:
            level = say(LEVELS_IN_CHINESE[what.level], what.level)
            state = say("启用", "on") if what.on else say("关闭", "off")
            head, why = f"{say.clock(what.at)} {what.profile} {state}", masked(what.reason)
            lines.append(f"{head} · {level} · {say.scope(what.scope)} · {what.by}: {why}")
    return lines


def summary(one: Reviewed) -> str:
    """The whole incident in a paragraph, with its verdict."""
    say, calls = one.say, total(one, "during")
    if not calls.offered:
        return say("期间没有来电进入队列，无从评判。", "Nobody came to a queue in that time: nothing can be judged.")
    met = calls.answered >= ANSWER_RATE * calls.offered
    verdict = say("达标", "met") if met else say("未达标", "NOT met")
    rate, gave_up = share(calls.answered, calls.offered), share(calls.abandoned, calls.offered)
    steps = one.steps
    fast = ""
    if steps.on is not None and steps.sign is not None and steps.sign < steps.on:
        length = say.length(steps.on - steps.sign)
        fast = say(f"从首个迹象到启用用时 {length}。", f" From the first sign to the switch it took {length}.")
    return (
        say(
            f"期间 {calls.offered:,} 通来电进入队列，接通 {calls.answered:,} 通，接通率 {rate}（目标 95%，{verdict}）；"
            f"{gave_up} 在等待中放弃。",
            f"{calls.offered:,} callers came to a queue during it, {calls.answered:,} were answered: {rate}"
            f" (95% wanted: {verdict}); {gave_up} gave up waiting.",
        )
        + fast
    )


def timeline(one: Reviewed) -> list[Part]:
    """What happened when, with minutes since the first sign; and how long each step took."""
    say = one.say
    rows = [(say.clock(m.at), f"{(m.at - one.hours.sign) / 60:+.1f}", m.words) for m in one.moments]
    columns = (say("时间", "time"), say("分钟", "minutes"), say("事件", "what"))
    return [
        Heading("时间线 · Timeline"),
        _durations(one),
        Table("", columns, rows, words=True),
    ]


def _durations(one: Reviewed) -> Table:
    say, steps = one.say, one.steps
    named = (
        (say("首个迹象", "first sign"), steps.sign),
        (say("提议", "proposal"), steps.proposed),
        (say("确认", "confirmed"), steps.confirmed),
        (say("预案启用", "crisis on"), steps.on),
        (say("首位来电者进入危机菜单", "first caller in the crisis menu"), steps.first_heard),
        (say("最后一位等待者听完通知", "the last who waited had heard of it"), steps.all_told),
        (say("预案关闭", "crisis off"), steps.off),
    )
    rows, before = [], None
    for name, at in named:
        if at is None:
            continue
        since = "" if before is None else say.length(at - before)
        from_sign = "" if steps.sign is None else say.length(at - steps.sign)
        rows.append((name, say.clock(at), since, from_sign))
        before = at
    columns = ("", say("时间", "time"), say("距上一步", "since the last"), say("距首个迹象", "since the first sign"))
    return Table("关键用时 · Key durations", columns, rows)


def words(one: Reviewed) -> list[Part]:
    """What callers heard, and when."""
    heard, hours, say = one.gathered.heard, one.hours, one.say
    there = [
        (p, h) for p, h in heard.texts.items() if h.last >= hours.sign and h.first < hours.end and _is_told(one, p)
    ]
    there.sort(key=lambda each: (each[0].flow, each[1].first))
    rows = [_text(one, place, hearing) for place, hearing in there[:MOST_TEXTS]]
    columns = (
        "where",
        "text",
        say("首次", "first"),
        say("末次", "last"),
        say("人数", "callers"),
        say("听完", "to the end"),
    )
    parts: list[Part] = [Heading("来电者听到什么 · What callers heard"), Table("", columns, rows, words=True)]
    if len(there) > MOST_TEXTS:
        left = len(there) - MOST_TEXTS
        parts.append(Said(say(f"另有 {left} 条，见 --json。", f"{left} more are in --json.")))
    return [*parts, *_moves(one)]


def _is_told(one: Reviewed, place: Place) -> bool:
    """Of the crisis: its own flow, and what is told while it is on."""
    return place.flow in one.hotline.crises or not one.hotline.crises or one.profile is None


def _text(one: Reviewed, place: Place, hearing: Hearing) -> tuple[str, ...]:
    many = (f"{hearing.callers:,}", f"{hearing.to_the_end:,}")
    where = f"{place.flow} / {place.step} ({place.language})"
    return (where, place.text, one.say.clock(hearing.first), one.say.clock(hearing.last), *many)


def _moves(one: Reviewed) -> Iterable[Part]:
    say, hours = one.say, one.hours
    for (flow, was), ats in one.gathered.heard.moved.items():
        mine = [at for at in ats if hours.since <= at < hours.until]
        if mine:
            many, first, last = len(mine), say.clock(min(mine)), say.clock(max(mine))
            yield Said(
                say(
                    f"{many} 位在菜单中的来电者由 {was} 转入 {flow}（{first}–{last}）。",
                    f"{many} callers in menus went on from {was} in {flow} ({first}–{last}).",
                )
            )
