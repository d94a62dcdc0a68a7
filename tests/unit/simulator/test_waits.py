"""How long the least skilled callers take until they stand in a queue, as `ivr check --waits` tells."""

from pathlib import Path

from ivr_engine.model.prompt import Prompt
from ivr_engine.simulator.speech import Lengths
from ivr_engine.simulator.waits import attempts

ACME = Path(__file__).parents[3] / "dialplans" / "acme"
SHOP = """hotline: shop
numbers: ["4000000400"]
languages: [zh-CN]
timezone: Asia/Shanghai
start: main
fallback: {say: 您好。, agents: [1001]}
pools: {local: {agents: [1001]}}
queues: {general: {pools: [local]}}
steps:
  main:
    menu: 人工请按1。
    keys: {1: {enqueue: general}}
    silence: {after: 5s, repeat: 1, then: bye}
    wrong: {repeat: 1, then: bye}
  bye: {hangup: 再见。}
"""


def ten_seconds(_: Prompt) -> float:
    return 10.0


def test_each_flow_is_tried_by_a_silent_and_a_clumsy_caller() -> None:
    found = attempts([ACME], Lengths(ten_seconds))
    assert [(one.flow, one.caller, one.seconds) for one in found] == [
        ("normal", "presses nothing", 10 + 3 * (10 + 5)),
        ("normal", "presses only wrong keys", 10 + 10 + 2 * (10 + 10)),  # the prompt, and twice the words before it
        ("recall", "presses nothing", 10 + 2 * (10 + 5)),
        ("recall", "presses only wrong keys", 10 + 10 + 2 * (10 + 10)),
    ]
    assert str(found[0]) == "acme, normal: who presses nothing: 55 s: hello → main → otherwise"


def test_what_is_estimated_is_said() -> None:
    lengths = Lengths(lambda prompt: None if "产品安全" in prompt.text else 1.0)
    silent = attempts([ACME], lengths)[0]
    assert silent.estimated == 1
    assert " (length of 1 prompts estimated): hello →" in str(silent)


def test_who_never_comes_to_a_person_is_told(tmp_path: Path) -> None:
    file = tmp_path / "shop.yaml"
    file.write_text(SHOP, "utf-8")
    silent, clumsy = attempts([file], Lengths(ten_seconds))
    assert silent.seconds is clumsy.seconds is None
    assert str(clumsy) == "shop.yaml, normal: who presses only wrong keys: never: main → bye"
    assert silent.plain() == {
        "hotline": str(file),
        "flow": "normal",
        "caller": "presses nothing",
        "seconds": None,
        "way": ["main", "bye"],
        "estimated": 0,
    }


def test_who_goes_round_for_ever_never_comes_to_a_person(tmp_path: Path) -> None:
    file = tmp_path / "shop.yaml"
    file.write_text(SHOP.replace("wrong: {repeat: 1, then: bye}", "wrong: {repeat: 1, then: main}"), "utf-8")
    assert attempts([file], Lengths(ten_seconds))[1].seconds is None


def test_a_hotline_with_mistakes_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "shop.yaml"
    file.write_text(SHOP.replace("start: main", "start: mein"), "utf-8")
    assert attempts([file], Lengths(ten_seconds)) == []
