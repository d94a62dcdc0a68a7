import os
import subprocess
import time

import pytest

from bench import cpu
from bench.figures import quantile, rise, without_background
from bench.load import ANSWER, QUEUE, caller_plan, key_to_invite
from ivr_engine.stand.phone_log import AgentEvidence, CallResult


def test_a_quantile_is_one_of_the_values() -> None:
    values = [float(n) for n in range(100, 0, -1)]
    assert (quantile(values, 0.5), quantile(values, 0.99), quantile([], 0.5)) == (51.0, 100.0, None)


def test_what_happens_anyway_is_not_what_calls_caused() -> None:
    text = '# TYPE n counter\nn_total{{operation="play"}} {}\nn_total{{operation="list"}} {}\n'
    idle = rise(text.format(0, 0), text.format(0, 5), "n_total")
    load = rise(text.format(0, 5), text.format(200, 14), "n_total")
    assert without_background(load, idle, times=2.0) == {"play": 200.0}


def test_cpu_time_is_that_of_another_process() -> None:
    busy = subprocess.Popen(["sh", "-c", "while :; do :; done"], process_group=0)
    try:
        deadline = time.monotonic() + 30
        while cpu.spent(busy.pid).own < 0.05:
            assert time.monotonic() < deadline
    finally:
        busy.kill()
        busy.wait()
    with pytest.raises(OSError, match=r".+"):
        cpu.spent(busy.pid)


def test_the_rest_of_a_group_is_counted_apart() -> None:
    shell = subprocess.Popen(["sh", "-c", "while :; do :; done & wait"], process_group=0)
    try:
        deadline = time.monotonic() + 30
        while cpu.spent(shell.pid).children < 0.05:
            assert time.monotonic() < deadline
    finally:
        os.killpg(shell.pid, 9)
        shell.wait()


def test_each_callers_key_meets_his_own_invite() -> None:
    plan = caller_plan(QUEUE, "1390", 1.0, voice=False)
    released = plan.voice.released_at(-1)
    callers = [CallResult("1-7@x", answered_at=10.0), CallResult("11-7@x", answered_at=20.0), CallResult("2-7@x")]
    seen = tuple(
        CallResult(number, started_at=at, far_party=f"<sip:{number}@127.0.0.1>;tag=1")
        for number, at in (("139011", 20.0 + released + 0.5), ("13901", 10.0 + released + 0.25))
    )
    agent = AgentEvidence(0, 2, 2, 0, 0, 0, 1, 1, seen)
    assert key_to_invite(plan, callers, [agent]) == pytest.approx([0.25, 0.5])
    assert key_to_invite(caller_plan(ANSWER, "1390", 1.0, voice=False), callers, [agent]) == []


def test_the_key_that_counts_is_pressed_in_the_menu() -> None:
    (_, harmless), (at, key) = caller_plan(QUEUE, "1390", 1.4, voice=False).voice.presses
    assert (harmless, key) == ("9", "1")
    assert at > 1.4
