"""Tests in YAML: each word met and not met, what their author is told, and what programs read."""

import json
import shutil
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from ivr_engine.dialplan.diagnostics import render
from ivr_engine.simulator.playing import Played, Results, play_files
from ivr_engine.simulator.results import as_json, as_junit, as_text
from ivr_engine.simulator.script import test_files as files_of_tests

ROOT = Path(__file__).parents[3]
ACME = ROOT / "dialplans" / "acme"


def written(folder: Path, *lines: str, name: str = "a test") -> Path:
    file = folder / "tests.yaml"
    text = "".join(f"    - {line}\n" for line in lines)
    file.write_text(f"hotline: {ACME}\ntests:\n  {name}:\n{text}", "utf-8")
    return file


def played(folder: Path, *lines: str) -> Played:
    results, findings = play_files([written(folder, *lines)])
    assert render(findings.found) == ""
    return results.played[0]


def test_the_shipped_hotlines_are_tested_whole() -> None:
    results, findings = play_files(files_of_tests([ROOT / "dialplans"]))
    assert render(findings.found) == ""
    assert [one.failure for one in results.played if one.failure] == []
    assert results.is_complete, as_text(results)
    tested = {where.name for where in results.missing}
    assert tested == {path.parent.name for path in (ROOT / "dialplans").glob("*/hotline.yaml")}


MET = [
    ("call", "hears: 您好，欢迎致电", "hears: 产品安全"),
    ("call", "hears: 您好", "hears: 通话将被录音", "hears: 产品安全"),  # twice in one text, in order
    ("call", "press: 1", "queue: urgent", "tags: [safety]", "hears: 优先转接", "talks to: 1001"),
    ("call", "tags: []"),
    ("call", "step: main", "step: otherwise", "{queue: general, within: 1s}"),
    ("call", "press: 99", "hears: 没有这个选项", "press: '#'", "queue: general"),
    ("call", "press: 2", "talks to: local", "hears nothing", "agent hangs up", "hung up"),
    ("call: 4000000999", "hung up"),
    ("seats: {1001: no answer}", "call", "press: 0", "rings: 1001", "rings: 1002", "talks to: 1002"),
    ("seats: {1001: busy}", "call", "press: 0", "{talks to: 1002, within: 5s}"),
    ("seats: {local: off}", "call", "press: 0", "talks to: chengdu"),
    ("seats: {all: off, 1003: on}", "call", "press: 0", "talks to: 1003"),
    ("seats: {all: off}", "call", "press: 0", "wait: 1m", "hears nothing", "seats: {all: on}", "talks to: 1001"),
    ("{other callers: 3, press: 2}", "call", "press: 1", "rings: chengdu"),
    ("at: 2027-02-17 03:00", "call", "wait: 90s", "queue: general"),
    ("seats: {local: off}", "seats: {all: on}", "call", "press: 0", "rings: local"),
    ("call", "{other callers: 1, press: 1}", "press: 2", "queue: general"),
    (  # the rest after the first talk is over in time, though the clock was put back
        "seats: {1002: off, 1003: off, chengdu: off}",
        "call",
        "press: 0",
        "talks to: 1001",
        "hangs up",
        "at: 2027-02-01 10:00",
        "call",
        "press: 0",
        "{talks to: 1001, within: 9s}",
    ),
    ("crisis: recall", "call", "hears: 召回", "crisis: off", "{call: 4000000400, from: 139}", "hears: 您好，欢迎"),
    (
        "{call: 4000000400, from: 139}",
        "{call: 4000000400, from: 138}",
        "press: 1",
        "caller: 139",
        "press: 2",
        "queue: general",
    ),
]


@pytest.mark.parametrize("lines", MET, ids=" · ".join)
def test_what_is_so_is_met(lines: tuple[str, ...], tmp_path: Path) -> None:
    result = played(tmp_path, *lines)
    assert result.failure is None, result.failure


