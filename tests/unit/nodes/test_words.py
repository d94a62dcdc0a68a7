"""What each word does with every signal, row by row."""

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr_engine.dialplan.digits import DigitCount
from ivr_engine.dialplan.hotline import Facilities, Text
from ivr_engine.dialplan.hours import Hours as OpeningHours
from ivr_engine.dialplan.hours import Span
from ivr_engine.model.ids import CallId, DestinationName, LookupName, QueueName, ShiftName, StepName
from ivr_engine.nodes import NODE_TYPES
from ivr_engine.nodes._conditions import When
from ivr_engine.nodes._node import (
    Caller,
    CallFlow,
    Endings,
    GoTo,
    HangUp,
    Hush,
    JoinQueue,
    Keep,
    KeyUse,
    MessageTaken,
    Node,
    Pressed,
    Reply,
    Say,
    Signal,
    Speak,
    Spoken,
    TakeArm,
    Wait,
    Waited,
)
from ivr_engine.nodes._node import Transfer as TransferTo
from ivr_engine.nodes.briefing import Briefing
from ivr_engine.nodes.call import Call
from ivr_engine.nodes.callback import Callback, Confirm
from ivr_engine.nodes.classify import Classify, Rule
from ivr_engine.nodes.collect import Collect
from ivr_engine.nodes.enqueue import Enqueue, TooLong
from ivr_engine.nodes.goto import Goto
from ivr_engine.nodes.hangup import Hangup
from ivr_engine.nodes.hours import Hours
from ivr_engine.nodes.language import Language
from ivr_engine.nodes.lookup import Lookup
from ivr_engine.nodes.menu import Listening, Menu, Silence, Wrong
from ivr_engine.nodes.remember import Set, Tag
from ivr_engine.nodes.say import Say as SayNode
from ivr_engine.nodes.split import Arm, Split
from ivr_engine.nodes.status import Status
from ivr_engine.nodes.transfer import Transfer
from ivr_engine.nodes.voicemail import Voicemail

OFFICE = ShiftName("office")
CALLER = Caller(
    call=CallId("h-1.1"),
    now=0.0,
    number="4000000400",
    caller="13800000000",
    language="en",
    arrived_at=0.0,
    facilities=Facilities(OpeningHours(shifts={OFFICE: (Span(),)})),
)
PROMPT, SORRY = Text({"en": "Questions 1."}), Text({"en": "Sorry."})
POLICE = DestinationName("police")
SALES, QUIET, LOST = StepName("sales"), StepName("quiet"), StepName("lost")
MENU = Menu(
    prompt=PROMPT,
    keys={"1": SALES},
    silence=Silence(after=5, repeat=1, then=QUIET),
    wrong=Wrong(say=SORRY, repeat=1, then=LOST),
)
YESTERDAY, TOMORROW = (datetime.fromisoformat(day) for day in ("1969-12-31", "1970-01-02"))
SPEAKING, WAITING = Listening(), Listening(speaking=False)
ASK, ASK_AGAIN = Say((PROMPT,)), Say((SORRY, PROMPT))
SIGNALS: list[Signal] = [Spoken(), Waited(), Pressed("1"), Pressed("*"), MessageTaken(3.0)]


def test_a_menu_begins_by_saying_what_there_is() -> None:
    assert MENU.enter(CALLER) == Reply(SPEAKING, (ASK,))


@pytest.mark.parametrize(
    ("state", "signal", "reply"),
    [
        # A key that leads somewhere, during the prompt and after it.
        (SPEAKING, Pressed("1"), Reply(SPEAKING, (Hush(),), GoTo(SALES), KeyUse.CHOICE, "1")),
        (WAITING, Pressed("1"), Reply(WAITING, (), GoTo(SALES), KeyUse.CHOICE, "1")),
        # The prompt ends: now the silence counts.
        (SPEAKING, Spoken(), Reply(WAITING, (Wait(5),))),
        # Silence: once more, then on.
        (WAITING, Waited(), Reply(Listening(silences=1), (ASK,))),
        (Listening(1, 0, False), Waited(), Reply(Listening(2, 0, False), (), GoTo(QUIET))),
        # Wrong keys, likewise, and counted apart from silence.
        (WAITING, Pressed("2"), Reply(Listening(wrongs=1), (ASK_AGAIN,), key=KeyUse.WRONG)),
        (SPEAKING, Pressed("2"), Reply(Listening(wrongs=1), (ASK_AGAIN,), key=KeyUse.WRONG)),
        (Listening(1, 0, False), Pressed("2"), Reply(Listening(1, 1), (ASK_AGAIN,), key=KeyUse.WRONG)),
        (Listening(0, 1, False), Pressed("2"), Reply(Listening(0, 2, False), (), GoTo(LOST), key=KeyUse.WRONG)),
        (Listening(0, 1, True), Pressed("#"), Reply(Listening(0, 2, True), (Hush(),), GoTo(LOST), key=KeyUse.WRONG)),
        (Listening(0, 1, False), Waited(), Reply(Listening(1, 1), (ASK,))),
        # What comes late changes nothing.
        (WAITING, Spoken(), Reply(WAITING)),
        (SPEAKING, Waited(), Reply(SPEAKING)),
    ],
)
def test_a_menu_answers(state: Listening, signal: Signal, reply: Reply) -> None:
    assert MENU.handle(state, signal, CALLER) == reply


