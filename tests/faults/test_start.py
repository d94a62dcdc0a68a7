"""An engine that cannot begin says why in one line, ends with status 1 and leaves nothing behind."""

import http.server
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ivr_engine.asterisk import AsteriskTelephony, Connection
from ivr_engine.commission import Plan, commission
from ivr_engine.dialplan.load import load
from ivr_engine.errors import StartError
from ivr_engine.nodes import NODE_TYPES
from ivr_engine.prompts import PromptBook
from ivr_engine.settings import TrunkSettings
from ivr_engine.stand.ports import Ports, reserved_ports
from tests.faults.shell import Ended, ivr, ivr_afresh

HOTLINE = Path(__file__).parent / "hotline"


@pytest.fixture(scope="module")
def prompts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("prompts")
    PromptBook(folder).build(load(HOTLINE, NODE_TYPES))
    return folder


@pytest.fixture(scope="module")
def ports() -> Iterator[Ports]:
    with reserved_ports() as block:
        yield block


@dataclass
class House:
    """A new hotline's folder, nothing of it running."""

    folder: Path
    spool: Path
    ari_port: int
    web_port: int

    @property
    def settings(self) -> Path:
        return self.folder / "ivr.yaml"

    def edit(self, old: str, new: str) -> None:
        text = self.settings.read_text("utf-8")
        assert old in text, text
        self.settings.write_text(text.replace(old, new), "utf-8")

    def serve(self) -> Ended:
        """Try to start the engine, and see that it left nothing half started."""
        ended = ivr("serve", "--settings", self.settings)
        with socket.socket() as trial:
            assert trial.connect_ex(("127.0.0.1", self.web_port)) != 0, "the web still answers"
        assert not self.spool.exists() or not list(self.spool.iterdir())
        assert not list((self.folder / "recordings").rglob("*.partial"))
        return ended


@pytest.fixture
def house(tmp_path: Path, prompts: Path, ports: Ports) -> Iterator[House]:
    spool = Path("/dev/shm") / f"ivr-start-{ports.first}"
    plan = Plan(
        dialplan=HOTLINE,
        prompts=prompts,
        spool=spool,
        ari_port=ports.one(),
        web_port=ports.one(),
        mqtt_port=None,
        trunks={"elsewhere": TrunkSettings(host="127.0.0.2")},
    )
    commission(tmp_path / "hotline", plan)
    spool.mkdir()
    try:
        yield House(tmp_path / "hotline", spool, plan.ari_port, plan.web_port)
    finally:
        if spool.exists():
            spool.rmdir()


# --- settings ---------------------------------------------------------------------------------------------------


def test_no_settings_file(tmp_path: Path) -> None:
    line = ivr_afresh("serve", cwd=tmp_path).only_line
    assert "ivr.yaml" in line
    assert "check the path" in line


def test_no_ari_password_file(house: House) -> None:
    (house.folder / "secrets" / "ari").unlink()
    line = house.serve().only_line
    assert "secrets/ari cannot be read: no such file" in line
    assert "create it, or set IVR_ARI_PASSWORD" in line


def test_an_unknown_key_is_named_with_the_one_that_was_meant(house: House) -> None:
    house.edit("journal:", "jounral:")
    line = house.serve().only_line
    assert "ivr.yaml:" in line
    assert "jounral" in line
    assert "journal" in line


def test_no_recipients(house: House) -> None:
    text = house.settings.read_text("utf-8")
    kept = [row for row in text.splitlines() if "recipients:" not in row]
    house.settings.write_text("\n".join(kept) + "\n", "utf-8")
    line = house.serve().only_line
    assert "recipients" in line
    assert "ivr keys init" in line


def test_a_key_that_is_none_is_refused_without_repeating_it(house: House) -> None:
    text = house.settings.read_text("utf-8")
    begin = text.index("[age1") + 1
    secret = "AGE-SECRET-KEY-1QQQQQQQQQQQQQQQQQQQQQQQQ"
    house.settings.write_text(text[:begin] + secret + text[text.index("]", begin) :], "utf-8")
    line = house.serve().only_line
    assert "private key" in line
    assert "QQQQ" not in line


def test_broken_yaml_in_the_dialplan(house: House) -> None:
    broken = house.folder / "broken"
    broken.mkdir()
    for file in HOTLINE.iterdir():
        (broken / file.name).write_text(file.read_text("utf-8").replace("then: main", "then: [main"), "utf-8")
    house.edit(str(HOTLINE), str(broken))
    line = house.serve().only_line
    assert "hotline.yaml:" in line


def test_a_dialplan_with_mistakes_names_the_first_and_their_number(house: House) -> None:
    broken = house.folder / "broken"
    broken.mkdir()
    for file in HOTLINE.iterdir():
        (broken / file.name).write_text(file.read_text("utf-8").replace("local-only}", "lokal-only}"), "utf-8")
    house.edit(str(HOTLINE), str(broken))
    line = house.serve().only_line
    assert "hotline.yaml:" in line
    assert "lokal-only" in line


def test_missing_prompts(house: House, prompts: Path) -> None:
    house.edit(str(prompts), str(house.folder / "no-prompts"))
    line = house.serve().only_line
    assert "no sound" in line
    assert "ivr prompts build" in line


