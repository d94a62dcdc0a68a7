"""A hotline with every word that can happen to a caller, walked by tests: each word is met there as in service."""

from pathlib import Path

import pytest

from ivr_engine.dialplan.diagnostics import render
from ivr_engine.dialplan.load import load
from ivr_engine.model.notices import MessageLeft
from ivr_engine.nodes import NODE_TYPES
from ivr_engine.regions import region_of
from ivr_engine.simulator.acts import Calls, Speaks
from ivr_engine.simulator.playing import play_files, usual_time
from ivr_engine.simulator.rehearsal import Rehearsal
from ivr_engine.simulator.scene import Scene

HOTLINE = """\
hotline: shop
numbers: ["4000000500"]
languages: [zh-CN, en]
timezone: Asia/Shanghai
start: open
shifts: {office: {days: [mon, tue, wed, thu, fri], from: "09:00", to: "18:00"}}
human: {keys: [0], to: {enqueue: general}}
fallback: {say: {zh-CN: 您好。, en: Hello.}, agents: [1001]}
pools: {local: {agents: [1001]}}
queues: {general: {pools: [local], greeting: {zh-CN: 请稍候。, en: Please hold.}}}
destinations: {police: {trunk: city, number: 110, answer within: 20s}}
lookups: {customer: {system: crm, path: /customers/<caller>, keep: {tier: tier}}}
steps:
  open: {hours: office, inside: news, outside: night}
  news:
    status: {zh-CN: 新品已经到货。, en: New things are here.}
    refresh by: 2100-01-01 00:00
    then: kind
  kind:
    classify:
      - {when: {calls in 24h: {at least: 3}}, then: {enqueue: general, tag: again}}
    otherwise: half
  half: {split: {long: {share: 100, then: main}, short: {share: 0, then: bye}}}
  main:
    menu: {zh-CN: 订单请按1，英语请按2，报警请按3，客户请按4。, en: "Orders 1, police 3."}
    keys: {1: order, 2: english, 3: alarm, 4: known}
    barge in: false
    silence: {repeat: 0, then: bye}
    wrong: {repeat: 0, then: bye}
  order:
    collect: order
    ask: {zh-CN: 请输入订单号，以井号结束。, en: "Your order, then pound."}
    digits: 4 to 8
    ends with: "#"
    barge in: false
    silence: {repeat: 0, then: bye}
    wrong: {repeat: 1, then: bye}
    then: told
  told: {say: {zh-CN: 您的订单是<order as digits>。, en: "Your order is <order as digits>."}, then: bye}
  english: {language: en, then: main}
  alarm:
    transfer: police
    failed: {enqueue: general, tag: 报警, keys: {9: bye}, no seats: bye}
  known:
    lookup: customer
    then: {set: {seen: yes}, then: {enqueue: general, tag: known}}
    not found: {enqueue: general, tag: new}
    failed: {enqueue: general}
  night:
    menu: {zh-CN: 我们已经下班，留言请按1，回电请按2。, en: "We are closed: a message 1, a call 2."}
    keys: {1: message, 2: wish}
    silence: {repeat: 0, then: bye}
    wrong: {repeat: 0, then: bye}
  message:
    voicemail: general
    say: {zh-CN: 请留言。, en: Your message please.}
    longest: 30s
    quiet: 4s
    thanks: {zh-CN: 感谢留言。, en: Thank you.}
  wish:
    callback: general
    confirm:
      say: {zh-CN: 回电请按1。, en: To be called press 1.}
      silence: {then: bye}
      wrong: {then: bye}
    no number: bye
    then: bye
  bye: {hangup: {zh-CN: 再见。, en: Goodbye.}}
"""

AT_NIGHT = "at: 2027-03-06 22:00"
MET = [
    ("call", "hears: 新品已经到货", "press: 9", "hears: 再见"),  # the menu's key, not one that cuts the news short
    ("{call: 4000000500, calls in 24h: 3}", "queue: general", "tags: [again]"),
    (
        "call",
        "hears: 新品",
        "hears: 订单请按1",
        "press: 1",
        "hears: 请输入订单号",
        "press: 12345#",
        "value: {order: 12345}",
        "hung up",
    ),
    ("call", "press: 1", "press: 12345678#", "hears: 您的订单是幺二三四五六七八"),
    ("call", "press: 1", "press: 12#", "hears: 请输入订单号", "hears: 再见", "hung up"),
    ("{call: 4000000500, region: 上海, from: 139}", "value: {region: 上海, caller: 139, number: 4000000500}"),
    ("call", "language: zh-CN", "press: 2", "hears: Orders 1", "language: en", "press: 0", "hears: Please hold"),
    ("call", "press: 0", "queue: general"),  # at once, though the menu is heard to its end
    ("call", "press: 3", "talks to: police", "agent hangs up", "hung up"),
    ("seats: {police: no answer}", "call", "press: 3", "{queue: general, within: 25s}", "tags: [报警]"),
    ("seats: {police: busy}", "call", "press: 3", "{queue: general, within: 10s}", "press: 9", "hears: 再见"),
    ("seats: {all: off}", "call", "press: 3", "hears: 再见"),
    ("seats: {police: busy}", "call", "press: 3", "talks to: 1001"),
    (
        "lookup: {customer: {found: {tier: gold}}}",
        "call",
        "press: 4",
        "talks to: 1001",
        "value: {tier: gold, seen: yes}",
    ),
    ("lookup: {customer: not found}", "call", "press: 4", "queue: general", "tags: [new]"),
    ("call", "press: 4", "queue: general", "tags: []"),
    ("at: 2027-03-06 10:00", "call", "hears: 我们已经下班", "hung up"),
    (AT_NIGHT, "call", "press: 1", "hears: 请留言", "speaks: 20s", "{hears: 感谢留言, within: 5s}", "message: general"),
    (AT_NIGHT, "call", "press: 1", "speaks: 20s", "hangs up", "message: general"),  # as most do
    (AT_NIGHT, "call", "press: 1", "speaks: 20s", "speaks: 1m", "{hears: 感谢留言, within: 1s}", "message: general"),
    (AT_NIGHT, "call", "press: 1", "speaks: 9s", "press: '#'", "{hears: 感谢留言, within: 1s}"),
    (AT_NIGHT, "call", "press: 1", "hears: 请留言", "hears: 请留言"),  # who says nothing is asked again
    (AT_NIGHT, "call", "press: 2", "press: 1", "{call back: general, at: 13800000000}", "hears: 再见"),
    ("at: 2027-03-05 17:59", "call", "step: main"),
]

