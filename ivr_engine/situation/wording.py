"""This file decides how a situation report reads, in Chinese and in English. It does not know where figures come from.

It is Markdown that also reads well as plain text, for chat robots and mail: headings, lists, no tables.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from ivr_engine.model.crises import LEVELS_IN_CHINESE
from ivr_engine.model.situation import Answered, ClockStanding, Counted, CrisisStanding, Situation, Volume

Language = Literal["zh", "en"]

_KINDS = {"recall": "产品召回", "outage": "系统宕机", "public opinion": "舆情", "safety": "安全事故", "other": "其他"}
_STATES = {"running": "进行中", "overdue": "**逾期**", "done": "已完成"}
_SEATS = {
    "ready": ("空闲", "ready"),
    "ringing": ("振铃", "ringing"),
    "talking": ("通话", "talking"),
    "wrap_up": ("整理", "wrapping up"),
    "paused": ("小休", "paused"),
    "signed_out": ("未签入", "signed out"),
    "offline": ("离线", "offline"),
}


def in_markdown(situation: Situation, language: Language = "zh") -> str:
    """The report in one language, ending with a line feed."""
    say = _Says(situation, language)
    crises = [line for crisis in situation.crises for line in say.crisis(crisis)]
    parts = [
        (say.of("类型与级别", "Type and level"), crises or [say.of("没有启动预案", "no crisis profile is on")]),
        (say.of("来电量与范围", "Calls, and from where"), say.volume(situation.volume)),
        (say.of("接通率", "Answered"), [say.answered(situation.recently), say.answered(situation.since_begun)]),
        (say.of("排队", "Waiting"), say.waits()),
        (say.of("坐席", "Seats"), say.seats()),
        (say.of("主要菜单选择", "Choices in menus"), say.counted(situation.choices)),
        (say.of("主要事由", "Topics"), say.counted(situation.topics)),
        (say.of("时限", "Clocks"), [say.clock(clock) for clock in situation.clocks]),
        (say.of("已采取的措施", "What was done"), say.measures()),
        (say.of("待确认的提议", "What waits for a yes"), say.proposals()),
    ]
    title = say.of("态势报告", "Situation")
    head = f"# {title} · {situation.hotline} · {say.moment(situation.at)}"
    none = [say.of("无", "none")]
    return "\n\n".join([head, *(f"## {name}\n{_list(lines or none)}" for name, lines in parts)]) + "\n"


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {' '.join(line.split())}" for line in lines)


@dataclass(frozen=True, slots=True)
class _Says:
    """The lines of each part."""

    situation: Situation
    language: Language

    def of(self, zh: str, en: str) -> str:
        """What stands in this language."""
        return zh if self.language == "zh" else en

    def moment(self, at: float) -> str:
        """A moment as the hotline's people read it off the wall."""
        return f"{datetime.fromtimestamp(at, ZoneInfo(self.situation.timezone)):%Y-%m-%d %H:%M}"

    def lasting(self, seconds: float) -> str:
        """A time span, in the two greatest units."""
        minutes, left = divmod(round(max(0.0, seconds)), 60)
        hours, minutes = divmod(minutes, 60)
        if hours:
            return self.of(f"{hours} 小时 {minutes} 分", f"{hours} h {minutes} min")
        if minutes:
            return self.of(f"{minutes} 分 {left} 秒", f"{minutes} min {left} s")
        return self.of(f"{left} 秒", f"{left} s")

    def crisis(self, crisis: CrisisStanding) -> list[str]:
        """What is on, since when, for whom, why."""
        now, name = self.situation.at, crisis.title or crisis.profile
        since, lasting = self.moment(crisis.since), self.lasting(now - crisis.since)
        lines = [
            self.of(
                f"**{name}**（{_KINDS[crisis.kind]}），级别：**{LEVELS_IN_CHINESE[crisis.level]}**",
                f"**{name}** ({crisis.kind}), level **{crisis.level}**",
            ),
            self.of(f"始于 {since}，已持续 {lasting}", f"since {since}, for {lasting} now"),
            self.of(f"范围：{crisis.scope}", f"for {crisis.scope}"),
            self.of(f"启动人：{crisis.by}，原因：{crisis.reason}", f"by {crisis.by}: {crisis.reason}"),
        ]
        if crisis.until is not None:
            until = self.moment(crisis.until)
            lines.append(self.of(f"预计 {until} 结束", f"until {until}"))
        return lines

    def volume(self, volume: Volume) -> list[str]:
        """How many came, against what is usual, by number and region."""
        unknown = self.of("平时来电量未知", "what is usual is not known")
        usual = unknown
        if volume.usual is not None:
            share = f"{100 * volume.calls / volume.usual:.0f}%" if volume.usual else "-"
            usual = self.of(
                f"平时约 {volume.usual:.0f} 通，为平时的 {share}", f"usual is {volume.usual:.0f}: {share} of that"
            )
        first = self.of(
            f"最近 {volume.minutes} 分钟来电 {volume.calls} 通，{usual}",
            f"{volume.calls} calls in the last {volume.minutes} min; {usual}",
        )
        lines = [first]
        for name, counts in (
            (self.of("按号码", "by number"), volume.by_number),
            (self.of("按地区", "by region"), volume.by_region),
        ):
            if counts:
                lines.append(f"{name}：{_pairs(counts)}" if self.language == "zh" else f"{name}: {_pairs(counts)}")
        return lines

    def answered(self, answered: Answered) -> str:
        """Which part of those who waited was answered, since when."""
        since = self.moment(answered.since)
        rate = self.of("尚无", "none yet") if answered.rate is None else f"{100 * answered.rate:.1f}%"
        return self.of(
            f"{since} 以来：{rate}（接通 {answered.answered}，未接通 {answered.lost}）",
            f"since {since}: {rate} ({answered.answered} answered, {answered.lost} not)",
        )

    def waits(self) -> list[str]:
        """Who waits, and how long those waited who were answered lately."""
        lines = []
        for queue in self.situation.queues:
            oldest = self._span(queue.oldest_seconds)
            half, most = self._span(queue.half_within), self._span(queue.most_within)
            lines.append(
                self.of(
                    f"{queue.queue}：排队 {queue.waiting} 人，最长已等 {oldest}；"
                    f"接通者一半等待不超过 {half}，九成不超过 {most}",
                    f"{queue.queue}: {queue.waiting} waiting, the first for {oldest}; of those answered half waited"
                    f" {half} at most, nine of ten {most}",
                )
            )
        return lines

    def _span(self, seconds: float | None) -> str:
        return "-" if seconds is None else self.lasting(seconds)

    def seats(self) -> list[str]:
        """What seats do, and which pools are open that are not so otherwise."""
        lines = []
        for pool in self.situation.pools:
            counts = {self.of(*words): getattr(pool, state) for state, words in _SEATS.items()}
            states = [f"{state} {seats}" for state, seats in counts.items() if seats]
            lines.append(f"{pool.pool}{self.of('：', ': ')}{self.of('，', ', ').join(states) or 0}")
        for one in self.situation.open_to:
            since = self.moment(one.since)
            lines.append(
                self.of(
                    f"溢出已开放：{one.queue} → {one.pool}（{since} 起）",
                    f"overflow open: {one.queue} → {one.pool} since {since}",
                )
            )
        return lines

    def counted(self, counts: Sequence[Counted]) -> list[str]:
        """Most first."""
        return [f"{one.what}{self.of('：', ': ')}{one.calls}" for one in counts]

    def clock(self, clock: ClockStanding) -> str:
        """What must be done by when, and whether it is."""
        state = self.of(_STATES[clock.state], f"**{clock.state}**" if clock.state == "overdue" else clock.state)
        what, due = f"{clock.do or clock.clock}（{clock.clock}）", self.moment(clock.due)
        who = f" {clock.by}" if clock.by else ""
        return self.of(f"{what}：{state}{who}，应于 {due} 前完成", f"{what}: {state}{who}, due {due}")

    def measures(self) -> list[str]:
        """What was done, by whom, when."""
        who = [(one, f"{one.by} " if one.by else "") for one in self.situation.measures]
        return [f"{self.moment(one.at)} {by}{self.of(one.what_zh, one.what)}" for one, by in who]

    def proposals(self) -> list[str]:
        """What waits for a yes, until when."""
        return [
            self.of(
                f"编号 {one.id}：{one.what}，{one.by} 提议（{one.reason}），{self.moment(one.lapses_at)} 前有效",
                f"{one.id}: {one.what}, proposed by {one.by} ({one.reason}), until {self.moment(one.lapses_at)}",
            )
            for one in self.situation.proposals
        ]


def _pairs(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {calls}" for name, calls in counts.items())
