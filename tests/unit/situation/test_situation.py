"""What a situation report tells, in both languages, and that what it remembers stays small."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from ivr_engine.dialplan.load import load
from ivr_engine.model import notices
from ivr_engine.model.alerts import AlertRaised
from ivr_engine.model.crises import Scope
from ivr_engine.model.events import ClockAnswered, CrisisOrdered, ProposalAnswered, UsualSeen
from ivr_engine.model.ids import AskId, CallId, PoolName, QueueName, StepName
from ivr_engine.model.situation import Answered, Counted, Situation
from ivr_engine.nodes import NODE_TYPES
from ivr_engine.situation import SituationRoom, in_markdown
from ivr_engine.situation import heard as heard_module
from tests.simulation.stories import Story
from tests.simulation.world import NUMBER

HOTLINE = f"""
hotline: huaxing
numbers: ["{NUMBER}"]
languages: [zh-CN]
timezone: Asia/Shanghai
fallback: {{say: 您好。, agents: [1001]}}
people: {{张伟: {{may: [switch, confirm]}}, 李娜: {{may: [confirm]}}}}
pools: {{local: {{agents: [1001, 1002]}}, remote: {{agents: [2001]}}}}
queues: {{general: {{pools: [local]}}, urgent: {{pools: [local, {{pool: remote, when: {{waiting: 1}}}}]}}}}
start: main
steps:
  main: {{menu: 请按键。, keys: {{1: {{enqueue: urgent, tag: 起火}}, 2: {{enqueue: general}}}}}}
  otherwise: {{enqueue: general}}
"""
RECALL = """
crisis: recall
title: 产品召回
kind: recall
two people: TWO
start: main
levels: {general: {tell: [duty], clocks: {verify: {within: 10m, do: 核实情况, tell: [duty], overdue: [duty]}}}}
steps:
  main: {menu: 请按键。, keys: {1: {enqueue: urgent, tag: 起火}, 2: {enqueue: general}}}
  otherwise: {enqueue: general}
"""


class Room:
    """A hotline with somebody who keeps its situation."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.room = SituationRoom(story.board, lambda: story.now)
        self.heard = len(story.notices)
        self.sent: list[AlertRaised] = []

    def now(self) -> Situation:
        for notice in self.story.notices[self.heard :]:
            self.room.hear(notice)
            if isinstance(notice, AlertRaised):
                situated = self.room.situated(notice)
                assert isinstance(situated, AlertRaised)
                self.sent.append(situated)
        self.heard = len(self.story.notices)
        return self.room.report()

    def on(self, ask: str = "", **more: Scope) -> None:
        self.story.tell(CrisisOrdered("recall", "张伟", "批次 7", scope=more.get("scope", Scope()), ask=AskId(ask)))


Make = Callable[..., Room]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def begin(two: str = "false") -> Room:
        folder = tmp_path / "hotline"
        (folder / "crisis").mkdir(parents=True)
        (folder / "hotline.yaml").write_text(HOTLINE, "utf-8")
        (folder / "crisis" / "recall.yaml").write_text(RECALL.replace("TWO", two), "utf-8")
        return Room(Story(load(folder, NODE_TYPES)))

    return begin


@pytest.fixture
def room(make: Make) -> Room:
    return make()


def comes(room: Room, digit: str, region: str = "") -> CallId:
    story = room.story
    call = story.dial()
    story.call(call).region = region
    room.now()
    story.press(call, digit)
    return call


def test_it_tells_what_is_on_who_comes_and_who_waits(room: Room) -> None:
    story = room.story
    room.on()
    begun = story.now
    for region in ("广东深圳", "广东深圳", ""):
        comes(room, "1", region)
    found = room.now()
    (crisis,) = found.crises
    assert (crisis.profile, crisis.kind, crisis.title, crisis.level) == ("recall", "recall", "产品召回", "general")
    assert (crisis.since, crisis.scope, crisis.by) == (begun, "all calls", "张伟")
    assert (found.volume.calls, found.volume.usual, found.volume.by_number) == (3, None, {NUMBER: 3})
    assert found.volume.by_region == {"广东深圳": 2, "未知": 1}
    assert found.choices == (Counted("main → main.1", 3),)
    assert {pool.pool: (pool.ready, pool.ringing) for pool in found.pools} == {"local": (0, 2), "remote": (0, 1)}
    assert [(one.queue, one.pool) for one in found.open_to] == [("urgent", "remote")]
    assert [(clock.do, clock.state, clock.due) for clock in found.clocks] == [("核实情况", "running", begun + 600)]


def test_it_tells_how_many_were_answered_lately_and_since_it_began_and_how_long_they_waited(room: Room) -> None:
    story = room.story
    before = comes(room, "1")
    story.hang_up(before)
    assert room.now().since_begun == Answered(room.now().counted_since, 0, 1)
    room.on()
    story.only_agents()
    first, gone = comes(room, "1"), comes(room, "1")
    story.pass_time(30)
    found = room.now()
    assert (found.waiting, found.oldest_seconds) == (2, 30.0)
    story.hang_up(gone)
    story.only_agents("1001")
    story.pick_up(first)
    found = room.now()
    assert (found.since_begun.answered, found.since_begun.lost, found.since_begun.rate) == (1, 1, 0.5)
    assert (found.recently.answered, found.recently.lost) == (1, 2)  # of a quarter of an hour, before it began too
    (urgent,) = [queue for queue in found.queues if queue.queue == "urgent"]
    assert (urgent.waiting, urgent.half_within, urgent.most_within) == (0, 30.0, 30.0)
    assert found.topics == (Counted("起火", 1),)
    story.pass_time(16 * 60)
    found = room.now()
    assert (found.recently.rate, found.volume.calls, found.since_begun.rate) == (None, 0, 0.5)


