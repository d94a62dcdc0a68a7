"""`ivr simulate` and `ivr test-dialplan` as they are typed."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ivr_engine.cli import app
from ivr_engine.cli.rehearse import simulate

ROOT = Path(__file__).parents[3]
ACME = str(ROOT / "dialplans" / "acme")


def run(*arguments: str, typed: str = "") -> tuple[int, str]:
    result = CliRunner().invoke(app, arguments, input=typed)
    return result.exit_code, result.stdout


def test_piped_lines_are_followed_and_shown_without_colours() -> None:
    status, said = run("simulate", ACME, "--at", "2027-02-17 03:00", typed="1\n\n# a remark\nnext\nfoo\nquit\n9\n")
    assert status == 0
    assert "03:00:00  hello          “您好，欢迎致电。" in said
    assert "\n> 1\n" in said
    assert "talks to 1001 of local" in said
    assert "`foo` means nothing here; type `help`" in said
    assert "remark" not in said
    assert "> 9" not in said
    assert "\x1b" not in said


def test_lines_may_stand_in_a_file_and_words_in_another_language(tmp_path: Path) -> None:
    script = tmp_path / "lines"
    script.write_text("#\nhelp\n", "utf-8")
    status, said = run("simulate", ACME, "--language", "en", "--script", str(script))
    assert status == 0
    assert "Sorry, that is not one of the choices." in said  # `#` alone is a key
    assert "let time pass until something happens" in said


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--language", "fr"), "acme speaks zh-CN, en"),
        (("--at", "noon"), "`at` must be a day and a time such as 2027-02-17 18:00, not `noon`"),
        (("--script", "nowhere"), "nowhere cannot be read: no such file or directory"),
    ],
)
def test_a_wrong_option_is_told(arguments: tuple[str, ...], told: str) -> None:
    result = CliRunner().invoke(app, ["simulate", ACME, *arguments], env={"COLUMNS": "200"})
    assert result.exit_code == 2
    assert told in result.stderr


def test_shipped_tests_pass_and_are_complete() -> None:
    status, said = run("test-dialplan", str(ROOT / "dialplans"), "--require-all")
    assert (status, said.splitlines()[-1].split(" in ")[0].split(", ")[1]) == (0, "0 failed"), said


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "tests.yaml"
    file.write_text(f"hotline: {ACME}\ntests: {{one: [call, {{press: 1}}, {{queue: urgent}}]}}\n", "utf-8")
    return file


def test_require_all_fails_when_something_was_not_come_to(file: Path) -> None:
    assert run("test-dialplan", str(file))[0] == 0
    status, said = run("test-dialplan", str(file), "--require-all")
    assert status == 1
    assert "acme, normal: keys never pressed: main 2, main 3, main 0\n" in said


@pytest.mark.parametrize("form", ["text", "json", "junit"])
def test_the_exit_status_does_not_depend_on_the_format(form: str, file: Path) -> None:
    assert run("test-dialplan", "--format", form, str(file))[0] == 0
    file.write_text(file.read_text("utf-8").replace("urgent", "general"), "utf-8")
    assert run("test-dialplan", "--format", form, str(file))[0] == 1


def test_a_file_that_cannot_be_read_is_told_like_a_hotline(file: Path) -> None:
    file.write_text(file.read_text("utf-8").replace("urgent", "urgnt"), "utf-8")
    result = CliRunner().invoke(app, ["test-dialplan", str(file)])
    assert result.exit_code == 1
    assert "E302 there is no queue `urgnt`\n" in result.stderr
    assert "did you mean `urgent`?" in result.stderr


def test_no_tests_at_all_is_a_wrong_call(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["test-dialplan", str(tmp_path)], env={"COLUMNS": "200"})
    assert result.exit_code == 2
    assert "there are no tests: write some in a folder `tests`" in result.stderr


def test_check_tells_how_long_callers_take(tmp_path: Path) -> None:
    status, said = run("check", ACME, "--waits", "--prompts", str(tmp_path), "--format", "json")
    told = json.loads(said)
    assert status == 1  # no prompt has a sound there
    assert [(one["flow"], one["caller"]) for one in told["waits"][:2]] == [
        ("normal", "presses nothing"),
        ("normal", "presses only wrong keys"),
    ]
    assert all(one["estimated"] for one in told["waits"])
    assert "acme, recall: who presses nothing: " in run("check", ACME, "--waits", "--prompts", str(tmp_path))[1]


def test_without_any_input_a_call_is_made_and_nothing_is_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)  # as under `ivr simulate … <&-`
    simulate(Path(ACME))
