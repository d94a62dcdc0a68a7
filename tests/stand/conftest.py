"""A hotline and a remote site on real Asterisks, once for all tests of a file that asks for them."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from ivr_engine.provision import Agent, HotlineSite, RemoteSite, Trunk, hash_password, new_password
from ivr_engine.stand.phones import Line
from ivr_engine.stand.ports import Ports, reserved_ports
from ivr_engine.stand.site import AsteriskSite, find_asterisk, find_installation

NUMBER = "4000000400"
POOL = "4001"


@dataclass(frozen=True)
class Pair:
    """Both sites, started, and all a test needs to call them."""

    hotline: AsteriskSite
    remote: AsteriskSite
    site: HotlineSite
    remote_site: RemoteSite
    ari_password: str
    folder: Path
    ports: Ports

    def line(self, name: str, *, host: str = "127.0.0.1", server: AsteriskSite | None = None) -> Line:
        far = (server or self.hotline).site
        return Line(
            folder=self.folder / name,
            sip_port=self.ports.one(),
            media_port=self.ports.several(4).start,
            server_port=far.sip_port,
            server=far.bind,
            host=host,
        )


def silence(folder: Path) -> Path:
    """A greeting short enough not to make the tests wait; named as Asterisk wants it, without the suffix."""
    (folder / "greeting.sln").write_bytes(bytes(8000))
    return folder / "greeting"


@pytest.fixture(scope="module")
def ports() -> Iterator[Ports]:
    with reserved_ports() as block:
        yield block


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pair(tmp_path_factory: pytest.TempPathFactory, ports: Ports) -> AsyncIterator[Pair]:
    folder = tmp_path_factory.mktemp("pair")
    installation = find_installation(find_asterisk())
    password = new_password()
    sip_port, remote_port = ports.one(), ports.one()
    site = HotlineSite(
        name="hotline",
        directory=folder / "hotline",
        installation=installation,
        sip_port=sip_port,
        http_port=ports.one(),
        rtp_ports=ports.several(100),
        ari_user="engine",
        ari_password_hash=hash_password(password),
        recording_dir=folder / "recordings",
        numbers=(NUMBER,),
        trunks=(Trunk("carrier", "127.0.0.1", ports.one(), watch=False), Trunk("chengdu", "127.0.0.2", remote_port)),
        agents=(Agent("1001", new_password()), Agent("1002", new_password())),
        fallback_agents=("1001",),
        fallback_prompts=(silence(folder),),
    )
    remote_site = RemoteSite(
        name="remote",
        directory=folder / "remote",
        installation=installation,
        sip_port=remote_port,
        rtp_ports=ports.several(50),
        numbers=(POOL,),
        hotline=Trunk("hotline", "127.0.0.1", sip_port),
        remote_seats=2,
        tone_hz=740,
        talk_seconds=3,
        bind="127.0.0.2",
    )
    hotline, remote = AsteriskSite(site), AsteriskSite(remote_site)
    try:
        await remote.start()  # first, so that the hotline finds the trunk alive when it looks
        await hotline.start()
        yield Pair(hotline, remote, site, remote_site, password, folder, ports)
    finally:
        await hotline.stop()
        await remote.stop()
