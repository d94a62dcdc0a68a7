"""Short days in the laboratory: the same seed ends the same, nothing is left behind, accidents are felt."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ivr_engine.cli import app
from ivr_engine.core.seat import SeatState
from ivr_engine.dialplan.diagnostics import Findings
from ivr_engine.model.ids import PoolName
from ivr_engine.simulator.lab import Laboratory, Results, read_scenario
from ivr_engine.simulator.lab.accuracy import BEST, OURS, PLAIN
from ivr_engine.simulator.lab.plots import page
from ivr_engine.simulator.lab.tables import as_json
from tests.unit.lab.test_scenario import SMALL

LOCAL = PoolName("local")
BUSY = SMALL.replace("100,", "250,").replace('"10:00": 200', '"10:00": 400')


def play(folder: Path, text: str, seed: int = 1) -> tuple[Laboratory, Results]:
    file = folder / "day.yaml"
    file.write_text(text, "utf-8")
    scenario = read_scenario(file, findings := Findings())
    assert scenario is not None, [str(one) for one in findings.found]
    laboratory = Laboratory(scenario, seed)
    return laboratory, laboratory.run()


def figures(results: Results) -> str:
    told = as_json(results)
    del told["costs"]  # the only thing that is real
    return json.dumps(told)


def test_the_same_seed_ends_the_same_and_another_does_not(tmp_path: Path) -> None:
    first, again, other = (figures(play(tmp_path, BUSY, seed)[1]) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_nothing_is_left_when_all_have_gone(tmp_path: Path) -> None:
    laboratory, results = play(tmp_path, BUSY + 'events: {"10:05": {link lost: 20s}}\n')
    board, exchange = laboratory.clockwork.board, laboratory.clockwork.exchange
    assert (board.calls, board.dispatch.offers, exchange.callers, exchange.seats) == ({}, {}, {}, {})
    assert {seat.state for seat in board.dispatch.seats.by_id.values()} == {SeatState.READY}
    assert sum(results.outcomes.values()) == results.calls
    queues = results.queues.values()
    assert sum(one.answered for one in queues) == sum(one.answered for one in results.pools.values())
    assert all(one.offered >= one.answered + one.abandoned for one in queues)


def test_calls_come_as_often_as_the_scenario_says(tmp_path: Path) -> None:
    _, usual = play(tmp_path, SMALL.replace("20m", "3h"))
    assert usual.calls == pytest.approx(100 / 6 + 200 * 2.83, rel=0.1)
    _, surge = play(tmp_path, SMALL.replace("20m", "3h") + 'surge: {at: "10:10", factor: 4, for: 30m, rise: 10m}\n')
    assert surge.calls - usual.calls == pytest.approx(200 * 3 * (10 + 20) / 60 * (2 / 3), rel=0.35)


def test_a_lost_site_is_felt(tmp_path: Path) -> None:
    _, whole = play(tmp_path, BUSY)
    _, lost = play(tmp_path, BUSY + 'events: {"09:55": {lost: local}, "10:05": {back: local}}\n')
    at = {sample.at: sample.on_duty[LOCAL] for sample in lost.samples}
    assert (min(at.values()), max(at.values())) == (0, 7)
    assert sum(one.answered for one in lost.queues.values()) < sum(one.answered for one in whole.queues.values())
    assert sum(one.overflow for one in lost.queues.values()) > 0


def test_who_talks_when_agents_log_out_talks_on(tmp_path: Path) -> None:
    laboratory, results = play(tmp_path, BUSY + 'events: {"10:00": {log out: local}}\n')
    after = [one for one in results.samples if one.at > laboratory.scenario.clock(600)]
    assert after[0].busy[LOCAL] > 0
    assert after[-1].on_duty[LOCAL] == 0


def test_a_crisis_changes_what_callers_hear(tmp_path: Path) -> None:
    _, results = play(tmp_path, BUSY + 'events: {"09:50": {crisis: recall}}\n')
    assert results.troubles == {}
    assert results.samples


def test_who_gave_up_calls_again(tmp_path: Path) -> None:
    worse = BUSY.replace("400", "2000")
    _, once = play(tmp_path, worse)
    _, again = play(tmp_path, worse + "again: {share: 100, after: 1m}\n")
    assert again.calls > once.calls * 1.2


# --- the told waits -----------------------------------------------------------------------------------------

# Forty seats, calls of 100 s, one queue: 1.0 is 1,440 calls an hour.
MEASURED = """\
hotline: {acme}
begin: 2027-03-03 09:00
lasts: 3h
seats: {{local: 30, chengdu: 10}}
arrivals: {{"00:00": {calls}}}
presses: {{main: {{2: 100}}}}
patience: {{mean: 2m, shape: exponential}}
talk: {{mean: 91s, shape: exponential}}
answering: {{after: 4s, spread: 0}}
witnesses: 10
"""


@pytest.mark.parametrize("load", [1.4, 3.0])
def test_told_waits_are_right_in_the_mean_and_nearly_as_good_as_can_be(tmp_path: Path, load: float) -> None:
    acme = re.search(r"hotline: (.*)", SMALL)
    assert acme is not None
    text = MEASURED.format(acme=acme[1], calls=round(1440 * load))
    _, results = play(tmp_path, text)
    (rules,) = results.judged.values()
    assert rules[OURS].callers > 150
    assert abs(rules[OURS].bias) < 0.10
    assert rules[OURS].rmse < 1.2 * rules[BEST].rmse
    assert rules[PLAIN].rmse > 1.5 * rules[OURS].rmse


# --- the shell ----------------------------------------------------------------------------------------------


def test_the_shell_tells_tables_and_how_many_seats_are_lacking(tmp_path: Path) -> None:
    file = tmp_path / "day.yaml"
    file.write_text(BUSY.replace("400", "2000"), "utf-8")
    told = CliRunner().invoke(
        app, ["lab", str(file), "--json", str(tmp_path / "day.json"), "--html", str(tmp_path / "day.html")]
    )
    assert told.exit_code == 0, told.output
    assert re.search(r"general +[0-9,]+ +[0-9.]+%", told.output)
    assert re.search(r"95 % within 20 s needs [0-9]+ more seats", told.output)
    figures = json.loads((tmp_path / "day.json").read_text("utf-8"))
    assert figures["queues"]["general"]["offered"] > 100
    html = (tmp_path / "day.html").read_text("utf-8")
    assert html.count("<svg") == 4
    assert "http" not in html, "it needs nothing from the net"


def test_the_shell_shows_what_is_wrong_with_a_scenario(tmp_path: Path) -> None:
    file = tmp_path / "day.yaml"
    file.write_text(SMALL.replace("begin", "began"), "utf-8")
    told = CliRunner().invoke(app, ["lab", str(file)])
    assert told.exit_code == 1
    assert "E201" in told.output


def test_names_are_escaped_on_the_page(tmp_path: Path) -> None:
    _, results = play(tmp_path, SMALL)
    assert "a &lt; b" in page(results, ["a < b"])