UNMET = [
    (("press: 1",), "nobody has called yet: begin with `call`"),
    (
        ("call", "hears: 你好"),
        "the caller should hear “你好”, but hears “您好，欢迎致电。为了保证服务质量，通话将被录音。”",
    ),
    (
        ("call", "press: 1", "hears: 产品安全"),
        "the caller should hear “产品安全”, but hears “正在为您优先转接，请不要挂机。”; those words were over before",
    ),
    (  # the rest of a text that is over is over
        ("call", "hears: 您好", "hears: 产品安全", "press: 3", "hears: 咨询请按2"),
        "the caller should hear “咨询请按2”, but hears “正在为您转接投诉专员，请稍候。”",
    ),
    (
        ("call", "hears: 欢迎致电", "hears: 您好"),
        "the caller should hear “您好”, but hears “产品安全问题请按1，咨询请按2，投诉请按3，人工服务请按0。”",
    ),
    (("call", "press: 1", "talks to: 1001", "hears: 您"), "the caller should hear “您”, but hears no more words"),
    (("call", "press: 3", "press: 9"), "the caller cannot press 9: it means nothing, however long he waits"),
    (("call", "hangs up", "press: 9"), "the caller cannot press 9: it means nothing, his call is over"),
    (
        ("call", "hears nothing"),
        "the caller should hear nothing, but hears “您好，欢迎致电。为了保证服务质量，通话将被录音。”",
    ),
    (("call", "press: 3", "queue: urgent"), "the caller should join queue urgent, but joins complaint"),
    (("call", "{queue: general, within: 9s}"), "the caller should join queue general, but joins none"),
    (("call", "hangs up", "queue: general"), "the caller should join queue general, but joins none: the call is over"),
    (("call", "press: 1", "tags: [recall]"), "the caller's tags should be recall, but are safety"),
    (("call", "press: 1", "hangs up", "tags: []"), "the caller's tags should be none, but are safety"),
    (("call", "press: 1", "rings: 1002"), "1002 should be rung for the caller, but 1001 is"),
    (("seats: {all: off}", "call", "rings: local"), "local should be rung for the caller, but nobody is"),
    (("call", "press: 1", "talks to: chengdu"), "the caller should talk to chengdu, but talks to 1001 of local"),
    (
        ("seats: {all: no answer}", "call", "talks to: 1001"),
        "the caller should talk to 1001, but talks to nobody",
    ),
    (("call", "{step: otherwise, within: 3s}"), "the caller should come to step otherwise, but does not"),
    (("call", "step: main", "step: hello"), "the caller should come to step hello, but does not"),
    (("call", "press: 1", "hung up"), "the hotline should end the call, but it goes on"),
    (("call", "hangs up", "hung up"), "the hotline should end the call, but the caller hung up"),
    (("call", "hangs up", "hangs up"), "the caller cannot hang up: his call is over"),
    (("call", "agent hangs up"), "no agent talks to the caller"),
    (("call", "caller: 10086"), "10086 has not called; who has: 13800000000"),
    (
        ("call", "at: 2027-01-01 00:00"),
        "time does not run back while somebody calls: write an earlier `at` before the call",
    ),
]


@pytest.mark.parametrize(("lines", "message"), UNMET, ids=lambda value: value if isinstance(value, str) else "")
def test_what_is_not_so_is_told_at_its_line(lines: tuple[str, ...], message: str, tmp_path: Path) -> None:
    failure = played(tmp_path, *lines).failure
    assert failure is not None
    assert failure.message == f"a test: {message}"
    assert failure.line == 3 + len(lines)


def test_a_failure_is_shown_with_the_line_and_what_happened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, "call", "press: 2", "queue: urgent")
    results, _ = play_files([Path("tests.yaml")])
    assert as_text(results).startswith("""\
tests.yaml:6:7: FAILED a test: the caller should join queue urgent, but joins general
    6 |     - queue: urgent
      |       ^
  10:00:00  13800000000 calls 4000000400
  10:00:00  hello  “您好，欢迎致电。为了保证服务质量，通话将被录音。”
  10:00:06  main  “产品安全问题请按1，咨询请按2，投诉请按3，人工服务请按0。”
  10:00:06  presses 2
  10:00:06  main.2  (enqueue)
  10:00:06  joins queue general
  10:00:06  1001 is rung
  10:00:06  general  “正在为您转接人工客服，请稍候。”
acme, normal: steps never visited: main.1, main.3, main.0, otherwise
acme, normal: keys never pressed: main 1, main 3, main 0
acme, recall: steps never visited: hello, """)
    assert as_text(results).endswith("\n0 passed, 1 failed in 0.0 s")


