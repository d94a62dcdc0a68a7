import json

import pytest

from ivr_engine.model import notices
from ivr_engine.model.agents import Duty
from ivr_engine.model.causes import CalledBack, LegEnd, Outcome
from ivr_engine.model.crises import CrisisState
from ivr_engine.model.ids import CallId, DestinationName, MessageId, PoolName, QueueName, SeatId, StepName, WishId
from ivr_engine.model.screens import ShownCall
from ivr_engine.mqtt.messages import Message, drill_prefix, message
from ivr_engine.mqtt.outbox import Outbox

CALL = CallId("hotline-1.1")
CALLER = "13812345678"
RECORD = notices.CallRecord(CALL, "4001", CALLER, "normal", Outcome.ANSWERED, 1.0, 2.0)
STAGES: list[tuple[notices.AnyNotice, str]] = [
    (notices.Arrived(CALL, 1.0, "4001", CALLER, "normal"), "arrived"),
    (notices.StepEntered(CALL, 1.0, StepName("main")), "step"),
    (notices.KeyPressed(CALL, 1.0, StepName("main"), understood=True), "key"),
    (notices.Queued(CALL, 1.0, QueueName("urgent"), 2), "queued"),
    (notices.Offered(CALL, 1.0, QueueName("urgent"), PoolName("local"), SeatId("1001"), overflow=False), "offered"),
    (notices.Ringing(CALL, 1.0, SeatId("1001"), 0.5), "ringing"),
    (notices.OfferEnded(CALL, 1.0, SeatId("1001"), LegEnd.BUSY), "offer-ended"),
    (notices.Connected(CALL, 1.0, QueueName("urgent"), PoolName("local"), SeatId("1001"), 2.5), "connected"),
    (notices.ArmTaken(CALL, 1.0, StepName("greeting"), "short"), "arm"),
    (notices.Transferred(CALL, 1.0, DestinationName("police"), ok=True), "transferred"),
    (notices.Held(CALL, 1.0, SeatId("1001"), on=True), "held"),
    (notices.SecondLine(CALL, 1.0, SeatId("1001"), SeatId("1002"), "there"), "second-line"),
    (notices.HandedOn(CALL, 1.0, SeatId("1001"), "general"), "handed-on"),
    (notices.Listened(CALL, 1.0, SeatId("1001"), SeatId("1900"), "whisper"), "listened"),
    (notices.Disposed(CALL, 1.0, SeatId("1001"), "solved"), "disposed"),
    (notices.Disposed(CALL, 1.0, SeatId("1001"), "solved", RECORD), "disposed"),
    (notices.Ended(CALL, 2.0, RECORD), "ended"),
    (notices.Moved(CALL, 1.0, "recall", "normal"), "moved"),
    (notices.Announced(CALL, 1.0, "recall", "on"), "announced"),
]
QUEUE = QueueName("urgent")
LEFT: list[tuple[notices.AnyNotice, str]] = [
    (notices.MessageLeft(CALL, 1.0, QUEUE, MessageId("hotline-1.1.message-urgent-3"), 4.5), "messages"),
    (notices.CallBackRequested(CALL, 1.0, QUEUE, CALLER, WishId("hotline-1.1.wish4"), 0.5), "callbacks"),
    (notices.CallBackTried(CALL, 1.0, QUEUE, WishId("hotline-1.1.wish4"), 2, CalledBack.REACHED), "called-back"),
]
SHOWN = ShownCall(
    *(CALL, CALLER, "4001", QUEUE, PoolName("local"), "zh-CN", 0.5),
    values={"name": "Wang", "mobile": f"0086{CALLER}"},
)
STATES: list[tuple[notices.AnyNotice, str]] = [
    (notices.PoolChanged(PoolName("local"), 1.0, 1, 2, 3, 4, 5), "ivr/pools/local"),
    (notices.AgentChanged(SeatId("1001"), PoolName("local"), 1.0, "paused", Duty("paused", "Li")), "ivr/agents/1001"),
    (notices.CallShown(SeatId("1001"), 1.0, SHOWN), "ivr/agents/1001/call"),
    (notices.CallShown(SeatId("1001"), 1.0, None), "ivr/agents/1001/call"),
    (notices.QueueChanged(QueueName("urgent"), 1.0, 3, 0.5), "ivr/queues/urgent"),
    (notices.PoolHealthChanged(PoolName("wuhan"), 1.0, False, "it fails"), "ivr/pools/wuhan/health"),
    (notices.OverflowChanged(QUEUE, PoolName("wuhan"), 1.0, True, "too many"), "ivr/overflow/urgent/wuhan"),
    (notices.CrisisStateChanged(1.0, CrisisState()), "ivr/crisis"),
    (notices.LinkChanged(True, 1.0, 2, 0), "ivr/link"),
]


@pytest.mark.parametrize(("notice", "stage"), STAGES)
def test_a_stage_is_told_once_and_never_with_the_number(notice: notices.AnyNotice, stage: str) -> None:
    said = message("ivr", notice)
    assert said is not None
    assert (said.topic, said.retain) == (f"ivr/calls/hotline-1.1/{stage}", False)
    assert json.loads(said.payload)["stage"] == stage
    assert "type" not in json.loads(said.payload)
    assert CALLER.encode() not in said.payload


