"""What we start ends with us, says why it fails, and never meets another stand's ports."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from ivr_engine.errors import StartError
from ivr_engine.stand.broker import Broker
from ivr_engine.stand.ports import require_free, reserved_ports
from ivr_engine.stand.process import Child


async def test_child_does_not_outlive_a_killed_parent(tmp_path: Path) -> None:
    code = (
        "import asyncio, pathlib, sys\n"
        "from ivr_engine.stand.process import Child\n"
        "async def main():\n"
        "    child = await Child.start('sleeper', ['sleep', '60'], log=pathlib.Path(sys.argv[1]))\n"
        "    print(child.pid, flush=True)\n"
        "    await child.wait()\n"
        "asyncio.run(main())\n"
    )
    argv = (sys.executable, "-c", code, str(tmp_path / "log"))
    parent = await asyncio.create_subprocess_exec(*argv, stdout=asyncio.subprocess.PIPE)
    assert parent.stdout
    pid = int(await parent.stdout.readline())
    os.kill(parent.pid, signal.SIGKILL)
    await parent.wait()

    async with asyncio.timeout(30):
        while is_alive(pid):  # the kernel tells nobody
            await asyncio.sleep(0.02)


async def test_child_that_dies_says_why(tmp_path: Path) -> None:
    child = await Child.start("liar", ["sh", "-c", "echo no such port; exit 3"], log=tmp_path / "log")

    async def never() -> bool:
        return False

    with pytest.raises(StartError, match=r"code 3.*no such port"):
        await child.ready(never, within=30)


@pytest.mark.real
async def test_broker_comes_back_on_its_port_after_a_kill(tmp_path: Path) -> None:
    with reserved_ports() as ports:
        broker = Broker(tmp_path / "broker", ports.one())
        await broker.start()
        with pytest.raises(StartError, match="is taken"):
            require_free("127.0.0.1", broker.port, "a test")
        await broker.kill()
        await broker.start()
        await broker.stop()
        require_free("127.0.0.1", broker.port, "a test")


async def test_missing_program_is_named(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="no program no-such-thing; run: make setup"):
        await Child.start("ghost", ["no-such-thing"], log=tmp_path / "log")


async def test_child_that_is_never_ready_is_ended(tmp_path: Path) -> None:
    child = await Child.start("sleeper", ["sleep", "60"], log=tmp_path / "log")

    async def never() -> bool:
        return False

    with pytest.raises(StartError, match=r"not ready within 0.2 s"):
        await child.ready(never, within=0.2)
    assert child.returncode == -signal.SIGTERM


def test_two_stands_never_share_a_port() -> None:
    with reserved_ports() as one, reserved_ports() as other:
        assert not set(one.several(300)) & set(other.several(300))


def is_alive(pid: int) -> bool:
    try:
        return ") Z" not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
