"""`ivr versions` with an engine and without one."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ivr_engine.cli import app, versions
from ivr_engine.dialplan.load import load
from ivr_engine.errors import HotlineError
from ivr_engine.nodes import NODE_TYPES
from ivr_engine.recording import keys
from ivr_engine.versions import Shelf, Standing, Use
from tests.simulation.world import ACME

SETTINGS = """dialplan: {acme}
prompts: prompts
asterisk: {{user: ivr, password file: secret}}
recording: {{spool: spool, vault: vault, recipients: [{recipient}]}}
web: {{port: 8090, token file: secret}}
state: state
"""


@pytest.mark.parametrize(("answers", "now"), [(True, "running, on disk"), (False, "ran last, on disk")])
def test_a_version_runs_only_where_an_engine_answers(
    answers: bool, now: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask(*_: Any, **__: Any) -> dict[str, str]:
        if not answers:
            raise HotlineError("no engine answers")
        return {}

    (tmp_path / "secret").write_text("s3cret\n")
    settings = tmp_path / "ivr.yaml"
    settings.write_text(SETTINGS.format(acme=ACME, recipient=keys.init(tmp_path / "keys")[1]), "utf-8")
    hotline: Any = load(ACME, NODE_TYPES)
    shelf = Shelf(tmp_path / "state" / "versions")
    shelf.keep(hotline, ACME, Use(1.0, "Li", "start"))
    shelf.stand(Standing(hotline.version, hotline.version))
    monkeypatch.setattr(versions, "ask", ask)
    result = CliRunner().invoke(app, ["versions", "--json", "-s", str(settings)])
    assert [row["now"] for row in json.loads(result.stdout)] == [now]
