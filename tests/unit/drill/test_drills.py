"""What a drill must show, how it is judged, and how it reads; those we ship can be played."""

from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ivr_engine.cli import app
from ivr_engine.dialplan.diagnostics import Findings
from ivr_engine.drill.judging import Beside, Check, has_passed, judge
from ivr_engine.drill.report import Report, as_markdown, as_page
from ivr_engine.drill.scenario import DrillFile, Passing
from ivr_engine.model.ids import QueueName
from ivr_engine.simulator.lab import Laboratory, Results, read_scenario
from ivr_engine.simulator.lab.figures import QueueFigures
from tests.unit.lab.test_scenario import ROOT, SMALL

SHIPPED = sorted((ROOT / "dialplans" / "drills").glob("*.yaml"))
URGENT, GENERAL = QueueName("urgent"), QueueName("general")


def read(folder: Path, more: str) -> tuple[object, list[str]]:
    file = folder / "drill.yaml"
    file.write_text(SMALL + more, "utf-8")
    findings = Findings()
    scenario = read_scenario(file, findings, DrillFile)
    return scenario, [f"{one.line}:{one.column} {one.code} {one.message}; {one.remedy}" for one in findings.found]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Results:
    file = tmp_path_factory.mktemp("drill") / "small.yaml"
    file.write_text(SMALL + "pass: {answer rate: 1}\n", "utf-8")
    scenario = read_scenario(file, Findings(), DrillFile)
    assert scenario is not None
    return Laboratory(scenario).run()


def with_queues(played: Results, **queues: QueueFigures) -> Results:
    return replace(played, queues={QueueName(name): one for name, one in queues.items()})


def test_shipped_drills_can_be_played() -> None:
    assert {path.stem for path in SHIPPED} == {"outage-3x", "recall-5x", "surge-12x", "lost-site", "lost-carrier"}
    for path in SHIPPED:
        findings = Findings()
        scenario = read_scenario(path, findings, DrillFile)
        assert scenario is not None, findings.found
        assert isinstance(scenario.file, DrillFile)
        assert scenario.file.passing != Passing(), "a drill that must show nothing"
        begin = scenario.clock(scenario.file.live.begin or 0)
        assert begin + scenario.file.live.lasts <= scenario.begin + scenario.file.lasts


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("", "E202"),  # nothing is to be shown
        ("pass: {answer rate: 101}\n", "8:21 E204"),
        ("pass: {answr rate: 95}\n", "did you mean `answer rate`?"),
        ("pass: {waits: {urgnt: 20s}}\n", "did you mean `urgent`?"),
        ("pass: {recordings: 100}\nlive: {form: '10:00'}\n", "did you mean `for`?"),
    ],
)
def test_the_author_is_told_what_is_wrong(tmp_path: Path, more: str, told: str) -> None:
    scenario, found = read(tmp_path, more)
    assert scenario is None
    assert any(told in one for one in found), found


@pytest.mark.parametrize(
    ("passing", "beside", "passed"),
    [
        (Passing(answer_rate=95), Beside(), True),  # 95 of 100 is 95 %
        (Passing(answer_rate=96), Beside(), False),
        (Passing(waits={URGENT: 20.0}), Beside(), True),
        (Passing(waits={URGENT: 19.9}), Beside(), False),
        (Passing(waits={URGENT: 19.9}, in_time=47), Beside(), True),
        (Passing(waits={GENERAL: 20.0}), Beside(), None),  # nobody came
        (Passing(switch_within=1.0), Beside(switched=1.0), True),
        (Passing(switch_within=1.0), Beside(switched=1.1), False),
        (Passing(switch_within=1.0), Beside(), None),
        (Passing(recordings=100), Beside(sealed=7, ended=7), True),
        (Passing(recordings=100), Beside(sealed=6, ended=7), False),
        (Passing(recordings=100), Beside(), None),
    ],
)
def test_what_is_shown_is_judged(played: Results, passing: Passing, beside: Beside, passed: bool | None) -> None:
    urgent = QueueFigures(offered=100, answered=95, waits=[1.0] * 47 + [20.0] * 48)
    (check,) = judge(with_queues(played, urgent=urgent, general=QueueFigures()), passing, beside)
    assert check.passed is passed


def test_a_drill_that_measured_nothing_was_not_passed() -> None:
    good, bad, unknown = (Check("x", "1", "2", passed) for passed in (True, False, None))
    assert has_passed((good, unknown))
    assert not has_passed((good, bad))
    assert not has_passed((unknown,))
    assert not has_passed(())


def test_the_report_holds_every_check_and_nothing_of_the_net(played: Results) -> None:
    checks = (Check("a|b", "95 %", "96 %", True), Check("<c>", "1 s", "not measured", None))
    report = Report(played, checks, ("how it was",))
    text, page = as_markdown(report), as_page(report)
    assert "| a\\|b | 95 % | 96 % | passed 通过 |" in text
    assert "# Drill small: passed" in text
    assert "&lt;c&gt;" in page
    assert page.count("<svg") == 4
    assert "http" not in page


@pytest.mark.parametrize(("rate", "status"), [(1, 0), (100, 1)])
def test_the_shell_says_by_its_status_whether_it_was_passed(tmp_path: Path, rate: int, status: int) -> None:
    file = tmp_path / "small.yaml"
    busy = SMALL.replace("200", "4000")
    file.write_text(busy + f"presses: {{main: {{2: 90}}}}\npass: {{answer rate: {rate}}}\n", "utf-8")
    told = CliRunner().invoke(app, ["drill", str(file), "--lab", "--out", str(tmp_path)])
    assert told.exit_code == status, told.output
    (text,) = tmp_path.glob("drill-small-*.md")
    assert ("FAILED" in text.read_text("utf-8")) == (status == 1)
    assert len(list(tmp_path.glob("drill-small-*.html"))) == 1