def test_every_stage_of_the_model_has_a_name() -> None:
    assert {type(notice) for notice, _ in STAGES + LEFT} == set(notices.CallStage.__subclasses__())


@pytest.mark.parametrize(("notice", "kind"), LEFT)
def test_what_a_caller_leaves_is_told_to_the_people_of_its_queue(notice: notices.AnyNotice, kind: str) -> None:
    said = message("ivr", notice)
    assert said is not None
    assert (said.topic, said.retain) == (f"ivr/{kind}/urgent", False)
    assert json.loads(said.payload)["call"] == CALL
    assert CALLER.encode() not in said.payload


def test_the_masked_number_still_tells_callers_apart() -> None:
    last = next(one for one, stage in STAGES if stage == "ended")
    arrived, ended = message("ivr", STAGES[0][0]), message("ivr", last)
    assert arrived is not None
    assert ended is not None
    assert json.loads(arrived.payload)["caller"] == "138****5678"
    assert json.loads(ended.payload)["record"]["caller"] == "138****5678"


@pytest.mark.parametrize(("notice", "topic"), STATES)
def test_a_state_is_retained(notice: notices.AnyNotice, topic: str) -> None:
    said = message("ivr", notice)
    assert said is not None
    assert (said.topic, said.retain) == (topic, True)


def test_a_screen_shows_the_number_only_if_that_is_wanted() -> None:
    shown = notices.CallShown(SeatId("1001"), 1.0, SHOWN)
    hidden, whole = message("ivr", shown), message("ivr", shown, whole_numbers=True)
    assert hidden is not None
    assert whole is not None
    assert CALLER.encode() not in hidden.payload, "not in what is kept of him either"
    call = json.loads(hidden.payload)["call"]
    assert (call["caller"], call["values"]["name"]) == ("138****5678", "Wang")
    assert json.loads(whole.payload)["call"]["caller"] == CALLER


def test_what_people_are_told_names_groups_and_is_told_once() -> None:
    raised = message("ivr", notices.AlertRaised("a1", 1.0, ("duty",), "switched", "Recall", "# Situation"))
    sent = message("ivr", notices.AlertSent("a1", 2.0, "138****5678", "duty-sms", ok=True))
    assert raised is not None
    assert sent is not None
    assert (raised.topic, raised.retain, sent.topic, sent.retain) == (
        "ivr/alert/raised",
        False,
        "ivr/alert/sent",
        False,
    )
    assert json.loads(raised.payload)["to"] == ["duty"]
    assert json.loads(sent.payload)["to"] == "138****5678"


def test_trouble_stays_on_this_machine() -> None:
    assert message("ivr", notices.Trouble(1.0, notices.TroubleKind.JOIN_FAILED, "what 13812345678 did", CALL)) is None


def test_a_name_cannot_reach_into_other_topics() -> None:
    said = message("ivr", notices.PoolChanged(PoolName("a/b+#"), 1.0, 0, 0, 0, 0, 0))
    assert said is not None
    assert said.topic == "ivr/pools/a_b__"


def state(topic: str, text: str) -> Message:
    return Message(topic, text.encode(), retain=True)


def stage(text: str) -> Message:
    return Message("calls", text.encode(), retain=False)


def everything(outbox: Outbox) -> list[str]:
    said = []
    while (taken := outbox.take()) is not None:
        said.append(taken.payload.decode())
    return said


def test_states_go_first_and_only_the_latest_counts() -> None:
    outbox = Outbox(limit=9)
    for each in (stage("s1"), state("a", "a1"), state("b", "b1"), stage("s2"), state("a", "a2")):
        assert outbox.put(each) == 0
    assert len(outbox) == 4
    assert everything(outbox) == ["a2", "b1", "s1", "s2"]
    outbox.repeat_states()
    assert everything(outbox) == ["a2", "b1"]


def test_when_full_the_oldest_stages_go_and_no_state_does() -> None:
    outbox = Outbox(limit=2)
    dropped = [outbox.put(stage(str(number))) for number in range(4)]
    outbox.put(state("a", "a1"))
    assert dropped == [0, 0, 1, 1]
    assert everything(outbox) == ["a1", "2", "3"]


def test_what_could_not_be_sent_comes_again_in_its_old_place() -> None:
    outbox = Outbox(limit=2)
    outbox.put(stage("1"))
    outbox.put(stage("2"))
    first = outbox.take()
    assert first is not None
    outbox.put_back(first)
    assert everything(outbox) == ["1", "2"]
    outbox.put(state("a", "a1"))
    taken = outbox.take()
    assert taken is not None
    outbox.put(state("a", "a2"))
    outbox.put_back(taken)
    assert everything(outbox) == ["a2"]


@pytest.mark.parametrize(("notice", "stage"), [*STAGES, *LEFT])
def test_what_is_told_of_drills_has_topics_of_its_own(notice: notices.AnyNotice, stage: str) -> None:
    ordinary, said = message("ivr", notice), message(drill_prefix("ivr"), notice)
    assert ordinary is not None
    assert said is not None
    assert said.topic == ordinary.topic.replace("ivr/", "ivr/drill/", 1)
    assert stage in said.topic