UNMET = [
    (
        ("call", "press: 1", "press: 1234#", "value: {order: 12345}"),
        "the caller's order should be “12345”, but is “1234”",
    ),
    (("call", "value: {order: 12345}"), "the caller's order should be “12345”, but is not known"),
    (("call", "language: en"), "the caller should hear en, but hears zh-CN"),
    (("call", "press: 3", "talks to: 1001"), "the caller should talk to 1001, but talks to police"),
    (("call", "speaks: 3s"), "nobody takes a message from the caller, however long he waits"),
    (
        (AT_NIGHT, "call", "press: 1", "hangs up", "message: general"),
        "the caller should leave a message for general, but leaves none: the call is over",
    ),
    (
        (AT_NIGHT, "call", "press: 1", "message: general"),  # he says nothing, twice
        "the caller should leave a message for general, but leaves none: the call is over",
    ),
    (("call", "message: general"), "the caller should leave a message for general, but leaves none: the call is over"),
    (
        ("call", "call back: general"),
        "the caller should wish to be called back by general, but does not wish it: the call is over",
    ),
]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "hotline.yaml").write_text(HOTLINE, "utf-8")
    return tmp_path


def failure_of(shop: Path, lines: tuple[str, ...]) -> str:
    file = shop / "tests" / "all.yaml"
    file.parent.mkdir()
    file.write_text("hotline: ..\ntests:\n  it:\n" + "".join(f"    - {line}\n" for line in lines), "utf-8")
    results, findings = play_files([file])
    assert render(findings.found) == ""
    failure = results.played[0].failure
    return "" if failure is None else f"{failure.message}\n{failure.remedy}"


@pytest.mark.parametrize("lines", MET, ids=" · ".join)
def test_a_word_is_met_as_in_service(lines: tuple[str, ...], shop: Path) -> None:
    assert failure_of(shop, lines) == ""


@pytest.mark.parametrize(("lines", "message"), UNMET, ids=lambda value: value if isinstance(value, str) else "")
def test_what_is_not_so_is_told(lines: tuple[str, ...], message: str, shop: Path) -> None:
    assert failure_of(shop, lines).splitlines()[0] == f"it: {message}"


def test_a_number_s_region_and_calls_are_found_out_as_in_service(shop: Path) -> None:
    scene = Scene(Rehearsal(load(shop, NODE_TYPES), 0))
    for _ in range(2):
        Calls(caller="02161234567").perform(scene)
    assert (scene.call.region, scene.call.calls_in_24h) == (region_of("02161234567"), 2)
    scene.rehearsal.advance(86_400)
    Calls(caller="02161234567").perform(scene)
    assert scene.call.calls_in_24h == 1
    Calls(calls_in_24h=7, region="火星").perform(scene)
    assert (scene.call.region, scene.call.calls_in_24h) == ("火星", 7)


def test_nobody_speaks_longer_than_he_may(shop: Path) -> None:
    scene = Scene(Rehearsal(load(shop, NODE_TYPES), 1_804_341_600))  # a Saturday evening
    scene.dial("4000000500", "139")
    scene.press("1")
    Speaks(seconds=20.0).perform(scene)
    Speaks(seconds=60.0).perform(scene)
    scene.rehearsal.advance(60)
    assert [one.seconds for one in scene.rehearsal.moments if isinstance(one, MessageLeft)] == [30.0]


def test_between_two_keys_passes_a_moment(shop: Path) -> None:
    scene = Scene(Rehearsal(load(shop, NODE_TYPES), usual_time("Asia/Shanghai")))
    scene.dial("4000000500", "139")
    scene.press("1")
    scene.press("1")
    before = scene.rehearsal.now
    scene.press("234")
    assert scene.rehearsal.now == pytest.approx(before + 0.6)
