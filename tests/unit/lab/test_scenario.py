"""How scenarios are written: what can be read, what the author is told, and that those we ship can be played."""

import shutil
from pathlib import Path

import pytest

from ivr_engine.dialplan.diagnostics import Findings
from ivr_engine.simulator.lab import Scenario, read_scenario

ROOT = Path(__file__).parents[3]
SHIPPED = sorted((ROOT / "dialplans" / "lab").glob("*.yaml"))
SMALL = f"""\
hotline: {ROOT / "dialplans" / "acme"}
begin: 2027-03-03 09:50
lasts: 20m
seats: {{local: 7, chengdu: 3}}
arrivals: {{"00:00": 100, "10:00": 200}}
patience: {{mean: 2m, shape: exponential}}
talk: {{mean: 3m}}
"""


def read(folder: Path, text: str) -> tuple[Scenario | None, list[str]]:
    file = folder / "small.yaml"
    file.write_text(text, "utf-8")
    findings = Findings()
    scenario = read_scenario(file, findings)
    return scenario, [f"{one.line}:{one.column} {one.code} {one.message}; {one.remedy}" for one in findings.found]


def test_seats_are_as_many_as_the_scenario_says(tmp_path: Path) -> None:
    scenario, found = read(tmp_path, SMALL)
    assert (found, scenario is not None) == ([], True)
    assert scenario is not None
    assert {name: len(plan.seats) for name, plan in scenario.hotline.pools.items()} == {"local": 7, "chengdu": 3}
    assert scenario.clock(10 * 60) == scenario.begin + 600
    assert scenario.clock(9 * 60) == scenario.begin + 23 * 3600 + 600, "nine o'clock is over: that of tomorrow"


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (
            "presses: {main: {1: 70, 2: 31}}\n",
            "8:10 E322 the shares of main add up to 101; 100 at most: the rest press",
        ),
        ("presses: {mian: {1: 70}}\n", "8:11 E301 there is no step `mian`; did you mean `main`?"),
        ("talks: {genral: {mean: 1m}}\n", "8:9 E302 there is no queue `genral`; did you mean `general`?"),
        ('events: {"10:00": {lost: chendu}}\n', "8:26 E303 there is no pool `chendu`; did you mean `chengdu`?"),
        ('events: {"10:00": {crisis: rcall}}\n', "8:28 E315 there is no profile `rcall`; "),
        (
            'events: {"10:00": {}}\n',
            "8:19 E204 at `events › 10:00` nothing happens; write for instance `{lost: wuhan}`",
        ),
        ('surge: {at: "25:00", factor: 3, for: 10m}\n', "8:13 E204 there is no time `25:00`; write one from 00:00"),
        ("patients: 3\n", "8:1 E201 the file has no setting `patients`; did you mean `patience`?"),
    ],
)
def test_the_author_is_told_where_and_what(tmp_path: Path, more: str, told: str) -> None:
    scenario, found = read(tmp_path, SMALL + more)
    assert scenario is None
    assert len(found) == 1
    assert found[0].startswith(told)


def test_a_hotline_that_is_not_there_is_told(tmp_path: Path) -> None:
    scenario, found = read(tmp_path, SMALL.replace("acme", "acne"))
    assert scenario is None
    assert [line.partition(" there")[0] for line in found] == ["1:10 E113"]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_what_we_ship_can_be_played(path: Path) -> None:
    findings = Findings()
    assert read_scenario(path, findings) is not None, [str(one) for one in findings.found]
    assert not findings.found


def test_all_of_them_are_there() -> None:
    shipped = {"surge-3x", "surge-5x", "surge-12x", "lost-site", "mass-log-out", "overflow"}
    assert {path.stem for path in SHIPPED} == shipped


def test_whoever_is_there_in_a_scenario_is_at_work(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "dialplans" / "acme", tmp_path / "acme")
    seats = tmp_path / "acme" / "seats.yaml"
    signing = seats.read_text("utf-8").replace("[1001, 1002, 1003]", "[1001, 1002, 1003]\n    sign in: true")
    seats.write_text(signing, "utf-8")
    scenario, found = read(tmp_path, SMALL.replace(str(ROOT / "dialplans" / "acme"), "acme"))
    assert found == []
    assert scenario is not None
    assert not any(plan.sign_in for plan in scenario.hotline.pools.values())
