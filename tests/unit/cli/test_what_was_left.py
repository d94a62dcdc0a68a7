"""What people see and say of messages and wishes from the shell."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ivr_engine.cli import app
from ivr_engine.errors import HotlineError
from ivr_engine.model.causes import Outcome
from ivr_engine.model.ids import CallId
from ivr_engine.model.notices import CallRecord
from ivr_engine.recording import keys
from ivr_engine.recording.seal import seal
from ivr_engine.store import database, rows
from ivr_engine.store.tables import MessageRow, WishRow

MESSAGE, WISH, CALLER = "hotline-1.1.message-general-3", "hotline-1.1.wish4", "13812345678"


@pytest.fixture
def hotline(tmp_path: Path) -> Path:
    _, recipient = keys.init(tmp_path / "keys")
    for secret in ("ari", "web"):
        (tmp_path / secret).write_text("secret")
    (tmp_path / "ivr.yaml").write_text(
        f"""\
dialplan: dialplan
prompts: prompts
asterisk: {{user: ivr, password file: ari}}
recording: {{spool: spool, vault: vault, recipients: [{recipient}]}}
web: {{port: 9464, token file: web}}
"""
    )
    url = f"sqlite:///{tmp_path / 'calls.db'}"
    database.upgrade(url)
    engine = database.connect(url)
    call = CallRecord(CallId("hotline-1.1"), "400", CALLER, "normal", Outcome.COMPLETED_IN_MENU, 1.0, 2.0)
    wish = WishRow(WISH, "hotline-1.1", "general", CALLER, 1.0, 2.0)
    rows.write(engine, [call, MessageRow(MESSAGE, "hotline-1.1", "general", 2.0, 1.0), wish])
    engine.dispose()
    raw = tmp_path / f"{MESSAGE}.raw"
    raw.write_bytes(bytes(16000))
    seal(raw, tmp_path / "vault", [recipient], 1_800_000_000.0)
    return tmp_path


def ivr(hotline: Path, *arguments: str) -> str:
    result = CliRunner().invoke(app, [*arguments, "-s", str(hotline / "ivr.yaml")], env={"COLUMNS": "200"})
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.stdout


def test_a_message_is_listed_masked_heard_and_marked(hotline: Path) -> None:
    listed = ivr(hotline, "messages", "list")
    assert MESSAGE in listed
    assert "138****5678" in listed
    assert CALLER not in listed
    assert CALLER in ivr(hotline, "messages", "list", "--numbers")
    ivr(hotline, "messages", "done", MESSAGE, "--by", "li.wei")
    assert json.loads(ivr(hotline, "messages", "list", "--json")) == []
    assert "li.wei" in ivr(hotline, "messages", "list", "--all")
    with pytest.raises(HotlineError, match="no unheard message"):
        ivr(hotline, "messages", "done", MESSAGE, "--by", "zhang")


def test_a_message_is_opened_with_the_private_key(hotline: Path) -> None:
    key, out = hotline / "keys" / keys.IDENTITY_FILE, hotline / "message.wav"
    ivr(hotline, "messages", "export", MESSAGE, "-o", str(out), "--identity", str(key))
    assert out.stat().st_size == 16044


def test_a_wish_shows_the_number_to_dial_until_somebody_is_reached(hotline: Path) -> None:
    assert CALLER in ivr(hotline, "callbacks", "list")
    ivr(hotline, "callbacks", "done", WISH, "--by", "li.wei", "--result", "not-reached")
    (open_one,) = json.loads(ivr(hotline, "callbacks", "list", "--json"))
    assert (open_one["attempts"], open_one["tried_by"], open_one["number"]) == (1, "li.wei", CALLER)
    ivr(hotline, "callbacks", "done", WISH, "--by", "zhang")
    assert json.loads(ivr(hotline, "callbacks", "list", "--json")) == []
    assert "reached" in ivr(hotline, "callbacks", "list", "--all")