WRONG = [
    ("pres: 1", "E205 `pres` is not a word of tests; did you mean `press`?"),
    ("hang up", "E205 `hang up` is not a word of tests; did you mean `hangs up`?"),
    ("press", "E202 `press` says not what; write for instance `- press: 12#`"),
    ("hangs up: now", "E203 `hangs up` takes nothing; write `- hangs up` alone"),
    ("{press: 1, queue: general}", "E206 two words in one line, `press` and `queue`; begin a new line, with `-`"),
    ("press: 1a", "E204 `tests › a test › press` must be keys of a telephone, not `1a`; write for instance `12#`"),
    ("queue: urgnt", "E302 there is no queue `urgnt`; did you mean `urgent`?"),
    ("step: mein", "E301 there is no step `mein`; did you mean `main`?"),
    ("seats: {1009: off}", "E304 there is no seat `1009`; did you mean `1003`?"),
    ("talks to: locl", "E304 there is no seat `locl`; did you mean `local`?"),
    ("crisis: recal", "E315 there is no profile `recal`; did you mean `recall`?"),
    ("seats: {1001: of}", "E204 `tests › a test › seats › 1001` cannot be `of`; did you mean `off`?"),
    (
        "at: 2027-02-30 03:00",
        "E204 there is no day `2027-02-30`; look at a calendar",
    ),
    ("{press: 1, within: 3s}", "E201 `tests › a test` has no setting `within`; known here: press"),
    ("[call]", "E205 `tests › a test` holds a line without a word; write for instance `- press: 1`"),
]


ANSWERS = [
    ("{customer: {found: {tier: gold}}}", []),
    ("{customer: {found: {teir: gold}}}", ["E314 the lookup `customer` keeps no `teir`; did you mean `tier`?"]),
    ("{customer: {found: {age: 9, tier: 1}}}", ["E314 the lookup `customer` keeps no `age`; it keeps: tier, due"]),
    ("{ping: {found: {tier: gold}}}", ["E314 the lookup `ping` keeps no `tier`; write `found` alone"]),
    ("{custom: {found: {tier: gold}}}", ["E313 there is no lookup `custom`; did you mean `customer`?"]),
]


@pytest.mark.parametrize(("answer", "told"), ANSWERS, ids=[answer for answer, _ in ANSWERS])
def test_a_system_can_only_answer_what_its_lookup_keeps(answer: str, told: list[str], tmp_path: Path) -> None:
    shop = ACME.joinpath("hotline.yaml").read_text("utf-8")
    lookups = "lookups: {customer: {system: crm, path: /c, keep: {tier: t, due: d}}, ping: {system: crm, path: /p}}\n"
    (tmp_path / "hotline.yaml").write_text(shop + lookups, "utf-8")
    (tmp_path / "seats.yaml").write_text(ACME.joinpath("seats.yaml").read_text("utf-8"), "utf-8")
    file = tmp_path / "tests.yaml"
    file.write_text(f"hotline: .\ntests:\n  a test: [lookup: {answer}]\n", "utf-8")
    _, findings = play_files([file])
    assert [f"{one.code} {one.message}; {one.remedy}" for one in findings.found] == told


@pytest.mark.parametrize(("line", "told"), WRONG, ids=[line for line, _ in WRONG])
def test_a_line_that_cannot_be_read_is_told(line: str, told: str, tmp_path: Path) -> None:
    results, findings = play_files([written(tmp_path, "call", line)])
    assert results.played == []
    assert [f"{one.code} {one.message}; {one.remedy}" for one in findings.found] == [told]
    assert findings.found[0].line == 5


def test_all_mistakes_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(f"hotline: {ACME}\ntests: {{a: [pres, hang], b: []}}\n", "utf-8")
    (tmp_path / "two.yaml").write_text("hotline: nowhere\ntests: {a: call}\n", "utf-8")
    _, findings = play_files([tmp_path / "one.yaml", tmp_path / "two.yaml"])
    assert [one.code for one in findings.found] == ["E205", "E205", "E209", "E203"]
    (tmp_path / "two.yaml").write_text("hotline: nowhere\ntests: {a: [call]}\n", "utf-8")
    _, findings = play_files([tmp_path / "two.yaml"])
    assert [str(one).partition(": ")[2] for one in findings.found] == [
        "E113 there is no hotline in `nowhere`; write its folder, seen from this file"
    ]


