"""This file decides what a review tells of experiments and of triggers. It does not know who stopped or switched."""

from dataclasses import dataclass
from math import sqrt

from ivr_engine.model.alarms import ArmChanged
from ivr_engine.model.causes import Outcome
from ivr_engine.pages import Heading, Part, Said, Table
from ivr_engine.review.retuning import Tried, better
from ivr_engine.review.reviewed import Reviewed
from ivr_engine.review.wording import NONE

Z = 1.96  # 95 % of a normal distribution


@dataclass(frozen=True, slots=True)
class ArmCounts:
    """The calls of an arm, and who of them hung up in the menu; with the interval (Wilson) their share lies in."""

    split: str
    arm: str
    calls: int
    left: int
    stopped_at: float | None = None

    @property
    def interval(self) -> tuple[float, float]:
        """From and to, of 1; all of it for no calls."""
        if not self.calls:
            return 0.0, 1.0
        n, p = self.calls, self.left / self.calls
        middle, width = p + Z * Z / (2 * n), Z * sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
        return max(0.0, (middle - width) / (1 + Z * Z / n)), min(1.0, (middle + width) / (1 + Z * Z / n))


def arms_of(one: Reviewed) -> list[ArmCounts]:
    """Each arm that callers of these hours were in, or that was stopped."""
    counts: dict[tuple[str, str], list[int]] = {}
    for call in one.calls:
        for key in call.arms:
            mine = counts.setdefault(key, [0, 0])
            mine[0] += 1
            mine[1] += call.past.outcome == Outcome.ABANDONED_IN_MENU
    stopped: dict[tuple[str, str], float | None] = {}
    for happened in one.gathered.happened:
        what = happened.what
        if isinstance(what, ArmChanged) and what.state != "on":
            stopped[str(what.split), what.arm] = what.at if what.state == "stopped" else None
    keys = sorted({*counts, *stopped})
    return [_arm_counts(split, arm, counts.get((split, arm)), stopped.get((split, arm))) for split, arm in keys]


def _arm_counts(split: str, arm: str, counts: list[int] | None, stopped_at: float | None) -> ArmCounts:
    calls, left = counts or (0, 0)
    return ArmCounts(split, arm, calls, left, stopped_at)


def arms(one: Reviewed) -> list[Part]:
    """How the arms did beside each other."""
    rows = []
    for arm in arms_of(one):
        low, high = arm.interval
        part = f"{arm.left / arm.calls:.1%} ({low:.1%} – {high:.1%})" if arm.calls else NONE
        stopped = one.say("停用 ", "stopped ") + one.say.clock(arm.stopped_at) if arm.stopped_at else ""
        rows.append((f"{arm.split} / {arm.arm}", f"{arm.calls:,}", f"{arm.left:,}", part, stopped))
    columns = ("", "calls", "hung up in menu", one.say("比例（95% 区间）", "share (95% interval)"), "")
    return [Heading("实验分支 · A/B arms"), Table("", columns, rows)] if rows else []


def triggers(one: Reviewed) -> list[Part]:
    """What each trigger did, and would have done at another bound."""
    say, on = one.say, one.steps.on
    parts: list[Part] = [Heading("触发器 · Triggers")]
    if not one.tried:
        return [*parts, Said(say("热线未设置触发器。", "The hotline has no triggers."))]
    rows = [_row(one, tried, on) for tried in one.tried]
    lead = say("比启用早（分钟）", "minutes before the switch")
    columns = ("", say("界限", "bound"), say("首次触发", "first fired"), lead, say("误触发", "false"), "")
    parts.append(Table(say("在其他界限下会怎样", "At other bounds"), columns, rows))
    explained = say(
        "误触发：日志其余时间内的触发次数。触发条件其余部分（时长、冷却）不变。",
        "False: how often it would have fired in the rest of the journal. Its `for`, `at least` and `cool down` are"
        " as they are.",
    )
    return [*parts, Said(explained)]


def _row(one: Reviewed, tried: Tried, on: float | None) -> tuple[str, ...]:
    first = one.say.clock(tried.first) if tried.first is not None else NONE
    lead = f"{(on - tried.first) / 60:+.1f}" if on is not None and tried.first is not None else NONE
    mark = one.say("现行", "as it is") if tried.as_it_is else ""
    if tried == better(each for each in one.tried if each.trigger == tried.trigger):
        mark = one.say("建议", "proposed")
    return (tried.trigger, f"{tried.bound:g}", first, lead, str(tried.false), mark)
