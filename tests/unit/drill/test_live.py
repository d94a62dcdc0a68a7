"""What a live drill makes of what it is told; how small it is played, and where it is refused."""

import json
from pathlib import Path

import pytest

from ivr_engine.commission import Plan, commission
from ivr_engine.dialplan.diagnostics import Findings
from ivr_engine.drill.callers import PREFIX, caller_of
from ivr_engine.drill.hearing import told
from ivr_engine.drill.live import LiveDrill
from ivr_engine.drill.scenario import DrillFile
from ivr_engine.drill.tally import Tally
from ivr_engine.errors import RefusedError
from ivr_engine.model import notices
from ivr_engine.model.ids import CallId, PoolName, QueueName, SeatId, mask_number
from ivr_engine.mqtt.messages import drill_prefix, message
from ivr_engine.settings import TrunkSettings, load_settings
from ivr_engine.simulator.lab import Scenario, read_scenario
from tests.simulation.world import ACME
from tests.unit.lab.test_scenario import SMALL
from tests.unit.mqtt.test_mqtt_messages import STAGES

CALL = CallId("hotline-1.1")
HOUR = 3600.0


@pytest.fixture
def scenario(tmp_path: Path) -> Scenario:
    file = tmp_path / "small.yaml"
    file.write_text(SMALL + 'pass: {answer rate: 95}\nlive: {from: "10:00", for: 60s}\n', "utf-8")
    read = read_scenario(file, Findings(), DrillFile)
    assert read is not None
    return read


@pytest.mark.parametrize("caller", [1, 9, 10, 123, 1234, 9999])
def test_a_caller_is_known_by_what_is_not_masked_of_his_number(caller: int) -> None:
    assert caller_of(mask_number(f"{PREFIX}{caller}")) == caller


@pytest.mark.parametrize("number", ["", "13812345678", "199", "1990000", "anonymous"])
def test_nobody_else_is_taken_for_one(number: str) -> None:
    assert caller_of(mask_number(number)) is None


@pytest.mark.parametrize(("notice", "stage"), STAGES)
def test_every_stage_is_heard_as_it_was_told(notice: notices.Notice, stage: str) -> None:
    said = message(drill_prefix("ivr"), notice)  # type: ignore[arg-type]
    assert said is not None
    heard = told(said.topic, said.payload)
    assert type(heard) is type(notice)
    assert getattr(heard, "call", None) == CALL
    assert stage in said.topic


@pytest.mark.parametrize("payload", [b"", b"{", b"[]", b'{"call": 1}', b"\xff", b'"x"'])
def test_what_cannot_be_read_is_passed_over(payload: bytes) -> None:
    assert told("ivr/drill/calls/x/arrived", payload) is None
    assert told("ivr/drill/calls/x/odd", json.dumps({"call": "x", "at": 1}).encode()) is None


def test_the_switch_is_measured_on_calls_that_came_after_the_order(scenario: Scenario) -> None:
    tally = Tally(scenario)
    for at, flow in ((9.0, "normal"), (10.4, "normal")):
        tally.hear(notices.Arrived(CALL, at, "400", "199*0001", flow))
    assert tally.switched(10.0, "recall") is None  # nobody has had it yet
    tally.hear(notices.Arrived(CALL, 11.0, "400", "199*0002", "recall"))
    assert tally.switched(10.0, "recall") == pytest.approx(0.4)
    assert tally.switched(10.5, "recall") == 0.0


def test_what_is_heard_is_counted_like_in_the_laboratory(scenario: Scenario) -> None:
    tally, general, local = Tally(scenario), QueueName("general"), PoolName("local")
    for _ in range(2):  # once a queue, however often he comes back to it
        tally.hear(notices.Queued(CALL, 1.0, general, 0))
    tally.hear(notices.Queued(CallId("b.1"), 1.0, general, 1))
    tally.hear(notices.Connected(CALL, 5.0, general, local, SeatId("1001"), 4.0))
    tally.hear(notices.QueueChanged(general, 5.0, 1, 1.0, 30.0))
    tally.hear(notices.PoolChanged(local, 5.0, 2, 0, 1, 0, 4))
    tally.hear(notices.QueueChanged(QueueName("of another version"), 5.0, 9, 1.0))
    tally.sample(6.0)
    results = tally.results(7.0)
    queue = results.queues[general]
    assert (queue.offered, queue.answered, queue.waits) == (2, 1, [4.0])
    (sample,) = results.samples
    assert (sample.waiting, sample.busy, sample.on_duty) == ({general: 1}, {local: 1}, {local: 3})
    assert results.most_waiting == 1


def drill(scenario: Scenario, folder: Path, most: int, *, drills: bool = True, mqtt: int | None = 1883) -> LiveDrill:
    trunks = {"chengdu": TrunkSettings(host="127.0.0.1")}
    plan = Plan(ACME, folder / "prompts", spool=folder / "spool", drills=drills, mqtt_port=mqtt, trunks=trunks)
    settings = load_settings(commission(folder / f"site-{drills}-{mqtt}-{most}", plan))
    return LiveDrill(scenario, settings, most, "me", lambda _: None)


def test_it_is_played_as_small_as_calls_at_once_allow(scenario: Scenario, tmp_path: Path) -> None:
    at_once = 200 / HOUR * (180 + 45)  # calls a second, and how long each is there
    assert drill(scenario, tmp_path, 5).factor == pytest.approx(at_once / 5)
    assert drill(scenario, tmp_path, 100).factor == 1.0  # never larger than it is


@pytest.mark.parametrize(("drills", "mqtt", "why"), [(False, 1883, "drill calls"), (True, None, "mqtt")])
def test_it_is_refused_where_it_cannot_be(
    scenario: Scenario, tmp_path: Path, drills: bool, mqtt: int | None, why: str
) -> None:
    with pytest.raises(RefusedError, match=why):
        drill(scenario, tmp_path, 5, drills=drills, mqtt=mqtt)