def test_tests_are_found_beside_and_in_hotlines(tmp_path: Path) -> None:
    for name in ("tests/all.yaml", "shop/tests/own.yaml", "shop/hotline.yaml", "tests/notes.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("", "utf-8")
    every = [tmp_path / "tests/all.yaml", tmp_path / "shop/tests/own.yaml"]
    assert files_of_tests([tmp_path]) == every
    assert files_of_tests([tmp_path / "tests"]) == every[:1]
    assert files_of_tests([tmp_path / "shop", tmp_path]) == every[::-1]
    assert files_of_tests([every[0], every[0]]) == every[:1]


@pytest.fixture
def mixed(tmp_path: Path) -> Results:
    file = written(tmp_path, "call", "press: 1", "queue: urgent", name="right & <good>")
    with file.open("a", encoding="utf-8") as more:
        more.write("  wrong: [call, {queue: urgent}]\n")
    return play_files([file])[0]


def test_programs_read_one_object(mixed: Results) -> None:
    told = json.loads(as_json(mixed))
    assert (told["passed"], told["failed"]) == (1, 1)
    assert [(one["test"], one["ok"]) for one in told["tests"]] == [("right & <good>", True), ("wrong", False)]
    failure = told["tests"][1]["failure"]
    assert (failure["line"], failure["message"]) == (7, "wrong: the caller should join queue urgent, but joins general")
    assert failure["story"][0] == "10:00:00  13800000000 calls 4000000400"
    normal = told["coverage"][0]
    assert normal["flow"] == "normal"
    assert normal["keys never pressed"] == ["main 2", "main 3", "main 0"]


def test_build_servers_read_junit(mixed: Results) -> None:
    (suite, said) = Xml.fromstring(as_junit(mixed))
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    right, wrong = suite
    assert right.get("name") == "right & <good>"
    assert len(right) == 0
    assert wrong[0].get("message") == "wrong: the caller should join queue urgent, but joins general"
    assert "keys never pressed: main 2" in (said.text or "")


def test_a_profile_s_callers_cover_ordinary_steps_too(tmp_path: Path) -> None:
    file = written(tmp_path, "crisis: recall", "call", "press: 0", "step: main", "press: 1", "queue: urgent")
    normal, recall = next(iter(play_files([file])[0].missing.values()))
    assert "main" not in normal.steps
    assert "main 1" not in normal.keys
    assert "hello" in normal.steps  # the ordinary one; the profile has its own
    assert "hello" not in recall.steps
    assert "recall-menu 0" not in recall.keys


def test_a_key_counts_though_a_wrong_one_came_before(tmp_path: Path) -> None:
    result = played(tmp_path, "call", "press: 9", "press: 1", "queue: urgent")
    assert result.visits.keys == {("normal", "main", "1")}


def test_the_tests_in_the_manual_pass(tmp_path: Path) -> None:
    manual = (ROOT / "docs" / "howto" / "test-a-dialplan.md").read_text("utf-8")
    example = manual.partition("```yaml fragment\n")[2].partition("```")[0]
    file = tmp_path / "tests.yaml"
    file.write_text(example.replace("../acme", str(ACME)), "utf-8")
    results, findings = play_files([file])
    assert render(findings.found) == ""
    assert [one.failure for one in results.played] == [None] * 3


def test_a_hundred_tests_are_played_at_once(tmp_path: Path) -> None:
    file = tmp_path / "many.yaml"
    one = "[call, {hears: 您好}, {press: 1}, {queue: urgent}, {talks to: 1001}, hangs up]"
    file.write_text(f"hotline: {ACME}\ntests:\n" + "".join(f"  t{n}: {one}\n" for n in range(100)), "utf-8")
    results, _ = play_files([file])
    assert results.failed == 0
    assert sum(test.seconds for test in results.played) < 5  # measured: 0.1 s; the rest is for busy machines


def test_people_who_must_sign_in_have(tmp_path: Path) -> None:
    shutil.copytree(ACME, tmp_path / "acme")
    seats = tmp_path / "acme" / "seats.yaml"
    signing = seats.read_text("utf-8").replace("[1001, 1002, 1003]", "[1001, 1002, 1003]\n    sign in: true")
    seats.write_text(signing, "utf-8")
    file = written(tmp_path, "call", "press: 2", "talks to: 1001")
    file.write_text(file.read_text("utf-8").replace(str(ACME), "acme"), "utf-8")
    results, findings = play_files([file])
    assert (render(findings.found), [one.failure for one in results.played]) == ("", [None])
