"""How a caller leaves a message, and which number he may be called back at."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr_engine.dialplan.hotline import Text
from ivr_engine.model.ids import CallId, QueueName, StepName
from ivr_engine.nodes._node import (
    Caller,
    GoTo,
    HangUp,
    Hush,
    KeyUse,
    MessageTaken,
    Pressed,
    Reply,
    RequestCallBack,
    Say,
    Signal,
    Spoken,
    TakeMessage,
    Wait,
    Waited,
)
from ivr_engine.nodes.callback import Callback, Confirm, dialable
from ivr_engine.nodes.menu import Listening
from ivr_engine.nodes.voicemail import Leaving, Part, TooShort, Voicemail

ASK, SORRY, THANKS = Text({"en": "Speak."}), Text({"en": "We heard nothing."}), Text({"en": "Thanks."})
RIGHT = Text({"en": "We call <caller>. Right, 1."})
SALES, BYE, OTHER, LOST = StepName("sales"), StepName("bye"), StepName("other"), StepName("otherwise")
QUEUE = QueueName("complaint")
TAKE = TakeMessage(QUEUE, 90, 4)


def calling(caller: str) -> Caller:
    return Caller(CallId("h-1.1"), 0.0, "400", caller, "en", 0.0, values={"caller": caller, "phone": "01088886666"})


CALLER = calling("13800000000")


def voicemail(**more: Any) -> Voicemail:
    settings: dict[str, Any] = {"queue": QUEUE, "say": ASK, "longest": 90, "quiet": 4, "thanks": THANKS}
    return Voicemail(**settings | {"too_short": TooShort(2, SORRY, 1)} | more)


ASKED, SPEAKING = Leaving(), Leaving(Part.SPEAKING)
STOPPING, THANKED = Leaving(Part.STOPPING), Leaving(Part.THANKED)


@pytest.mark.parametrize(
    ("state", "signal", "reply"),
    [
        # He is told what to do; the key that ends a message also ends the telling, for those who know.
        (ASKED, Spoken(), Reply(SPEAKING, (TAKE,))),
        (ASKED, Pressed("#"), Reply(SPEAKING, (Hush(), TAKE), key=KeyUse.PART)),
        (ASKED, Pressed("5"), Reply(ASKED)),
        # He speaks, until he presses the key, or is silent.
        (SPEAKING, Pressed("5"), Reply(SPEAKING)),
        (SPEAKING, Pressed("#"), Reply(STOPPING, (Hush(),), key=KeyUse.PART)),
        (STOPPING, Pressed("#"), Reply(STOPPING)),
        (SPEAKING, MessageTaken(12), Reply(THANKED, (Say((THANKS,)),))),
        (STOPPING, MessageTaken(12), Reply(THANKED, (Say((THANKS,)),))),
        (THANKED, Spoken(), Reply(THANKED, exit=HangUp())),
        # Hardly a word: once more, and then on all the same.
        (SPEAKING, MessageTaken(1.9), Reply(Leaving(Part.ASKED, 1), (Say((SORRY, ASK)),))),
        (Leaving(Part.SPEAKING, 1), MessageTaken(0), Reply(Leaving(Part.SPEAKING, 2), exit=HangUp())),
        (Leaving(Part.SPEAKING, 1), MessageTaken(2), Reply(Leaving(Part.THANKED, 1), (Say((THANKS,)),))),
        # What comes late changes nothing.
        (SPEAKING, Spoken(), Reply(SPEAKING)),
        (ASKED, MessageTaken(9), Reply(ASKED)),
        (THANKED, MessageTaken(9), Reply(THANKED)),
        (SPEAKING, Waited(), Reply(SPEAKING)),
    ],
)
def test_voicemail_answers(state: Leaving, signal: Signal, reply: Reply) -> None:
    assert voicemail().handle(state, signal, CALLER) == reply


def test_a_message_begins_with_words_and_leads_where_its_author_says() -> None:
    node = voicemail(then=BYE, too_short=TooShort(2, None, 0, SALES))
    assert node.enter(CALLER) == Reply(ASKED, (Say((ASK,)),))
    assert node.handle(THANKED, Spoken(), CALLER).exit == GoTo(BYE)
    assert node.handle(SPEAKING, MessageTaken(1), CALLER).exit == GoTo(SALES)
    assert voicemail(thanks=None, then=BYE).handle(SPEAKING, MessageTaken(3), CALLER).exit == GoTo(BYE)
    assert voicemail(then=BYE).handle(Leaving(Part.SPEAKING, 1), MessageTaken(1), CALLER).exit == GoTo(BYE)
    again = voicemail(too_short=TooShort()).handle(SPEAKING, MessageTaken(0), CALLER)
    assert again.orders == (Say((ASK,)),)


@given(repeat=st.integers(0, 3), said=st.lists(st.floats(0, 200), min_size=5, max_size=5))
def test_nobody_is_asked_for_a_message_for_ever(repeat: int, said: list[float]) -> None:
    node = voicemail(too_short=TooShort(2, SORRY, repeat))
    reply, taken = node.enter(CALLER), 0
    while reply.exit is None:
        if reply.orders == (TAKE,):
            taken += 1
            reply = node.handle(reply.state, MessageTaken(said[taken - 1]), CALLER)
        else:
            assert isinstance(reply.orders[0], Say)
            reply = node.handle(reply.state, Spoken(), CALLER)
    assert taken <= 1 + repeat
    assert taken == 1 + repeat or said[taken - 1] >= 2


# --- wishes to be called back -------------------------------------------------------------------------------


def callback(**more: Any) -> Callback:
    settings: dict[str, Any] = {"queue": QUEUE, "no_number": OTHER, "then": BYE}
    return Callback(**settings | more)


def test_a_number_that_was_confirmed_before_is_taken_down_at_once() -> None:
    reply = callback(number="phone").enter(CALLER)
    assert reply == Reply(orders=(RequestCallBack(QUEUE, "01088886666"),), exit=GoTo(BYE))


@pytest.mark.parametrize("caller", ["", "anonymous", "110", "+85212345678", "95588"])
def test_a_caller_whom_nobody_should_call_back_goes_elsewhere(caller: str) -> None:
    for node in (callback(), callback(confirm=Confirm(say=RIGHT))):
        assert node.enter(calling(caller)) == Reply(exit=GoTo(OTHER))
    assert callback(number="nothing").enter(CALLER).exit == GoTo(OTHER)


def test_a_caller_is_asked_and_agrees_or_goes_elsewhere() -> None:
    node = callback(confirm=Confirm(say=RIGHT, keys={"2": OTHER}))
    asked = node.enter(CALLER)
    assert asked == Reply(Listening(), (Say((RIGHT,)),))
    agreed = node.handle(asked.state, Pressed("1"), CALLER)
    assert agreed.orders == (Hush(), RequestCallBack(QUEUE, "13800000000"))
    assert (agreed.exit, agreed.key) == (GoTo(BYE), KeyUse.CHOICE)
    other = node.handle(asked.state, Pressed("2"), CALLER)
    assert (other.orders, other.exit) == ((Hush(),), GoTo(OTHER))


def test_a_caller_who_is_silent_or_wrong_is_borne_with_as_in_a_menu() -> None:
    node = callback(confirm=Confirm(say=RIGHT))
    reply = node.enter(CALLER)
    for _ in range(3):
        reply = node.handle(reply.state, Spoken(), CALLER)
        assert reply.orders == (Wait(5.0),)
        reply = node.handle(reply.state, Waited(), CALLER)
    assert reply.exit == GoTo(LOST)
    assert node.handle(Listening(), Pressed("9"), CALLER).orders == (Say((RIGHT,)),)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("13800000000", "13800000000"),
        ("+8613800000000", "13800000000"),
        ("008613800000000", "13800000000"),
        ("8613800000000", "13800000000"),
        ("013800000000", "13800000000"),
        ("01088886666", "01088886666"),
        ("+861088886666", "01088886666"),
        ("+8675588886666", "075588886666"),
        ("03518666666", "03518666666"),
    ],
)
def test_a_number_is_taken_down_as_it_is_dialled(written: str, number: str) -> None:
    assert dialable(written) == number


@pytest.mark.parametrize(
    "written",
    [
        *("", "0", "110", "12345", "95588", "4008001234", "1380000000", "138000000000", "13800000000,1"),
        *("010168168168", "01016816888", "16816888", "0101234567"),  # premium services, behind an area code or not
        *("00852123456", "+85212345678", "+8821612345678", "0019001234567", "+86+85212345", "+8610110"),
        "１３８００００００００",
        "13800000000\n",
    ],
)
def test_no_other_number_is_ever_taken_down(written: str) -> None:
    assert dialable(written) is None


def test_numbers_abroad_are_taken_down_where_the_file_says_so() -> None:
    assert dialable("+85212345678", ("+852",)) == dialable("0085212345678", ("00852",)) == "0085212345678"
    assert dialable("+85312345678", ("+852",)) is None
    assert dialable("+852" + "1" * 20, ("+852",)) is None
    assert dialable("+852123x", ("+852",)) is None
    assert callback(also=("+852",)).enter(calling("+85212345678")).exit == GoTo(BYE)


@given(st.text(max_size=25))
def test_what_is_taken_down_is_digits_only(written: str) -> None:
    number = dialable(written, ("+852",))
    assert number is None or (number.isascii() and number.isdecimal())
