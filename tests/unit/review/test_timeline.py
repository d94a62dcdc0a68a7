"""Every moment of an incident is told in words, with the time it took; hostile words stay words."""

import pytest

from ivr_engine.model import alarms, notices
from ivr_engine.model.commands import Play
from ivr_engine.model.crises import Proposal, RunningClock, Switch
from ivr_engine.model.events import PromptFinished
from ivr_engine.model.ids import AskId, CallId, PlayId, PoolName, QueueName, SeatId, StepName
from ivr_engine.model.orders import SignalSeen
from ivr_engine.model.prompt import Prompt
from ivr_engine.review import told_as_markdown, told_as_page
from ivr_engine.simulator.replay import Begun, Lived
from tests.unit.review.made import NOON, gathered, lived, reviewed

HOSTILE = "<script>alert(1)</script>"
RECALL = Proposal("p1", Switch("recall", level="major"), "trigger surge", "300 calls", NOON + 60, NOON + 900)


def an_incident() -> list[Lived]:
    on = alarms.CrisisChanged("recall", NOON + 180, "wang", HOSTILE, level="major")
    caller, waiting = CallId("h-1.1"), CallId("h-2.1")
    hello = Play(caller, PlayId("h-1.1.play1"), (Prompt("zh-CN", "召回专线"),))
    told = Play(waiting, PlayId("h-2.1.play9"), (Prompt("zh-CN", "已启动召回"),))
    return [
        lived(0, alarms.TriggerChanged("surge", NOON, "fired", 300.0, 200.0, "300 calls in 5 min")),
        lived(60, alarms.CrisisProposed(NOON + 60, RECALL)),
        lived(170, notices.Arrived(waiting, NOON + 170, "400", "", "normal"), drill=False),
        lived(180, alarms.ProposalClosed(NOON + 180, RECALL, "confirmed", "wang"), on),
        Lived(
            NOON + 180,
            SignalSeen("monitor", "7", "grafana", 2, "call 13812345678 now"),
            [told, *lived(180, alarms.Announced(waiting, NOON + 180, "recall", "on")).orders],
        ),
        Lived(
            NOON + 185,
            SignalSeen("monitor", "8", "grafana"),
            [
                *lived(185, notices.Arrived(caller, NOON + 185, "400", "", "recall")).orders,
                *lived(185, notices.StepEntered(caller, NOON + 185, StepName("hello"))).orders,
                hello,
            ],
        ),
        lived(192, event=PromptFinished(waiting, told.play, heard=True)),
        lived(200, notices.OverflowChanged(QueueName("general"), PoolName("chengdu"), NOON + 200, True, "40 wait")),
        lived(300, notices.LinkChanged(False, NOON + 300)),
        lived(900, alarms.CrisisChanged("recall", NOON + 900, "wang", "over", on=False)),
    ]


def test_the_steps_that_must_go_fast_are_measured() -> None:
    steps = reviewed(an_incident()).steps
    assert (steps.sign, steps.proposed, steps.confirmed, steps.on) == (NOON, NOON + 60, NOON + 180, NOON + 180)
    assert (steps.first_heard, steps.all_told, steps.off) == (NOON + 185, NOON + 192, NOON + 900)


def test_moments_come_in_order_with_minutes_since_the_first_sign() -> None:
    text = told_as_markdown(reviewed(an_incident()))
    parts = [
        "trigger surge fired",
        "trigger surge proposes",
        "confirmed by wang, after 2 min 00 s",
        "| crisis recall on, level major",
        "pool chengdu opens to general: 40 wait",
        "link to Asterisk lost",
        "| crisis recall off",
    ]
    places = [text.index(part) for part in parts]
    assert places == sorted(places)
    assert "| 12:03:20 | +3.3 | pool chengdu opens" in text


def test_who_waited_was_told_and_heard_it() -> None:
    one = reviewed(an_incident())
    (told,) = one.gathered.heard.told
    assert (told.callers, told.heard, told.last_heard) == (1, 1, NOON + 192)
    assert "1 who waited were told (recall on): 1 heard it to the end, the last at 12:03:12" in told_as_markdown(one)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_hostile_words_stay_words_and_numbers_are_masked(lang: str) -> None:
    one = reviewed(an_incident(), lang=lang)
    for text in (told_as_page(one), told_as_markdown(one)):
        assert "<script>" not in text
        assert "&lt;script>" in text or "&lt;script&gt;" in text
        assert "13812345678" not in text
        assert "138****5678" in text


def test_every_kind_of_moment_has_words_in_both_languages() -> None:
    clock = RunningClock("recall", "verify", "major", NOON, NOON + 600, done_at=NOON + 700, done_by="li")
    several: list[notices.AnyNotice] = [
        alarms.ClockChanged(NOON, clock, "begun"),
        alarms.ClockChanged(NOON, clock, "overdue", "verify it"),
        alarms.ClockChanged(NOON, clock, "done"),
        alarms.ClockChanged(NOON, clock, "ended"),
        *(
            alarms.StatusChanged("recall", NOON, "li", how, {"zh-CN": "修复中"})
            for how in ("set", "stale", "withdrawn")
        ),
        alarms.ArmChanged(StepName("layout"), "short", NOON, "stopped", why="worse"),
        alarms.CrisisAnswered(AskId("a"), NOON, "li", "recall on", ok=False, why="may not: ask"),
        notices.PoolHealthChanged(PoolName("chengdu"), NOON, False, "failed"),
        notices.LinkChanged(True, NOON, 3, 1),
        notices.DialplanChanged("v2", NOON, "li", "v1"),
        notices.CanaryChanged("v2", NOON, "stopped", 10, "li", "worse", 1, 1, 1, 1, 0.1),
        notices.CallsMissed(SeatId("1001"), PoolName("local"), NOON, 3),
        alarms.TriggerChanged("surge", NOON, "over", 1.0, 2.0, "calm"),
    ]
    switched = alarms.CrisisChanged("recall", NOON, "li", "why")
    chinese, english = (reviewed([lived(0, switched, *several)], lang=lang).moments for lang in ("zh", "en"))
    assert len(chinese) == len(english) == len(several) + 1
    assert all(one.words != other.words for one, other in zip(chinese, english, strict=True))
    assert any("1 min 40 s late" in one.words for one in english)


def test_another_engine_and_seats_lost_at_once_are_moments() -> None:
    def pool(at: float, ready: int, offline: int) -> Lived:
        return lived(at, notices.PoolChanged(PoolName("local"), NOON + at, ready, 0, 0, 0, offline))

    gathering = gathered(
        [lived(0, alarms.CrisisChanged("recall", NOON, "li", "why")), pool(10, 20, 0), pool(20, 5, 15)]
    )
    gathering.take(Begun("v9", known=False))
    words = [one.words for one in reviewed([pool(30, 5, 15)], gathering).moments]
    assert "pool local lost 15 of 20 seats within a minute" in words
    assert "engine began anew (version v9)" in words
    assert list(gathering.missing) == ["v9"]
