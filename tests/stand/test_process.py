"""What we start ends with us, says why it fails, and never meets another stand's ports."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from ivr_engine.errors import StartError
from ivr_engine.stand.ports import reserved_ports
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

    async with asyncio.timeout(5):
        while is_alive(pid):  # the kernel tells nobody
            await asyncio.sleep(0.02)


async def test_child_that_dies_says_why(tmp_path: Path) -> None:
    child = await Child.start("liar", ["sh", "-c", "echo no such port; exit 3"], log=tmp_path / "log")

    async def never() -> bool:
        return False

    with pytest.raises(StartError, match=r"code 3.*no such port"):
        await child.ready(never, within=5)


def test_two_stands_never_share_a_port() -> None:
    with reserved_ports() as one, reserved_ports() as other:
        assert not set(one.several(300)) & set(other.several(300))


def is_alive(pid: int) -> bool:
    try:
        return ") Z" not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
