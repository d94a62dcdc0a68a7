"""A day of the laboratory is reviewed from its journal: the figures are those of the database, call for call."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from ivr_engine.cli import app
from ivr_engine.core.crisis.triggers import LOOK_EVERY_SECONDS
from ivr_engine.figures import Report
from ivr_engine.model.alarms import TriggerChanged
from ivr_engine.model.commands import Publish
from ivr_engine.model.notices import Ended
from ivr_engine.model.past import FiguresAsked
from ivr_engine.reports import report
from ivr_engine.review import Gathering, Retuning, Reviewed, Tongue, as_json, told_as_markdown
from ivr_engine.review.figures_told import whole
from ivr_engine.simulator.lab import Results, Scenario
from ivr_engine.simulator.replay import Lived, lived_again
from ivr_engine.store import database, rows
from tests.unit.review.made import lived_through, played

ROOT = Path(__file__).parents[3]
DAY = f"""\
hotline: {ROOT / "dialplans" / "huaxing"}
begin: 2027-03-03 09:45
lasts: 40m
seats: {{service: 12, senior: 4, wuhan: 6}}
arrivals: {{"00:00": 400}}
surge: {{at: "09:55", factor: 3, for: 10m}}
presses: {{main: {{1: 35, 2: 20, 0: 30}}, short: {{1: 45, 0: 40}}, recall-menu: {{1: 10, 2: 50, 0: 20}}}}
patience: {{mean: 90s, shape: exponential}}
talk: {{mean: 100s}}
events: {{"10:00": {{crisis: recall}}, "10:15": {{crisis: off}}}}
"""


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> tuple[Scenario, Results, Path]:
    return played(tmp_path_factory.mktemp("day"), DAY)


@pytest.fixture(scope="module")
def one(day: tuple[Scenario, Results, Path]) -> Reviewed:
    scenario, _, journal = day
    found = lived_through(journal, scenario.hotline).found()
    assert found is not None
    return Reviewed(*found, scenario.hotline, Tongue("en", ZoneInfo(scenario.hotline.timezone)))


def test_what_is_lived_again_is_what_was_lived(day: tuple[Scenario, Results, Path], one: Reviewed) -> None:
    _, results, _ = day
    assert len(one.gathered.calls) == results.calls
    arms = {dict(call.arms).get("layout") for call in one.calls}
    assert {"long", "short"} <= arms, "an experiment by the caller's number, which is masked"
    by_pool = one.counted("pools", lambda call: call.past.pool)
    assert {name: by_pool[name].answered for name in results.pools} == {
        name: pool.answered for name, pool in results.pools.items()
    }


def test_figures_are_those_of_the_database(day: tuple[Scenario, Results, Path], tmp_path: Path) -> None:
    scenario, _, journal = day
    hotline, begin = scenario.hotline, scenario.begin
    since, until = begin + 600, begin + 1800
    url = f"sqlite:///{tmp_path / 'calls.sqlite'}"
    database.upgrade(url)
    ended = [
        order.notice.record
        for fact in lived_again(journal, {hotline.version: hotline}, hotline)
        if isinstance(fact, Lived)
        for order in fact.orders
        if isinstance(order, Publish) and isinstance(order.notice, Ended)
    ]
    engine = database.connect(url)
    rows.write(engine, ended)
    engine.dispose()

    def figures(by: str) -> Report:
        asked = FiguresAsked("2027-03-03T09:55", "2027-03-03T10:15", by)  # type: ignore[arg-type]
        return report(url, hotline, asked, begin + 86400)

    found = lived_through(journal, hotline, Gathering(since=since, until=until)).found()
    assert found is not None
    mine = Reviewed(*found, hotline, Tongue("en", ZoneInfo(hotline.timezone)))
    total, theirs = whole(mine), figures("all").total
    assert total.offered > 100
    assert (total.calls, total.offered, total.answered) == (theirs.calls, theirs.offered, theirs.answered)
    assert (total.abandoned, total.in_time) == (theirs.abandoned, theirs.answered_in_time)
    by_queue = mine.counted("queue", lambda call: call.past.queue)
    for group in figures("queue").groups:
        if group.group != "-":
            calls = by_queue[group.group]
            assert (calls.offered, calls.answered) == (group.offered, group.answered), group.group


def test_it_says_when_how_many_and_what_callers_heard(one: Reviewed) -> None:
    text = told_as_markdown(one)
    assert "crisis recall on, level general" in text
    assert "## 指标与目标 · Figures against targets" in text
    assert "| recall / hello (zh-CN) |" in text
    assert "callers in menus went on from normal in recall" in text
    told = json.loads(as_json(one))
    assert told["total"]["offered"] == whole(one).offered
    assert sum(each["offered"] for each in told["by_queue_and_five_minutes"].values()) == whole(one).offered


def test_a_torn_end_costs_nothing_but_itself(day: tuple[Scenario, Results, Path], tmp_path: Path) -> None:
    scenario, _, journal = day
    torn = tmp_path / "torn.jsonl"
    torn.write_bytes(journal.read_bytes()[:-20])
    whole_one, torn_one = lived_through(journal, scenario.hotline), lived_through(torn, scenario.hotline)
    found, other = whole_one.found(), torn_one.found()
    assert found is not None
    assert other is not None
    assert abs(len(found[1].calls) - len(other[1].calls)) <= 1


def ask(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["review", *words])
    return result.exit_code, f"{result.output}{result.exception or ''}"


def test_from_the_shell(day: tuple[Scenario, Results, Path], tmp_path: Path) -> None:
    scenario, _, journal = day
    files = [str(tmp_path / name) for name in ("r.html", "r.md", "r.json")]
    forms = ("--html", files[0], "--markdown", files[1], "--json", files[2])
    code, said = ask("--journal", str(journal), "--scenario", str(scenario.path), *forms)
    assert (code, said.count("wrote ")) == (0, 3)
    assert "<svg" in Path(files[0]).read_text("utf-8")
    assert Path(files[1]).read_text("utf-8").startswith("# 复盘报告 · After-action review: recall")
    code, said = ask("--journal", str(journal), "--scenario", str(scenario.path), "--crisis", "no-such")
    assert code == 1
    assert "has no such crisis" in said
    code, said = ask("--journal", str(tmp_path / "none"), "--scenario", str(scenario.path))
    assert "cannot be read" in said
    assert ask("--scenario", str(scenario.path))[0] == 2


def test_a_trigger_lived_again_fires_when_it_did_and_overflow_is_there(tmp_path: Path) -> None:
    hotline = tmp_path / "hotline"
    shutil.copytree(ROOT / "dialplans" / "huaxing", hotline)
    shutil.copytree(ROOT / "dialplans" / "calendars", tmp_path / "calendars")
    surge = "surge: {when: {calls: 70, in: 5m}, for: 30s, start: automatic, crisis: recall}"
    (hotline / "triggers.yaml").write_text(f"triggers:\n  {surge}\n", "utf-8")
    text = DAY.replace(str(ROOT / "dialplans" / "huaxing"), str(hotline)).replace("events:", "# events:")
    scenario, results, journal = played(tmp_path, text)
    retuning = Retuning(scenario.hotline)
    for fact in lived_again(journal, {scenario.hotline.version: scenario.hotline}, scenario.hotline):
        retuning.take(fact)
    found = lived_through(journal, scenario.hotline).found()
    assert found is not None
    one = Reviewed(*found, scenario.hotline, Tongue("en", ZoneInfo(scenario.hotline.timezone)))
    fired = [each.at for each in one.gathered.happened if isinstance(each.what, TriggerChanged)]
    tried = retuning.tried(one.hours)
    now = next(each for each in tried if each.as_it_is)
    assert now.first is not None
    assert now.first == pytest.approx(fired[0], abs=LOOK_EVERY_SECONDS)
    assert one.steps.sign == fired[0]
    assert (one.profile, one.hours.begin) == ("recall", fired[0])
    nearer = [each.first for each in tried if each.bound < now.bound and each.first is not None]
    assert nearer
    assert all(first <= now.first for first in nearer)
    told = told_as_markdown(replace(one, triggers=retuning.plans, tried=tuple(tried)))
    assert "trigger surge fired" in told
    assert "| surge | 70 |" in told
    overflow = sum(queue.overflow for queue in results.queues.values())
    assert overflow > 0
    assert "## 溢出 · Overflow" in told
