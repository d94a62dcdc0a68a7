"""`ivr` as it is typed: what it said and how it ended. Knows no single command."""

import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from ivr_engine.cli import main


@dataclass
class Ended:
    """How a command ended."""

    status: int
    out: str
    err: str

    @property
    def only_line(self) -> str:
        """What it said on standard error, which must be one line without a traceback."""
        assert self.err.endswith("\n"), self.err
        assert self.err.count("\n") == 1, self.err
        assert "Traceback" not in self.err
        assert self.status == 1, self
        return self.err.strip()


def ivr(*arguments: str | Path, cwd: Path = Path(), within: float = 60, **environ: str) -> Ended:
    """Run `ivr` in a process of its own, and see that none of its processes is left.

    Importing everything takes 2 s; it is forked from a process that has done so. `ivr_afresh` does it the whole way.
    """
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder) / "out", Path(folder) / "err"
        process = _FORKS.Process(target=_run, args=([*map(str, arguments)], cwd, out, err, environ))
        process.start()
        assert process.pid is not None
        process.join(within)
        if process.exitcode is None:
            os.killpg(process.pid, 9)
            process.join()
            raise AssertionError(f"it still runs after {within:g} s and said: {err.read_text()}")
        _nobody_left(process.pid)
        return Ended(process.exitcode, out.read_text(), err.read_text())


def ivr_afresh(*arguments: str | Path, cwd: Path = Path()) -> Ended:
    """Run `ivr` as a user's shell does."""
    command = [sys.executable, "-m", "ivr_engine.cli", *map(str, arguments)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=cwd, start_new_session=True
    ) as process:
        out, err = process.communicate(timeout=60)
    _nobody_left(process.pid)
    return Ended(process.returncode, out, err)


_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["ivr_engine.cli", "ivr_engine.app"])


def _run(arguments: list[str], cwd: Path, out: Path, err: Path, environ: Mapping[str, str]) -> None:
    os.setsid()
    os.environ.update(environ)
    os.chdir(cwd)
    for path, number in ((out, 1), (err, 2)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), number)
    sys.argv = ["ivr", *arguments]
    main()


def _nobody_left(group: int) -> None:
    with pytest.raises(ProcessLookupError):
        os.killpg(group, 0)