def test_a_menu_without_words_for_wrong_keys_says_its_prompt_again() -> None:
    menu = Menu(prompt=PROMPT, keys={"1": SALES})
    assert menu.handle(WAITING, Pressed("2"), CALLER).orders == (ASK,)


def test_a_menu_without_more_settings_waits_five_seconds_asks_three_times_and_goes_to_otherwise() -> None:
    menu = Menu(prompt=PROMPT, keys={"1": SALES})
    reply, asked = menu.enter(CALLER), 0
    while reply.exit is None:
        asked += 1
        reply = menu.handle(reply.state, Spoken(), CALLER)
        assert reply.orders == (Wait(5.0),)
        reply = menu.handle(reply.state, Waited(), CALLER)
    assert (asked, reply.exit) == (3, GoTo(StepName("otherwise")))


def test_a_choice_of_several_keys_waits_for_the_next_one() -> None:
    menu = Menu(prompt=PROMPT, keys={"1": SALES, "12": LOST}, between_keys=2)
    first = menu.handle(SPEAKING, Pressed("1"), CALLER)
    assert first == Reply(Listening(speaking=False, typed="1"), (Hush(), Wait(2)), key=KeyUse.PART)
    assert menu.handle(first.state, Waited(), CALLER).exit == GoTo(SALES)
    assert menu.handle(first.state, Pressed("2"), CALLER).exit == GoTo(LOST)
    wrong = menu.handle(first.state, Pressed("9"), CALLER)
    assert (wrong.key, wrong.state) == (KeyUse.WRONG, Listening(wrongs=1))


def test_a_menu_that_wants_to_be_heard_ignores_keys_until_then() -> None:
    menu = Menu(prompt=PROMPT, keys={"1": SALES}, barge_in=False)
    assert menu.handle(SPEAKING, Pressed("1"), CALLER) == Reply(SPEAKING)
    assert menu.handle(WAITING, Pressed("1"), CALLER).exit == GoTo(SALES)


def test_words_that_may_be_cut_short_are() -> None:
    say = SayNode(text=PROMPT, then=SALES, barge_in=True)
    assert say.handle(None, Pressed("5"), CALLER) == Reply(None, (Hush(),), GoTo(SALES), KeyUse.WRONG)


def test_enqueue_says_where_a_caller_goes_who_does_not_simply_wait() -> None:
    late = TooLong(after=60, then=LOST)
    node = Enqueue(queue=QueueName("q"), priority=5, full=SALES, too_long=late, keys={"1": QUIET}, answered=LOST)
    endings = Endings(full=SALES, too_long=LOST, longest=60, keys={"1": QUIET}, answered=LOST)
    assert node.enter(CALLER).exit == JoinQueue(QueueName("q"), (), 5, endings)


AT_ONCE = ("hours", "classify", "split", "enqueue", "transfer", "goto", "set", "tag", "language", "call")
NODES: dict[str, Node] = {
    "menu": MENU,
    "say": SayNode(text=PROMPT, then=SALES),
    "lookup": Lookup(lookup=LookupName("customer"), then=SALES, failed=LOST),
    "collect": Collect(name="order", ask=PROMPT, digits=DigitCount(2, 3), confirm=PROMPT, then=SALES),
    "enqueue": Enqueue(queue=QueueName("urgent"), tags=("safety",)),
    "transfer": Transfer(destination=POLICE, say=SORRY, failed=LOST, then=SALES),
    "briefing": Briefing(ask=PROMPT, report=(SORRY,), failed=LOST, then=SALES),
    "hours": Hours(shift=OFFICE, inside=SALES, outside=LOST),
    "classify": Classify(rules=(Rule(when=When(tag=("vip",)), then=LOST),), otherwise=SALES),
    "split": Split(arms={"short": Arm(100, SALES)}, step=QUIET),
    "status": Status(text=PROMPT, refresh_by=TOMORROW, then=SALES),
    "status that is over": Status(text=PROMPT, refresh_by=TOMORROW, until=YESTERDAY, then=SALES),
    "goto": Goto(step=SALES),
    "set": Set(values={"product": "kettle"}, then=SALES),
    "tag": Tag(tags=("vip",), then=SALES),
    "language": Language(language="en", then=SALES),
    "call": Call(step=SALES, then=LOST),
    "voicemail": Voicemail(queue=QueueName("urgent"), say=PROMPT),
    "callback": Callback(queue=QueueName("urgent"), confirm=Confirm(say=PROMPT), then=SALES),
    "hangup": Hangup(),
    "hangup with farewell": Hangup(farewell=SORRY),
}


