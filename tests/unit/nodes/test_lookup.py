"""What a caller hears while another system is asked about him, and where he goes with its answer."""

import pytest

from ivr_engine.dialplan.hotline import Text
from ivr_engine.model.ids import CallId, LookupName, StepName
from ivr_engine.nodes._node import (
    Answer,
    Caller,
    GoTo,
    Keep,
    LookedUp,
    LookUp,
    Pressed,
    Reply,
    Say,
    Signal,
    Spoken,
    Wait,
    Waited,
)
from ivr_engine.nodes.lookup import PATIENT_SECONDS, Asking, Lookup

CALLER = Caller(call=CallId("h-1.1"), now=0.0, number="400", caller="138", language="en", arrived_at=0.0)
PROMPT, CUSTOMER = Text({"en": "One moment."}), LookupName("customer")
SALES, QUIET, LOST = StepName("sales"), StepName("quiet"), StepName("lost")
LOUD = Lookup(lookup=CUSTOMER, say=PROMPT, then=SALES, failed=LOST)
SILENT = Lookup(lookup=CUSTOMER, then=SALES, not_found=QUIET, failed=LOST)
ASK, PATIENCE = Say((PROMPT,)), Wait(PATIENT_SECONDS)
ASKING, IN_WORDS, TOLD = Asking(), Asking(speaking=True, told=True), Asking(told=True)
HEARS_IT_OUT = Asking(speaking=True, told=True, onward=SALES)
KEEP, FORGET = Keep({"tier": "gold"}), Keep({"tier": ""})
GOLD, NOBODY = LookedUp(Answer.FOUND, KEEP.values), LookedUp(Answer.NOT_FOUND, FORGET.values)
NO_ANSWER = LookedUp(Answer.FAILED, FORGET.values)


def test_it_asks_at_once() -> None:
    assert LOUD.enter(CALLER) == Reply(ASKING, (LookUp(CUSTOMER), PATIENCE))
    assert SILENT.enter(CALLER) == Reply(ASKING, (LookUp(CUSTOMER),))


@pytest.mark.parametrize(
    ("node", "state", "signal", "reply"),
    [
        # The answer comes before anybody had to be asked for patience.
        (LOUD, ASKING, GOLD, Reply(ASKING, (KEEP,), GoTo(SALES))),
        (LOUD, ASKING, NO_ANSWER, Reply(ASKING, (FORGET,), GoTo(LOST))),
        (LOUD, ASKING, NOBODY, Reply(ASKING, (FORGET,), GoTo(LOST))),
        (SILENT, ASKING, NOBODY, Reply(ASKING, (FORGET,), GoTo(QUIET))),
        # It takes long: words, heard to their end, once.
        (LOUD, ASKING, Waited(), Reply(IN_WORDS, (ASK,))),
        (LOUD, IN_WORDS, GOLD, Reply(HEARS_IT_OUT, (KEEP,))),
        (LOUD, HEARS_IT_OUT, Spoken(), Reply(HEARS_IT_OUT, (), GoTo(SALES))),
        (LOUD, IN_WORDS, Spoken(), Reply(TOLD)),
        (LOUD, TOLD, GOLD, Reply(TOLD, (KEEP,), GoTo(SALES))),
        (LOUD, TOLD, Waited(), Reply(TOLD)),
        # A key ends the wait, and means nothing.
        (LOUD, ASKING, Pressed("1"), Reply(ASKING, (PATIENCE,))),
        (LOUD, IN_WORDS, Pressed("1"), Reply(IN_WORDS)),
        (LOUD, HEARS_IT_OUT, Pressed("1"), Reply(HEARS_IT_OUT)),
        (SILENT, ASKING, Pressed("1"), Reply(ASKING)),
        (SILENT, ASKING, Waited(), Reply(ASKING)),
    ],
)
def test_it_answers(node: Lookup, state: Asking, signal: Signal, reply: Reply) -> None:
    assert node.handle(state, signal, CALLER) == reply