def test_it_tells_what_was_done_and_what_waits_for_a_yes(make: Make) -> None:
    room = make("true")
    room.on("a1")
    found = room.now()
    assert [(one.id, one.what, one.by) for one in found.proposals] == [("1", "recall general", "张伟")]
    room.story.tell(ProposalAnswered("1", yes=True, by="李娜", ask=AskId("a2")))
    room.story.tell(ClockAnswered("recall", "verify", "李娜", "属实", AskId("a3")))
    found = room.now()
    assert found.proposals == ()
    assert [one.what for one in found.measures] == [
        "proposal 1 confirmed",
        "crisis recall on, level general, for all calls: 批次 7",
        "done: 核实情况: 属实",
    ]
    assert [(clock.state, clock.by, clock.note) for clock in found.clocks] == [("done", "李娜", "属实")]


def test_drills_are_not_in_it(room: Room) -> None:
    room.on(scope=Scope(drill=True))
    found = room.now()
    assert (found.crises, found.measures, found.clocks) == ((), (), ())


def test_alerts_on_which_somebody_must_decide_carry_it_and_others_do_not(room: Room) -> None:
    room.on()
    room.story.pass_time(600)
    room.now()
    assert [(one.kind, "# 态势报告" in one.text) for one in room.sent] == [
        *(("switched", True), ("clock begun", False)),
        ("clock overdue", True),
    ]
    report = room.sent[-1].text
    assert report.startswith("危机预案「产品召回」：")
    assert "核实情况（verify）：**逾期**" in report


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "zh",
            (
                *("# 态势报告 · huaxing · 2027-01-15 16:00", "**产品召回**（产品召回），级别：**一般**"),
                *("最近 15 分钟来电 2 通，平时来电量未知", "接通 0，未接通 1", "urgent：排队 1 人，最长已等 0 秒"),
                *("main → main.1：2", "起火：1", "张伟 启动预案 recall（一般）：批次 7", "## 待确认的提议\n- 无"),
            ),
        ),
        (
            "en",
            (
                *("# Situation · huaxing · 2027-01-15 16:00", "**产品召回** (recall), level **general**"),
                *("2 calls in the last 15 min; what is usual is not known", "0 answered, 1 not"),
                *(
                    "main → main.1: 2",
                    "张伟 crisis recall on, level general, for all calls: 批次 7",
                    "local: offline 2",
                ),
            ),
        ),
    ],
)
def test_it_reads_in_both_languages(room: Room, language: str, said: tuple[str, ...]) -> None:
    room.story.only_agents()
    room.on()
    comes(room, "1", "广东深圳")
    room.story.hang_up(comes(room, "1", "广东深圳"))
    report = in_markdown(room.now(), language)  # type: ignore[arg-type]
    for words in said:
        assert words in report
    assert "138" not in report


def test_against_what_is_usual_and_what_is_sent_over_a_wire_reads_the_same(room: Room) -> None:
    comes(room, "2")
    room.now()
    found = room.now()
    usual = msgspec.structs.replace(found, volume=msgspec.structs.replace(found.volume, usual=0.5))
    assert "平时约 0 通，为平时的 200%" in in_markdown(usual)
    never = msgspec.structs.replace(found, volume=msgspec.structs.replace(found.volume, usual=0.0))
    assert "usual is 0: - of that" in in_markdown(never, "en")
    sent = msgspec.json.decode(msgspec.json.encode(usual), type=Situation)
    assert in_markdown(sent) == in_markdown(usual)


def test_what_is_usual_is_told_as_soon_as_former_days_are_known(room: Room) -> None:
    comes(room, "1")
    assert room.now().volume.usual is None
    room.story.tell(UsualSeen(dict.fromkeys(map(str, range(1, 15)), (2,) * 288)))
    assert room.now().volume.usual == pytest.approx(6.0)
    assert "平时约 6 通，为平时的 17%" in in_markdown(room.now())


def test_what_is_remembered_stays_small_whatever_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heard_module, "MOST_COUNTED", 3)
    heard = heard_module.Heard(0.0, lambda _: "")
    for number in range(100):
        call = CallId(f"c.{number}")
        heard.hear(notices.KeyPressed(call, 1.0, StepName("main"), understood=True))
        heard.hear(notices.StepEntered(call, 1.0, StepName(f"s{number}")))
        heard.hear(notices.OverflowChanged(QueueName("q"), PoolName("p"), float(number), open=True, why="because"))
    assert (len(heard.choices), len(heard._keys)) == (3, 0)
    assert len(heard.measures) == heard_module.MOST_MEASURES
    assert (heard.measures[0].at, heard.measures[-1].at) == (0.0, 99.0)
    assert list(heard.opened) == [("q", "p")]
    heard.hear(notices.OverflowChanged(QueueName("q"), PoolName("p"), 100.0, open=False, why="because"))
    assert heard.opened == {}
