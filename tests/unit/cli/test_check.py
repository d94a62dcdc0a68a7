"""`ivr check` as people, programs and pull requests read it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ivr_engine.cli import app
from ivr_engine.dialplan.diagnostics import CODES, Diagnostic, Severity
from ivr_engine.dialplan.explained import explained
from ivr_engine.dialplan.reports import as_github, as_json
from ivr_engine.recording import keys

BROKEN = """hotline: shop
numbers: ["4000000400"]
languages: [zh-CN]
timezone: Asia/Shanghai
start: nain
fallback: {say: 您好。, agents: [1001]}
pools: {local: {agents: [1001]}}
queues: {general: {pools: [local]}, idle: {pools: [local]}}
steps:
  main: {enqueue: general}
  night: {goto: mian}
"""


SETTINGS = """dialplan: shop.yaml
prompts: prompts
asterisk: {user: ivr, password file: secret}
recording: {spool: spool, vault: vault, recipients: [RECIPIENT]}
web: {port: 8090, token file: secret}
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop.yaml").write_text(BROKEN, "utf-8")
    return tmp_path


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["check", *arguments])
    return result.exit_code, result.stdout


def test_people_read_the_line_and_what_to_do() -> None:
    status, said = run("shop.yaml")
    assert status == 1
    assert "shop.yaml:5:8: E301 there is no step `nain`\n    5 | start: nain\n" in said
    assert said.endswith("2 errors, 1 warning\nwhat a code means: ivr check --explain E301\n")


def test_texts_without_sound_do_not_bury_a_mistake_that_no_command_mends(here: Path) -> None:
    words = "".join(f"  s{n}: {{say: 第{n}句。, then: {'main' if n == 3 else f's{n + 1}'}}}\n" for n in range(4))
    right = BROKEN.replace("nain", "s0").replace("mian", "main").replace(", idle: {pools: [local]}", "")
    (here / "shop.yaml").write_text(right + words, "utf-8")
    status, said = run("shop.yaml")
    assert status == 1
    assert said.count("E308") == 2  # the line, and which code can be explained
    assert "shop.yaml: E308 5 texts have no sound yet\n  run `ivr prompts build`\n" in said
    assert said.endswith("5 errors, 1 warning\nwhat a code means: ivr check --explain E308\n")
    assert len(json.loads(run("--format", "json", "shop.yaml")[1])["found"]) == 6


def test_the_code_of_the_first_error_is_explained_not_that_of_a_warning(here: Path) -> None:
    (here / "shop.yaml").write_text(BROKEN.replace("nain", "main"), "utf-8")
    assert run("shop.yaml")[1].endswith("1 error, 1 warning\nwhat a code means: ivr check --explain E301\n")


def test_where_nothing_is_named_the_dialplan_of_the_settings_here_is_checked(here: Path) -> None:
    (here / "secret").write_text("s3cret\n")
    recipient = keys.init(here / "keys")[1]
    (here / "ivr.yaml").write_text(SETTINGS.replace("RECIPIENT", recipient), "utf-8")
    assert "shop.yaml:5:8: E301" in run()[1]


def test_with_the_settings_here_their_sounds_are_looked_for(here: Path) -> None:
    (here / "secret").write_text("s3cret\n")
    recipient = keys.init(here / "keys")[1]
    text = SETTINGS.replace("RECIPIENT", recipient).replace("prompts: prompts", "prompts: sounds")
    (here / "ivr.yaml").write_text(text, "utf-8")
    (here / "shop.yaml").write_text(BROKEN.replace("nain", "main").replace("mian", "main"), "utf-8")
    told = run()[1].split("ivr prompts build --prompts ")[1].splitlines()[0]
    assert [Path(word).name for word in told.split()] == ["sounds", "shop.yaml"]
    assert "ivr prompts build --prompts prompts shop.yaml\n" in run("shop.yaml")[1]
    assert "ivr prompts build --prompts elsewhere " in run("--prompts", "elsewhere")[1]


def test_programs_read_one_object() -> None:
    status, said = run("--format", "json", "shop.yaml")
    told = json.loads(said)
    assert status == 1
    assert (told["errors"], told["warnings"]) == (2, 1)
    assert told["found"][0] == {
        "file": "shop.yaml",
        "line": 5,
        "column": 8,
        "code": "E301",
        "severity": "error",
        "message": "there is no step `nain`",
        "remedy": "did you mean `main`?",
        "excerpt": "start: nain",
    }
    assert [(one["code"], one["severity"]) for one in told["found"][1:]] == [("W403", "warning"), ("E301", "error")]


def test_a_pull_request_shows_each_mistake_at_its_line() -> None:
    status, said = run("--format", "github", "shop.yaml")
    assert status == 1
    first, second, third, summary = said.splitlines()
    assert first == "::error file=shop.yaml,line=5,col=8,title=E301::there is no step `nain`; did you mean `main`?"
    assert second.startswith("::warning file=shop.yaml,line=8,col=37,title=W403::")
    assert third.startswith("::error file=shop.yaml,line=11,col=17,title=E301::")
    assert summary == "2 errors, 1 warning"


@pytest.mark.parametrize("form", ["text", "json", "github"])
def test_the_exit_status_does_not_depend_on_the_format(form: str, here: Path) -> None:
    (here / "empty").mkdir()
    assert run("--format", form, "empty")[0] == 1
    assert run("--format", form, "shop.yaml")[0] == 1


def test_nothing_wrong_is_told_in_every_format(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ivr_engine.cli.dialplans.check_paths", lambda *_: [])
    assert run() == (0, "0 errors, 0 warnings\n")
    assert run("--format", "github") == (0, "0 errors, 0 warnings\n")
    status, said = run("--format", "json")
    assert (status, json.loads(said)) == (0, {"errors": 0, "warnings": 0, "found": []})


def test_another_format_is_a_wrong_option() -> None:
    assert run("--format", "xml")[0] == 2


def test_what_would_end_a_workflow_command_is_escaped() -> None:
    odd = Diagnostic("a,b:c%.yaml", 0, 0, "W401", "100%\n::error::gotcha", "do\rit", Severity.WARNING)
    assert as_github([odd]) == ("::warning file=a%2Cb%3Ac%25.yaml,title=W401::100%25%0A::error::gotcha; do%0Dit")


def test_mistakes_are_told_in_the_order_of_the_files() -> None:
    late, early = (Diagnostic("a", line, 1, "E301", "m", "r") for line in (10, 9))
    assert [one["line"] for one in json.loads(as_json([late, early]))["found"]] == [9, 10]
    assert as_github([late, early]).splitlines()[0].startswith("::error file=a,line=9,")


def test_a_code_is_explained_in_words_without_links() -> None:
    status, said = run("--explain", "e205")
    assert status == 0
    assert said.startswith("E205: an unknown word\n\n")
    assert "What to do · 怎么办: Use one of the words." in said


def test_a_code_there_is_not_is_guessed() -> None:
    result = CliRunner().invoke(app, ["check", "--explain", "E300"])
    assert result.exit_code == 2
    assert "there is no code E300" in result.stderr


def test_every_explanation_is_for_a_code_and_can_be_read_in_a_shell() -> None:
    for code in CODES:
        assert "](" not in explained(code)


def test_an_answer_for_which_there_is_no_room_is_one_line() -> None:
    with Path("/dev/full").open("w") as full:
        command = (sys.executable, "-m", "ivr_engine.cli", "check", "shop.yaml")
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "ivr: there is no room for all that is to be written: make room, then say it again\n"