def test_no_spool(house: House) -> None:
    house.edit(str(house.spool), str(house.spool / "no" / "such"))
    line = house.serve().only_line
    assert f"spool {house.spool}/no/such is not there" in line
    assert "tmpfs" in line


def test_a_spool_on_a_disk(house: House, tmp_path: Path) -> None:
    disk = tmp_path / "spool"
    disk.mkdir()
    house.edit(str(house.spool), str(disk))
    line = house.serve().only_line
    assert "plaintext sound may only be in memory" in line
    assert "tmpfs" in line


def test_a_vault_that_cannot_be_written(house: House) -> None:
    (house.folder / "recordings").write_text("in the way")
    line = house.serve().only_line
    assert "vault" in line
    assert "cannot be written" in line


# --- what others provide ----------------------------------------------------------------------------------------


def test_no_asterisk(house: House) -> None:
    line = ivr_afresh("serve", "--settings", house.settings).only_line
    assert f"no Asterisk answers at http://127.0.0.1:{house.ari_port}" in line
    assert "start it, or correct asterisk.url" in line


def test_the_broker_is_not_told_of_an_engine_that_could_not_start(house: House) -> None:
    """Also with MQTT configured, and no broker there, the one line is that of Asterisk."""
    house.edit("store:", "mqtt: {port: 1}\nstore:")
    assert "no Asterisk answers" in house.serve().only_line


def test_web_port_taken(house: House, fake_ari: Callable[[int, str], None]) -> None:
    fake_ari(house.ari_port, "22.10.1")
    with socket.create_server(("127.0.0.1", house.web_port)):
        line = ivr("serve", "--settings", house.settings).only_line
    assert f"web port 127.0.0.1:{house.web_port} is taken" in line
    assert "set another" in line


def test_asterisk_too_old(house: House, fake_ari: Callable[[int, str], None]) -> None:
    fake_ari(house.ari_port, "20.0.0")
    line = house.serve().only_line
    assert "is 20.0.0: 22.10.1 or newer is needed" in line


def test_asterisk_of_another_trade(house: House, fake_ari: Callable[[int, str], None]) -> None:
    """Something else listens there and answers 404 to everything."""
    fake_ari(house.ari_port, "")
    assert f"127.0.0.1:{house.ari_port}" in house.serve().only_line


async def test_asterisk_without_event_socket(
    house: House, fake_ari: Callable[[int, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ivr_engine.asterisk.telephony.FIRST_CONTACT_SECONDS", 0.3)
    fake_ari(house.ari_port, "22.10.1")
    at = Connection(
        f"http://127.0.0.1:{house.ari_port}/ari",
        "ivr",
        "x",
        "hotline.a",
        PromptBook(house.folder).path,
        frozenset(),
        frozenset(),
    )
    telephony = AsteriskTelephony(at)
    with pytest.raises(StartError, match="its event socket does not"):
        await telephony.start(lambda _: None)
    await telephony.stop()  # what the app does then; a vain start left nothing to stop


@pytest.fixture
def fake_ari() -> Iterator[Callable[[int, str], None]]:
    """An HTTP server that says it is an Asterisk of that version, and knows nothing else."""
    servers: list[http.server.ThreadingHTTPServer] = []

    def start(port: int, version: str) -> None:
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                known = version and self.path.startswith("/ari/asterisk/info")
                body = b'{"system": {"version": "%s", "entity_id": "x"}}' % version.encode() if known else b"{}"
                self.send_response(200 if known else 404)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


# --- the other commands -----------------------------------------------------------------------------------------


def test_crisis_without_an_engine(house: House) -> None:
    line = ivr("crisis", "on", "recall", "--settings", house.settings).only_line
    assert f"no engine answers at http://127.0.0.1:{house.web_port}" in line
    assert "ivr serve" in line


def test_keys_are_never_overwritten(tmp_path: Path) -> None:
    first = ivr("keys", "init", tmp_path / "keys")
    assert first.status == 0
    key = (tmp_path / "keys" / "recording-identity.txt").read_text()
    assert key.splitlines()[-1] not in first.out
    line = ivr("keys", "init", tmp_path / "keys").only_line
    assert "exists" in line
    assert (tmp_path / "keys" / "recording-identity.txt").read_text() == key


def test_init_does_not_overwrite_a_hotline(house: House) -> None:
    before = house.settings.read_bytes()
    assert "is there already" in ivr("init", house.folder, "--dialplan", HOTLINE).only_line
    assert house.settings.read_bytes() == before


def test_export_of_a_call_nobody_made(house: House) -> None:
    identity = house.folder / "keys" / "recording-identity.txt"
    out = house.folder / "x.wav"
    ended = ivr("recordings", "export", "nobody", "-o", out, "--identity", identity, "-s", house.settings)
    assert "no sealed recording of call nobody" in ended.only_line
    assert not out.exists()


def test_export_of_a_call_named_like_a_path(house: House) -> None:
    identity = house.folder / "keys" / "recording-identity.txt"
    ended = ivr(
        "recordings", "export", "../secrets/ari", "-o", house.folder / "x.wav", "--identity", identity, "-s",
        house.settings,
    )  # fmt: skip
    assert "cannot be a file name" in ended.only_line
