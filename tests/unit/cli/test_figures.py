"""What people see of the figures in the shell: tables that fit a terminal, CSV and JSON, and no number."""

import csv
import io
import json
import time
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner

from ivr_engine.cli import app
from ivr_engine.errors import DialplanError, RefusedError
from ivr_engine.model.causes import Outcome
from ivr_engine.model.ids import CallId, PoolName, QueueName, SeatId
from ivr_engine.model.notices import CallRecord
from ivr_engine.recording import keys
from ivr_engine.store import database, rows
from tests.simulation.world import ACME

CALLER, QUEUE = "13812345678", QueueName("urgent")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    _, recipient = keys.init(tmp_path / "keys")
    (tmp_path / "secret").write_text("a secret long enough")
    (tmp_path / "ivr.yaml").write_text(
        f"""\
dialplan: {ACME}
prompts: prompts
asterisk: {{user: ivr, password file: secret}}
recording: {{spool: spool, vault: vault, recipients: [{recipient}]}}
web: {{port: 9464, token file: secret}}
store: {{url: "sqlite:///{tmp_path / "calls.db"}"}}
"""
    )
    url = f"sqlite:///{tmp_path / 'calls.db'}"
    database.upgrade(url)
    engine = database.connect(url)
    at = time.time() - 600
    answered = CallRecord(CallId("h-1.1"), "400", CALLER, "normal", Outcome.ANSWERED, at, at + 160, QUEUE, at, at + 60)
    left = CallRecord(CallId("h-2.1"), "400", CALLER, "normal", Outcome.ABANDONED_IN_QUEUE, at, at + 40, QUEUE, at)
    rows.write(engine, [taken(answered), left])
    engine.dispose()
    return tmp_path


def taken(record: CallRecord) -> CallRecord:
    return msgspec.structs.replace(record, pool=PoolName("local"), seat=SeatId("1001"), offers=1)


def figures(site: Path, *arguments: str) -> str:
    told = ["figures", "--since", "1h", *arguments, "-s", str(site / "ivr.yaml")]
    result = CliRunner().invoke(app, told, env={"COLUMNS": "80"})
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.stdout


@pytest.mark.parametrize("by", ["all", "queue", "pool", "region", "agent", "hour", "flow"])
def test_tables_fit_a_terminal_and_hold_no_number(site: Path, by: str) -> None:
    shown = figures(site, "--by", by)
    assert CALLER not in shown
    assert "60 s" in shown
    assert ("接通率" in shown) is (by not in ("agent", "pool"))
    assert "urgent: 0% within 20 s, 80% were promised." in shown
    cells = [line for line in shown.splitlines() if line.startswith("│")]
    assert not any(line.startswith("│ │") or line.split("│")[1].strip() == "" for line in cells)  # none is folded


def test_csv_and_json_have_every_figure(site: Path) -> None:
    whole = json.loads(figures(site, "--by", "queue", "--format", "json"))
    assert (whole["total"]["offered"], whole["total"]["answered"], whole["total"]["service_level"]) == (2, 1, 0.0)
    read = list(csv.DictReader(io.StringIO(figures(site, "--by", "queue", "--format", "csv"))))
    assert [row["group"] for row in read] == ["urgent", "all"]
    assert (read[0]["wait_p95"], read[0]["abandoned_30-60"], read[0]["answer_rate"]) == ("60.0", "1", "0.5")
    assert {"wait_mean", "occupancy", "resolved_so_far"} <= read[0].keys()


def test_what_cannot_be_asked_says_what_can(site: Path) -> None:
    with pytest.raises(RefusedError, match="no waits that grow"):
        figures(site, "--bands", "30,10")
    (site / "ivr.yaml").write_text((site / "ivr.yaml").read_text().replace(str(ACME), str(site / "none")))
    with pytest.raises(DialplanError, match="what the queues promise stands in the dialplan"):
        figures(site)
