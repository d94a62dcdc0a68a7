"""`ivr lookup` as it is typed when callers are said not to be known any more."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ivr_engine.cli import app
from ivr_engine.errors import HotlineError
from ivr_engine.recording import keys

HOTLINE = """hotline: shop
numbers: ["4000000400"]
languages: [zh-CN]
start: who
lookups:
  customer: {system: crm, path: "/customers/<caller>?order=<order>", keep: {tier: tier}}
fallback: {say: 您好。, agents: [1001]}
pools: {local: {agents: [1001]}}
queues: {general: {pools: [local]}}
steps:
  who: {set: {order: "1"}, then: ask}
  ask: {lookup: customer, then: otherwise, failed: otherwise}
  otherwise: {enqueue: general}
"""
SETTINGS = """dialplan: hotline.yaml
prompts: prompts
asterisk: {user: ivr, password file: secret}
recording: {spool: spool, vault: vault, recipients: [RECIPIENT]}
web: {port: 8090, token file: secret}
systems:
  crm: {url: "URL", token file: secret}
"""


class Crm(BaseHTTPRequestHandler):
    asked: list[tuple[str, str | None]]

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers["Authorization"]))
        known = self.path.startswith("/v2/customers/138")
        self.send_response(200 if known else 500)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write('{"tier": "金卡"}'.encode())

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def crm() -> Iterator[ThreadingHTTPServer]:
    Crm.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Crm)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def settings(tmp_path: Path, crm: ThreadingHTTPServer) -> Path:
    (tmp_path / "hotline.yaml").write_text(HOTLINE, "utf-8")
    (tmp_path / "secret").write_text("s3cret\n")
    path = tmp_path / "ivr.yaml"
    recipient = keys.init(tmp_path / "keys")[1]
    url = f"http://127.0.0.1:{crm.server_address[1]}/v2"
    path.write_text(SETTINGS.replace("RECIPIENT", recipient).replace("URL", url), "utf-8")
    return path


def test_it_says_what_the_system_said_and_how_long_it_took(settings: Path) -> None:
    result = CliRunner().invoke(
        app, ["lookup", "customer", "--caller", "13800000000", "--value", "order=8 0", "-s", str(settings)]
    )
    first, *kept = result.stdout.splitlines()
    assert (result.exit_code, kept) == (0, ["tier: 金卡"])
    assert first.startswith("found after ")
    assert first.endswith(" ms (callers wait at most 2 s)")
    assert Crm.asked == [("/v2/customers/13800000000?order=8%200", "Bearer s3cret")]


def test_what_a_question_lacks_is_named_and_nobody_asked(settings: Path) -> None:
    result = CliRunner().invoke(app, ["lookup", "customer", "-s", str(settings)])
    assert (result.exit_code, Crm.asked) == (1, [])
    first, *missing = result.stdout.splitlines()
    assert first.startswith("nobody was asked")
    assert missing == [
        "the path needs <caller>: add --caller 13800000000",
        "the path needs <order>: add --value order=…",
    ]


def test_a_failure_says_why_and_is_one_to_the_shell(settings: Path) -> None:
    result = CliRunner().invoke(
        app, ["lookup", "customer", "--caller", "139", "--value", "order=8", "-s", str(settings)]
    )
    assert result.exit_code == 2
    assert "crm: it answered 500" in result.stdout


@pytest.mark.parametrize(
    ("name", "change", "why"),
    [
        ("custmer", ("", ""), r"has no lookup 'custmer' \(known: customer\)"),
        ("customer", ("crm: {url", "erp: {url"), "asks the system 'crm', which the settings do not name"),
        ("customer", ("token file", "ca file: nothing.pem, token file"), "the certificates in .*nothing.pem"),
    ],
)
def test_what_cannot_be_tried_is_told_in_one_line(settings: Path, name: str, change: tuple[str, str], why: str) -> None:
    text = settings.read_text("utf-8")
    head, systems = text.split("systems:")
    settings.write_text(head + "systems:" + systems.replace(*change), "utf-8")
    result = CliRunner().invoke(app, ["lookup", name, "--caller", "139", "-s", str(settings)])
    assert isinstance(result.exception, HotlineError)
    assert "\n" not in str(result.exception)
    with pytest.raises(HotlineError, match=why):
        raise result.exception
