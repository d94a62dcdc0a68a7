"""How somebody who may listen is told how the hotline stands: each signal in each state."""

from dataclasses import replace

import pytest

from ivr_engine.dialplan.hotline import Text
from ivr_engine.model.ids import CallId, StepName
from ivr_engine.nodes._node import (
    Answer,
    Caller,
    GoTo,
    Hush,
    Keep,
    KeyUse,
    LookedUp,
    LookUp,
    Pressed,
    Private,
    Reply,
    Say,
    Signal,
    Spoken,
    Wait,
    Waited,
)
from ivr_engine.nodes.briefing import PATIENT_SECONDS, PIN, SITUATION, Briefing, Listening

CALLER = Caller(CallId("h-1.1"), 0.0, "4000000400", "138", "zh-CN", 0.0)
ASK, WRONG, END = (Text({"zh-CN": words}) for words in ("请输入密码。", "不对。", "结束请按井号键。"))
CALLS, SINCE = (
    Text({"zh-CN": "来电<briefing.calls as number>通。"}),
    Text({"zh-CN": "持续<briefing.since as duration>。"}),
)
NODE = Briefing(ask=ASK, report=(CALLS, SINCE, END), wrong=WRONG, failed=StepName("failed"), then=StepName("over"))
SILENT = Listening(speaking=False)
ASKED = replace(SILENT, asked=True)
KNOWN = replace(SILENT, known=True)
FORGET = Keep({PIN: ""}, secret=True)
WAIT = Wait(PATIENT_SECONDS)


def test_he_is_asked_where_nobody_else_hears_him() -> None:
    assert NODE.enter(CALLER) == Reply(Listening(), (Private(on=True), Say((ASK,))))


@pytest.mark.parametrize(
    ("state", "signal", "reply"),
    [
        (Listening(), Pressed("1"), Reply(replace(SILENT, typed="1"), (Hush(), WAIT), key=KeyUse.PART)),
        (replace(SILENT, typed="12"), Pressed("3"), Reply(replace(SILENT, typed="123"), (WAIT,), key=KeyUse.PART)),
        (replace(SILENT, typed="12"), Pressed("*"), Reply(SILENT, (WAIT,), key=KeyUse.PART)),
        (
            replace(SILENT, typed="12345"),
            Pressed("6"),
            Reply(ASKED, (Keep({PIN: "123456"}, secret=True), LookUp(SITUATION)), key=KeyUse.PART),
        ),
        (ASKED, Pressed("7"), Reply(ASKED, key=KeyUse.PART)),
        (ASKED, Waited(), Reply(ASKED)),
        (Listening(), Spoken(), Reply(SILENT, (WAIT,))),
        (SILENT, Waited(), Reply(Listening(wrongs=1), (Say((WRONG, ASK)),))),
        (replace(SILENT, wrongs=2), Waited(), Reply(Listening(wrongs=3), exit=GoTo(StepName("failed")))),
        (ASKED, LookedUp(Answer.FAILED), Reply(SILENT, (FORGET,), GoTo(StepName("failed")))),
        (ASKED, LookedUp(Answer.NOT_FOUND), Reply(Listening(wrongs=1), (FORGET, Say((WRONG, ASK))))),
        (
            replace(ASKED, wrongs=2),
            LookedUp(Answer.NOT_FOUND),
            Reply(Listening(wrongs=3), (FORGET,), GoTo(StepName("failed"))),
        ),
        (SILENT, LookedUp(Answer.FOUND), Reply(SILENT)),
        (replace(KNOWN, speaking=True), Spoken(), Reply(KNOWN, (WAIT,))),
        (KNOWN, Waited(), Reply(KNOWN, exit=GoTo(StepName("over")))),
        (KNOWN, Pressed("#"), Reply(KNOWN, (), GoTo(StepName("over")), KeyUse.CHOICE)),
        (
            replace(KNOWN, speaking=True),
            Pressed("#"),
            Reply(replace(KNOWN, speaking=True), (Hush(),), GoTo(StepName("over")), KeyUse.CHOICE),
        ),
        (KNOWN, Pressed("*"), Reply(replace(KNOWN, speaking=True), (Say((END,)),), key=KeyUse.CHOICE)),
        (KNOWN, Pressed("5"), Reply(KNOWN, (WAIT,), key=KeyUse.PART)),
        (replace(KNOWN, speaking=True), Pressed("5"), Reply(replace(KNOWN, speaking=True), key=KeyUse.PART)),
    ],
)
def test_each_signal(state: Listening, signal: Signal, reply: Reply) -> None:
    assert NODE.handle(state, signal, CALLER) == reply


def test_he_hears_the_sentences_of_which_everything_is_known_and_is_heard_again() -> None:
    values = {"briefing.calls": "12", "briefing.since": ""}
    reply = NODE.handle(ASKED, LookedUp(Answer.FOUND, values), CALLER)
    assert reply == Reply(replace(KNOWN, speaking=True), (FORGET, Keep(values), Private(on=False), Say((CALLS, END))))
    again = NODE.handle(KNOWN, Pressed("*"), replace(CALLER, values=values))
    assert again.orders == (Say((CALLS, END)),)


def test_what_is_typed_does_not_show_in_a_log() -> None:
    assert "1234" not in repr(replace(SILENT, typed="1234"))