@pytest.mark.parametrize(
    ("name", "reply"),
    [
        ("say", Reply(orders=(ASK,))),
        ("enqueue", Reply(exit=JoinQueue(QueueName("urgent"), ("safety",)))),
        ("transfer", Reply(exit=TransferTo(POLICE, LOST, SALES, SORRY))),
        ("hours", Reply(exit=GoTo(SALES))),
        ("classify", Reply(exit=GoTo(SALES))),
        ("split", Reply(orders=(TakeArm(QUIET, "short"),), exit=GoTo(SALES))),
        ("status", Reply(orders=(ASK,))),
        ("status that is over", Reply(exit=GoTo(SALES))),
        ("goto", Reply(exit=GoTo(SALES))),
        ("set", Reply(orders=(Keep({"product": "kettle"}),), exit=GoTo(SALES))),
        ("tag", Reply(orders=(Keep(tags=("vip",)),), exit=GoTo(SALES))),
        ("language", Reply(orders=(Speak("en"),), exit=GoTo(SALES))),
        ("call", Reply(exit=CallFlow(SALES, LOST))),
        ("hangup", Reply(exit=HangUp())),
        ("hangup with farewell", Reply(orders=(Say((SORRY,)),))),
    ],
)
def test_on_entering(name: str, reply: Reply) -> None:
    assert NODES[name].enter(CALLER) == reply


@pytest.mark.parametrize(
    ("name", "signal", "reply"),
    [
        ("say", Spoken(), Reply(exit=GoTo(SALES))),
        ("status", Spoken(), Reply(exit=GoTo(SALES))),
        ("status", Pressed("1"), Reply(None, (Hush(),), GoTo(SALES), KeyUse.WRONG)),
        ("status", Waited(), Reply()),
        ("say", Pressed("1"), Reply()),
        ("say", Waited(), Reply()),
        ("hangup with farewell", Spoken(), Reply(exit=HangUp())),
        ("hangup with farewell", Pressed("1"), Reply()),
        ("hangup with farewell", Waited(), Reply()),
        *[
            (name, signal, Reply())
            for name in ("enqueue", "transfer", "goto", "set", "tag", "language", "call")
            for signal in SIGNALS
        ],
    ],
)
def test_on_a_signal(name: str, signal: Signal, reply: Reply) -> None:
    assert NODES[name].handle(None, signal, CALLER) == reply


def test_every_word_has_one_node_and_every_node_its_word() -> None:
    assert {word: node.WORD for word, node in NODE_TYPES.items()} == {word: word for word in NODE_TYPES}
    assert {node.WORD for node in NODES.values()} == set(NODE_TYPES)


class Visit:
    """A caller at one step, as the core treats him: one playback, one wait, any key ends the wait."""

    def __init__(self, node: Node) -> None:
        self.node, self.speaking, self.waiting = node, False, False
        self.reply = Reply()
        self.take(node.enter(CALLER))

    def take(self, reply: Reply) -> None:
        for order in reply.orders:
            self.speaking = {Say: True, Hush: False}.get(type(order), self.speaking)
            self.waiting = self.waiting or isinstance(order, Wait)
        self.reply = reply

    def signal(self, signal: Signal) -> None:
        if isinstance(signal, Spoken):
            self.speaking = False
        else:
            self.waiting = False
        self.take(self.node.handle(self.reply.state, signal, CALLER))


@given(
    repeats=st.tuples(st.integers(0, 3), st.integers(0, 3)),
    chosen=st.lists(st.sampled_from(["time passes", "1", "2", "*", "late spoken", "late waited"]), max_size=60),
)
def test_a_menu_never_leaves_a_caller_without_an_end(repeats: tuple[int, int], chosen: list[str]) -> None:
    silent, wrong = repeats
    visit = Visit(
        Menu(prompt=PROMPT, keys={"1": SALES}, silence=Silence(1, silent, QUIET), wrong=Wrong(None, wrong, LOST))
    )
    asked = 1
    for what in [*chosen, *["time passes"] * 20]:
        assert visit.speaking or visit.waiting, "a caller is told something, or time runs: nobody waits for ever"
        before: Any = visit.reply.state
        if what == "time passes":
            visit.signal(Spoken() if visit.speaking else Waited())
        elif what.startswith("late"):
            if (what == "late spoken") != before.speaking:
                late: Signal = Spoken() if what == "late spoken" else Waited()
                assert visit.node.handle(before, late, CALLER) == Reply(before)
        else:
            visit.signal(Pressed(what))
            assert visit.reply.key is (KeyUse.CHOICE if what == "1" else KeyUse.WRONG)
        asked += visit.reply.state != before and any(isinstance(order, Say) for order in visit.reply.orders)
        if visit.reply.exit:
            break
    assert visit.reply.exit in {GoTo(SALES), GoTo(QUIET), GoTo(LOST)}
    assert asked <= 1 + silent + wrong


@given(name=st.sampled_from(sorted(NODES)), signals=st.lists(st.sampled_from(SIGNALS), max_size=30))
def test_every_word_answers_every_signal_at_any_time(name: str, signals: list[Signal]) -> None:
    reply = NODES[name].enter(CALLER)
    for signal in signals:
        reply = NODES[name].handle(reply.state, signal, CALLER)
        assert reply.exit is None or not any(isinstance(order, Say | Wait) for order in reply.orders)
