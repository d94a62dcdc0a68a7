"""How a caller types a number: what counts, what is asked again, what is kept, and what reaches Asterisk."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr_engine.dialplan.digits import DigitCount, digit_check
from ivr_engine.dialplan.hotline import Text
from ivr_engine.model.ids import CallId, StepName
from ivr_engine.nodes._node import (
    Caller,
    GoTo,
    Hush,
    Keep,
    KeyUse,
    Order,
    Pressed,
    Private,
    Reply,
    Say,
    Signal,
    Spoken,
    Wait,
    Waited,
)
from ivr_engine.nodes.collect import LAST_KEY_SECONDS, Collect, Typing
from ivr_engine.nodes.menu import Silence, Wrong

CALLER = Caller(call=CallId("h-1.1"), now=0.0, number="4000000400", caller="13800000000", language="en", arrived_at=0.0)
ASK, SORRY, RIGHT = Text({"en": "The order."}), Text({"en": "Sorry."}), Text({"en": "It is <order>. Right, 1."})
MAIN, QUIET, LOST = StepName("main"), StepName("quiet"), StepName("lost")


def collect(**more: Any) -> Collect:
    settings: dict[str, Any] = {
        "name": "order",
        "ask": ASK,
        "digits": DigitCount(3, 5),
        "silence": Silence(5, 1, QUIET),
        "wrong": Wrong(SORRY, 1, LOST),
        "then": MAIN,
    }
    return Collect(**settings | more)


class Visit:
    """A caller at one step, as the core treats him: one playback, one wait, any key ends the wait."""

    def __init__(self, node: Collect) -> None:
        self.node, self.orders, self.speaking, self.wait = node, list[Order](), False, 0.0
        self.kept: dict[str, str] = {}
        self.reply = Reply()
        self._take(node.enter(CALLER))

    def press(self, keys: str) -> "Visit":
        for key in keys:
            self.wait = 0.0
            self._tell(Pressed(key))
        return self

    def pass_time(self) -> "Visit":
        """What is said ends, or else the wait."""
        assert self.speaking or self.wait, "a caller is told something, or time runs: nobody waits for ever"
        signal: Signal = Spoken() if self.speaking else Waited()
        self.speaking, self.wait = False, self.wait if self.speaking else 0.0
        self._tell(signal)
        return self

    @property
    def gone(self) -> StepName | None:
        return self.reply.exit.step if isinstance(self.reply.exit, GoTo) else None

    def said(self) -> list[Text]:
        return [text for order in self.orders if isinstance(order, Say) for text in order.texts]

    def _tell(self, signal: Signal) -> None:
        assert self.reply.exit is None
        self._take(self.node.handle(self.reply.state, signal, CALLER))

    def _take(self, reply: Reply) -> None:
        self.reply = reply
        for order in reply.orders:
            self.orders.append(order)
            self.speaking = {Say: True, Hush: False}.get(type(order), self.speaking)
            if isinstance(order, Wait):
                self.wait = order.seconds
            if isinstance(order, Keep):
                self.kept.update(order.values)


def test_it_begins_by_asking() -> None:
    assert collect().enter(CALLER) == Reply(Typing(), (Say((ASK,)),))


def test_a_number_ends_at_its_greatest_length() -> None:
    visit = Visit(collect()).press("12345")
    assert (visit.gone, visit.kept) == (MAIN, {"order": "12345"})


def test_a_number_ends_when_no_further_key_comes() -> None:
    visit = Visit(collect(between_keys=3.5)).press("1234")
    assert (visit.gone, visit.wait) == (None, 3.5)
    assert (visit.pass_time().gone, visit.kept) == (MAIN, {"order": "1234"})


def test_a_number_ends_at_its_last_key() -> None:
    visit = Visit(collect(ends_with="#")).press("123#")
    assert (visit.gone, visit.kept) == (MAIN, {"order": "123"})


def test_the_last_key_behind_a_number_of_full_length_is_waited_for_a_moment() -> None:
    visit = Visit(collect(ends_with="#")).press("12345")
    assert (visit.gone, visit.wait) == (None, LAST_KEY_SECONDS)
    assert Visit(collect(ends_with="#")).press("12345#").kept == {"order": "12345"}
    assert (visit.pass_time().gone, visit.kept) == (MAIN, {"order": "12345"})


def test_a_number_that_is_too_long_is_asked_again() -> None:
    visit = Visit(collect(ends_with="#")).press("123456789#")
    assert (visit.gone, visit.kept, visit.said()) == (None, {}, [ASK, SORRY, ASK])
    assert visit.press("123#").kept == {"order": "123"}


@pytest.mark.parametrize("keys", ["12#", "12 "])
def test_a_number_that_is_too_short_is_asked_again(keys: str) -> None:
    visit = Visit(collect(ends_with="#")).press(keys.strip())
    if keys.endswith(" "):
        visit.pass_time()
    assert (visit.gone, visit.said()) == (None, [ASK, SORRY, ASK])


def test_typing_can_begin_anew_without_hearing_the_question_again() -> None:
    visit = Visit(collect()).press("99*12345")
    assert (visit.gone, visit.kept, visit.said()) == (MAIN, {"order": "12345"}, [ASK])


def test_the_star_may_end_a_number_instead() -> None:
    assert Visit(collect(ends_with="*")).press("123*").kept == {"order": "123"}


def test_a_number_that_fails_its_check_is_asked_again_and_then_given_up() -> None:
    visit = Visit(collect(check=digit_check("1.*"))).press("22345")
    assert (visit.gone, visit.said()) == (None, [ASK, SORRY, ASK])
    assert (visit.press("23456").gone, visit.kept) == (LOST, {})


def test_who_types_nothing_is_asked_again_and_then_given_up() -> None:
    visit = Visit(collect())
    for expected in (None, None, None, QUIET):
        assert visit.pass_time().gone == expected
    assert visit.said() == [ASK, ASK]


def test_silence_and_wrong_numbers_are_counted_apart() -> None:
    visit = Visit(collect()).pass_time().pass_time().press("1").pass_time()
    assert (visit.gone, visit.said()) == (None, [ASK, ASK, SORRY, ASK])


def test_digits_are_never_the_hotlines_key_for_a_person() -> None:
    state = collect().enter(CALLER).state
    for key in "0123456789":
        assert collect().handle(state, Pressed(key), CALLER).key is KeyUse.PART
        assert collect(barge_in=False).handle(state, Pressed(key), CALLER).key is KeyUse.PART


def test_keys_that_mean_nothing_here_may_be_the_hotlines_key_for_a_person() -> None:
    empty = collect(ends_with="#").enter(CALLER).state
    assert {collect(ends_with="#").handle(empty, Pressed(key), CALLER).key for key in "*#"} == {KeyUse.WRONG}
    typed = Visit(collect(ends_with="#")).press("12").reply.state
    assert collect(ends_with="#").handle(typed, Pressed("*"), CALLER).key is KeyUse.PART
    assert collect().handle(typed, Pressed("#"), CALLER).key is KeyUse.WRONG


@pytest.mark.parametrize("tries", [1, 0])
def test_the_last_key_of_a_wrong_number_is_not_the_hotlines_key_for_a_person(tries: int) -> None:
    ended = Visit(collect(ends_with="#", wrong=Wrong(SORRY, tries, LOST))).press("12#")  # too short
    failed = Visit(collect(check=digit_check("1.*"), wrong=Wrong(SORRY, tries, LOST))).press("23450")
    for visit in (ended, failed):
        assert visit.reply.key is KeyUse.PART
        assert visit.gone == (None if tries else LOST)


def test_no_key_of_a_number_counts_as_a_choice() -> None:
    visit = Visit(collect(confirm=RIGHT))
    for key in "12345" + "2" + "12345" + "1":
        visit.press(key)
        assert visit.reply.key is KeyUse.PART
    assert visit.gone == MAIN


def test_a_question_that_must_be_heard_takes_no_keys_before() -> None:
    visit = Visit(collect(barge_in=False)).press("99")
    assert visit.pass_time().press("12345").kept == {"order": "12345"}


def test_typing_hushes_once_and_orders_nothing_else_of_asterisk() -> None:
    visit = Visit(collect(digits=DigitCount(16, 20), ends_with="#"))
    visit.orders.clear()
    visit.press("1234567890123456#")
    assert [order for order in visit.orders if not isinstance(order, Wait | Keep)] == [Hush()]


# --- is it right? -------------------------------------------------------------------------------------------


def test_a_number_is_kept_before_it_is_said_again() -> None:
    visit = Visit(collect(confirm=RIGHT)).press("12345")
    assert visit.reply.orders[-2:] == (Keep({"order": "12345"}), Say((RIGHT,)))
    assert (visit.gone, visit.press("1").gone, visit.kept) == (None, MAIN, {"order": "12345"})


@pytest.mark.parametrize("key", ["2", "*"])
def test_a_number_that_is_not_right_is_forgotten_and_asked_again(key: str) -> None:
    visit = Visit(collect(confirm=RIGHT)).press("12345" + key)
    assert (visit.gone, visit.kept, visit.said()) == (None, {"order": ""}, [ASK, RIGHT, ASK])
    assert (visit.press("543211").gone, visit.kept) == (MAIN, {"order": "54321"})


def test_nobody_says_no_for_ever() -> None:
    assert Visit(collect(confirm=RIGHT)).press("12345" + "2" + "12345" + "2").gone == LOST


def test_the_last_key_pressed_once_more_is_no_answer() -> None:
    visit = Visit(collect(confirm=RIGHT, ends_with="#")).press("123##")
    assert (visit.gone, visit.said()) == (None, [ASK, RIGHT])
    assert visit.pass_time().press("#").pass_time().said() == [ASK, RIGHT, RIGHT]


def test_another_key_is_answered_by_the_same_question() -> None:
    visit = Visit(collect(confirm=RIGHT)).press("12345" + "7")
    assert (visit.gone, visit.said()) == (None, [ASK, RIGHT, SORRY, RIGHT])
    assert (visit.press("7").gone, visit.kept) == (LOST, {"order": ""})


def test_who_does_not_answer_is_given_up_and_his_number_forgotten() -> None:
    visit = Visit(collect(confirm=RIGHT)).press("12345")
    while visit.gone is None:
        visit.pass_time()
    assert (visit.gone, visit.kept, visit.said()) == (QUIET, {"order": ""}, [ASK, RIGHT, RIGHT])


# --- secrets ------------------------------------------------------------------------------------------------


def test_a_secret_is_hidden_before_it_is_asked_for_and_kept_as_one() -> None:
    visit = Visit(collect(sensitive=True))
    assert visit.reply.orders == (Private(on=True), Say((ASK,)))
    assert visit.press("12345").reply.orders == (Keep({"order": "12345"}, secret=True),)


def test_a_traceback_does_not_show_what_was_typed() -> None:
    assert "1234" not in repr(Visit(collect(sensitive=True)).press("1234").reply.state)


@given(
    keys=st.lists(st.sampled_from([*"0129*#", "time"]), max_size=60),
    more=st.fixed_dictionaries(
        {
            "ends_with": st.sampled_from([None, "#", "*"]),
            "confirm": st.sampled_from([None, RIGHT]),
            "barge_in": st.booleans(),
            "sensitive": st.booleans(),
        }
    ),
)
def test_nobody_is_left_without_an_end(keys: list[str], more: dict[str, Any]) -> None:
    visit = Visit(collect(**more))
    for key in [*keys, *["time"] * 30]:
        if visit.gone:
            break
        visit = visit.pass_time() if key == "time" else visit.press(key)
        assert visit.gone or visit.speaking or visit.wait, "nobody waits for ever"
    assert visit.gone in {MAIN, QUIET, LOST}
    if visit.gone == MAIN:
        assert 3 <= len(visit.kept["order"]) <= 5
    else:
        assert not visit.kept.get("order")
