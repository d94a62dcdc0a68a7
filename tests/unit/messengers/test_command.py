"""How a program of the hotline's owner is run: what it gets, what it cannot do to us."""

import json
import os
import stat
from pathlib import Path

import pytest

from ivr_engine.messengers.command import Command
from ivr_engine.messengers.post import try_once
from tests.unit.messengers.gateway import PHONE, raised


def script(folder: Path, text: str) -> str:
    path = folder / "page"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


async def test_it_gets_the_address_in_its_arguments_and_the_rest_as_json(tmp_path: Path) -> None:
    page = script(tmp_path, f'cat >"{tmp_path}/stdin"; printf "%s|" "$@" >"{tmp_path}/arguments"')
    assert await try_once(Command((page, "--to", "<address>", "a b")), raised(title="`id`; $(id)"), PHONE) == ""
    assert (tmp_path / "arguments").read_text() == f"--to|{PHONE}|a b|"
    said = json.loads((tmp_path / "stdin").read_text())
    assert (said["title"], said["address"], said["level"]) == ("`id`; $(id)", PHONE, "critical")


async def test_no_shell_looks_at_an_address(tmp_path: Path) -> None:
    page = script(tmp_path, f'printf "%s|" "$@" >"{tmp_path}/arguments"')
    hostile = f"$(touch${{IFS}}{tmp_path}/evil);`id`"
    assert await try_once(Command((page, "<address>")), raised(), hostile) == ""
    assert (tmp_path / "arguments").read_text() == f"{hostile}|"
    assert not (tmp_path / "evil").exists()


async def test_it_sees_none_of_our_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IVR_WEB_TOKEN", "s3cret")
    page = script(tmp_path, f'env >"{tmp_path}/env"')
    assert await try_once(Command((page,)), raised(), PHONE) == ""
    assert "s3cret" not in (tmp_path / "env").read_text()
    assert "PATH=" in (tmp_path / "env").read_text()


async def test_what_it_complains_is_told_in_one_line(tmp_path: Path) -> None:
    page = script(tmp_path, "printf 'no\\n\\033[2Jcredit' >&2; exit 3")
    assert await try_once(Command((page,)), raised(), PHONE) == "it ended with status 3: no [2Jcredit"


async def test_one_that_talks_much_and_reads_nothing_is_not_in_our_way(tmp_path: Path) -> None:
    page = script(tmp_path, "head -c 1000000 /dev/zero | tr '\\0' x >&2; exit 4")
    why = await try_once(Command((page,)), raised(text="y" * 1_000_000), PHONE)
    assert why == f"it ended with status 4: {'x' * 200}"


async def test_one_that_does_not_end_is_killed_with_all_it_started(tmp_path: Path) -> None:
    page = script(tmp_path, f'sleep 1000 & echo $! >"{tmp_path}/child"; echo $$ >"{tmp_path}/self"; wait')
    assert await try_once(Command((page,), within=1.0), raised(), PHONE) == "no answer within 1 s"
    for name in ("child", "self"):
        assert _is_over(int((tmp_path / name).read_text()))


async def test_what_it_leaves_running_is_not_waited_for(tmp_path: Path) -> None:
    page = script(tmp_path, f'sleep 1000 & echo $! >"{tmp_path}/child"')
    assert await try_once(Command((page,), within=30.0), raised(), PHONE) == ""
    os.kill(int((tmp_path / "child").read_text()), 9)


async def test_one_that_is_not_there_is_told() -> None:
    why = await try_once(Command(("/nowhere/page",)), raised(), PHONE)
    assert why == "it cannot be run: no such file or directory"


def _is_over(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().split()[2] == "Z"
