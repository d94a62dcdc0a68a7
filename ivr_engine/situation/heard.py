"""This file decides what is remembered of calls for a situation report, and for how long. It knows no wire.

Memory is bounded whatever comes: the last quarter of an hour call by call, the crisis as counts, its measures as the
first and the latest. Who tells drills apart does not let them be heard here.
"""

from collections import Counter, deque
from collections.abc import Callable

from ivr_engine.model import notices
from ivr_engine.model.crises import LEVELS_IN_CHINESE
from ivr_engine.model.ids import CallId, PoolName, QueueName, StepName
from ivr_engine.model.situation import Measure, Opened

RECENT_MINUTES = 15
RECENT_SECONDS = RECENT_MINUTES * 60.0
MOST_RECENT = 50_000  # calls of a quarter of an hour; beyond 55 a second the oldest are left out
MOST_MEASURES = 40
MOST_COUNTED = 500  # different choices, or topics: both are names of the dialplan


class Heard:
    """What was heard of calls and of crises until now. `region_of` tells where the number of a live call belongs."""

    def __init__(self, now: float, region_of: Callable[[CallId], str]) -> None:
        self._region_of = region_of
        self._arrived: deque[tuple[float, str, str]] = deque(maxlen=MOST_RECENT)
        self._ended: deque[tuple[float, QueueName, float | None]] = deque(maxlen=MOST_RECENT)
        self._keys: dict[CallId, StepName] = {}
        self._on: set[str] = set()
        self.opened: dict[tuple[QueueName, PoolName], Opened] = {}
        self.measures: list[Measure] = []
        self._begin(now)

    def hear(self, notice: notices.AnyNotice) -> None:
        """Take in what is told."""
        match notice:
            case notices.CallStage():
                self._of_call(notice)
            case notices.CrisisChanged():
                self._switched(notice)
            case notices.OverflowChanged(queue=queue, pool=pool, at=at, open=is_open, why=why):
                self.opened.pop((queue, pool), None)
                if is_open:
                    self.opened[queue, pool] = Opened(queue, pool, at, why)
                    self._note(at, "", f"pool {pool} opened to queue {queue}", f"坐席组 {pool} 对队列 {queue} 开放")
            case _:
                self._measure(notice)

    def arrived_since(self, at: float) -> list[tuple[str, str]]:
        """Number and region of each call that came since then, within the last quarter of an hour."""
        return [(number, region) for when, number, region in self._arrived if when >= at]

    def waited_since(self, at: float) -> list[tuple[QueueName, float | None]]:
        """Queue and wait, in seconds, of each who was answered since then; None: he was not."""
        return [(queue, waited) for when, queue, waited in self._ended if when >= at]

    # --- calls ----------------------------------------------------------------------------------------------

    def _of_call(self, notice: notices.CallStage) -> None:
        match notice:
            case notices.Arrived(call=call, at=at, number=number):
                self._arrived.append((at, number, self._region_of(call)))
            case notices.KeyPressed(call=call, step=step, understood=True):
                self._keys[call] = step
            case notices.StepEntered(call=call, step=step):
                self._chosen(call, step)
            case notices.Connected(at=at, queue=queue, waited=waited, again=False):
                self._ended.append((at, queue, waited))
                self.answered += 1
            case notices.Ended(call=call, at=at, record=record):
                self._keys.pop(call, None)
                self._ended_with(at, record)

    def _chosen(self, call: CallId, step: StepName) -> None:
        menu = self._keys.pop(call, None)
        if menu is not None:
            _count(self.choices, f"{menu} → {step}")

    def _ended_with(self, at: float, record: notices.CallRecord) -> None:
        if record.queue is not None and record.connected_at is None and record.wish is None:
            self._ended.append((at, record.queue, None))
            self.lost += 1
        for tag in dict.fromkeys((*record.tags, *([record.disposition] if record.disposition else []))):
            _count(self.topics, tag)

    # --- what is done ---------------------------------------------------------------------------------------

    def _begin(self, at: float) -> None:
        self.counted_since = at
        self.answered = self.lost = 0
        self.choices: Counter[str] = Counter()
        self.topics: Counter[str] = Counter()
        self.measures = [one for one in self.measures if one.at >= at - RECENT_SECONDS]  # what led to it

    def _switched(self, notice: notices.CrisisChanged) -> None:
        if notice.scope.drill:
            return
        if not self._on and notice.on:
            self._begin(notice.at)
        (self._on.add if notice.on else self._on.discard)(notice.profile)
        level = LEVELS_IN_CHINESE[notice.level]
        en = f"crisis {notice.profile} {f'on, level {notice.level}, for {notice.scope}' if notice.on else 'off'}"
        zh = f"{'启动' if notice.on else '解除'}预案 {notice.profile}{f'（{level}）' if notice.on else ''}"
        self._note(notice.at, notice.by, f"{en}: {notice.reason}", f"{zh}：{notice.reason}")

    def _measure(self, notice: notices.AnyNotice) -> None:
        match notice:
            case notices.ClockChanged(at=at, clock=clock, state="done", do=do):
                note = f": {clock.note}" if clock.note else ""
                self._note(at, clock.done_by, f"done: {do}{note}", f"已完成：{do}{note}")
            case notices.StatusChanged(at=at, flow=flow, by=by, state="set" | "withdrawn" as state):
                zh = "更新" if state == "set" else "撤回"
                self._note(at, by, f"announcement of {flow} {state}", f"{zh} {flow} 的进展播报")
            case notices.ProposalClosed(at=at, by=by, proposal=proposal, outcome=outcome):
                zh = {"confirmed": "确认", "rejected": "拒绝"}.get(outcome, "无人答复")
                if not proposal.switch.scope.drill:
                    self._note(at, by, f"proposal {proposal.id} {outcome}", f"{zh}提议 {proposal.id}")
            case notices.DialplanChanged(at=at, by=by, version=version):
                self._note(at, by, f"dialplan {version}", f"切换拨号方案 {version}")

    def _note(self, at: float, by: str, what: str, what_zh: str) -> None:
        self.measures.append(Measure(at, by, what, what_zh))
        if len(self.measures) > MOST_MEASURES:
            del self.measures[MOST_MEASURES // 2]  # how it began, and how it goes on


def _count(counts: Counter[str], what: str) -> None:
    if what in counts or len(counts) < MOST_COUNTED:
        counts[what] += 1
