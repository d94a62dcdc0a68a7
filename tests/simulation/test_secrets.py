"""A caller types a secret: it reaches the system it is for, and nothing that is written, told or heard."""

from pathlib import Path

import msgspec
import pytest

from ivr_engine.dialplan.load import load
from ivr_engine.model import commands as c
from ivr_engine.model.events import DigitPressed, SystemAnswered
from ivr_engine.model.ids import CallId
from ivr_engine.mqtt.messages import message
from ivr_engine.nodes import NODE_TYPES
from ivr_engine.runtime.journal import Journal, JournalLine, read_journal
from tests.simulation.world import NUMBER, World

SECRET, ORDER = "4539578763621486", "80123457"
HOTLINE = """
hotline: acme
numbers: ["4000000400"]
languages: [zh-CN]
start: order
lookups:
  customer: {system: crm, path: /customers, send: [card, order], keep: {tier: tier}}
steps:
  order:
    collect: order
    ask: 请输入订单号。
    digits: 8
    confirm: 您输入的是<order as digits>，正确请按1，重新输入请按2。
    then: card
  card:
    collect: card
    ask: 请输入卡号，以井号键结束。
    digits: 16
    ends with: "#"
    check: luhn
    sensitive: true
    then: who
  who: {lookup: customer, then: main, failed: main}
  main: {menu: 咨询请按1。, keys: {1: {enqueue: general}}, silence: {then: {enqueue: general}}}
  otherwise: {enqueue: general}
pools: {local: {agents: [1001]}}
queues: {general: {pools: [local]}}
fallback: {say: 您好。, agents: [1001]}
"""


@pytest.fixture
def world(tmp_path: Path) -> World:
    (tmp_path / "hotline.yaml").write_text(HOTLINE, "utf-8")
    return World(load(tmp_path, NODE_TYPES))


def press(world: World, call: CallId, keys: str) -> None:
    for key in keys:
        world.exchange.press(call, key)
        world.deliver_all()


def orders(world: World) -> list[c.AnyCommand]:
    return [order for batch in world.orders for order in batch]


def test_a_secret_goes_where_it_is_meant_to_and_nowhere_else(world: World, tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl", "v1")
    really = world.board.handle

    def handle(fact: object, now: float) -> list[c.AnyCommand]:
        journal.note(fact, now, private=world.board.is_private(fact))  # type: ignore[arg-type]
        return really(fact, now)  # type: ignore[arg-type]

    world.board.handle = handle  # type: ignore[assignment]
    call = world.exchange.dial(NUMBER)
    world.deliver_all()
    press(world, call, ORDER + "1")
    press(world, call, SECRET + "#")
    (asked,) = world.asked.values()
    assert (asked.values["card"], asked.values["order"]) == (SECRET, ORDER)
    world.tell(SystemAnswered(call, asked.query, "found", {"tier": "gold"}))
    world.exchange.end_play(call)
    world.deliver_all()
    press(world, call, "1")
    world.exchange.hang_up_caller(call)
    world.deliver_all()
    journal.close()
    written = (tmp_path / "journal.jsonl").read_text()
    given = [order for order in orders(world) if not isinstance(order, c.AskSystem)]
    told = [message("ivr", notice) for notice in world.notices]
    for kept in (written, msgspec.json.encode(given).decode(), repr(told), repr(world.notices)):
        assert SECRET not in kept
    # Nor key by key: the journal knows that sixteen were pressed, and which ones before.
    facts = [line.event for line in read_journal(tmp_path / "journal.jsonl") if isinstance(line, JournalLine)]
    pressed = [fact.digit for fact in facts if isinstance(fact, DigitPressed)]
    assert pressed == [*ORDER, "1", *"?" * 17, "1"]
    assert [order.state.values for order in given if isinstance(order, c.SaveState)][-1] == {
        "order": ORDER,
        "tier": "gold",
    }


def test_his_voice_is_hidden_from_the_question_until_the_secret_is_typed(world: World) -> None:
    call = world.exchange.dial(NUMBER)
    world.deliver_all()
    press(world, call, ORDER)
    before = len(orders(world))
    press(world, call, "1")
    asks = orders(world)[before:]
    kinds = [type(order) for order in asks if isinstance(order, c.HideCaller | c.Play)]
    assert kinds == [c.HideCaller, c.Play], "before the prompt: while one plays Asterisk would not do it"
    assert world.exchange.callers[call].hidden
    press(world, call, SECRET)
    assert world.exchange.callers[call].hidden
    press(world, call, "#")
    assert not world.exchange.callers[call].hidden
    hides = [order.on for order in orders(world) if isinstance(order, c.HideCaller)]
    assert hides == [True, False]


def test_typing_a_number_costs_asterisk_one_order(world: World) -> None:
    call = world.exchange.dial(NUMBER)
    world.deliver_all()
    press(world, call, ORDER + "1")
    before = len(orders(world))
    press(world, call, SECRET)
    given = [
        order for order in orders(world)[before:] if not isinstance(order, c.StartTimer | c.CancelTimer | c.Publish)
    ]
    assert [type(order) for order in given] == [c.StopPlay]


def test_a_caller_whose_engine_died_while_he_was_hidden_is_asked_again_and_heard_afterwards(world: World) -> None:
    call = world.exchange.dial(NUMBER)
    world.deliver_all()
    press(world, call, ORDER + "1" + SECRET[:5])
    world.kill_engine()
    world.deliver_all()
    assert world.board.calls[call].step == "card"
    assert world.exchange.callers[call].hidden
    assert world.board.is_private(DigitPressed(call, "1"))
    press(world, call, SECRET + "#")
    (asked,) = world.asked.values()
    assert (asked.values["card"], asked.values["order"]) == (SECRET, ORDER)
    assert not world.exchange.callers[call].hidden


def test_a_caller_left_hidden_by_a_dead_engine_is_heard_by_the_next_one(world: World) -> None:
    call = world.exchange.dial(NUMBER)
    world.deliver_all()
    press(world, call, ORDER + "1" + SECRET + "#")
    world.exchange.callers[call].hidden = True  # the order to take his voice in again was lost with the engine
    world.kill_engine()
    world.deliver_all()
    assert not world.exchange.callers[call].hidden


def test_a_caller_left_hidden_by_a_refused_order_is_heard_once_the_link_is_back(world: World) -> None:
    call = world.exchange.dial(NUMBER)
    world.deliver_all()
    press(world, call, ORDER + "1" + SECRET)
    world.exchange.refuse.add(c.HideCaller)
    press(world, call, "#")
    assert world.exchange.callers[call].hidden
    world.exchange.lose_link()
    world.deliver_all()
    world.exchange.restore_link()
    world.deliver_all()
    assert not world.exchange.callers[call].hidden


def test_who_is_hidden_stays_so_after_a_lost_link(world: World) -> None:
    call = world.exchange.dial(NUMBER)
    world.deliver_all()
    press(world, call, ORDER + "1" + SECRET[:3])
    world.exchange.lose_link()
    world.deliver_all()
    world.exchange.restore_link()
    world.deliver_all()
    assert world.exchange.callers[call].hidden
    assert world.board.is_private(DigitPressed(call, "1"))
