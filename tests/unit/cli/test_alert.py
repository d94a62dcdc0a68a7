"""`ivr alert test` as it is typed before it matters."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from ivr_engine.cli import app
from ivr_engine.errors import HotlineError
from ivr_engine.recording import keys

SETTINGS = """dialplan: hotline.yaml
prompts: prompts
asterisk: {user: ivr, password file: secret}
recording: {spool: spool, vault: vault, recipients: [RECIPIENT]}
web: {port: 8090, token file: secret}
messengers:
  page: {command: [/bin/sh, -c, 'cat >"$0"', FOLDER/told]}
  broken: {command: [/bin/sh, -c, "echo no credit >&2; exit 7"]}
people:
  duty: {page: [li.wei]}
  leadership: {page: [li.wei], broken: [13812345678]}
"""


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    (tmp_path / "secret").write_text("s3cret\n")
    path = tmp_path / "ivr.yaml"
    recipient = keys.init(tmp_path / "keys")[1]
    path.write_text(SETTINGS.replace("RECIPIENT", recipient).replace("FOLDER", str(tmp_path)), "utf-8")
    return path


def test_everybody_of_a_group_is_told_that_it_is_a_test(settings: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["alert", "test", "duty", "-s", str(settings)])
    assert result.exit_code == 0
    assert "page li.wei: sent in 0." in result.output
    assert '"kind":"test"' in (tmp_path / "told").read_text("utf-8")
    assert not (tmp_path / "state").exists(), "the engine's own alerts are not touched"


def test_one_who_was_not_reached_is_told_masked_and_fails(settings: Path) -> None:
    result = CliRunner().invoke(app, ["alert", "test", "leadership", "-s", str(settings)])
    assert result.exit_code == 1
    assert "page li.wei: sent" in result.output
    assert "broken 138****5678: NOT SENT: it ended with status 7: no credit" in result.output


def test_a_group_of_nobody_is_refused_with_those_there_are(settings: Path) -> None:
    result = CliRunner().invoke(app, ["alert", "test", "dutty", "-s", str(settings)])
    assert isinstance(result.exception, HotlineError)
    assert "known: duty, leadership" in str(result.exception)
