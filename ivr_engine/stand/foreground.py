"""This file decides what `ivr run` tells the person who started it, and how it ends. It knows no call."""

import asyncio
import itertools
import shutil
import signal
import sys
from contextlib import suppress
from pathlib import Path

from rich.console import Console

from ivr_engine.commission import phone_passwords
from ivr_engine.stand.hotline import REPOSITORY, HotlineStand


async def run_in_foreground(console: Console) -> None:
    """Bring a hotline up, say how to use it, and take it down on Ctrl-C or SIGTERM."""
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    folder = _own_folder()
    try:
        console.print("starting …")
        async with HotlineStand(folder) as stand:
            _tell(console, stand)
            assert stand.engine is not None
            engine = asyncio.create_task(stand.engine.wait(), name="engine-ended")
            stopped = asyncio.create_task(stop.wait(), name="stop")
            await asyncio.wait({engine, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if engine.done():
                console.print("the engine ended by itself; its last words:", style="red")
                console.print(stand.engine.last_lines(10), highlight=False)
            for task in (engine, stopped):
                task.cancel()
            console.print("stopping …")
    except BaseException:
        console.print(f"what it left, with its logs, is in {folder}", highlight=False)
        raise
    _remove(console, folder)


def _own_folder() -> Path:
    for number in itertools.count(1):
        folder = REPOSITORY / ".run" / f"hotline-{number}"
        with suppress(FileExistsError):
            folder.mkdir(parents=True)
            return folder
    raise AssertionError("numbers do not end")


def _tell(console: Console, stand: HotlineStand) -> None:
    at, settings = f"127.0.0.1:{stand.sip_port}", stand.settings_path
    passwords = phone_passwords(stand.phones_file, ())
    ivr = Path(sys.executable).parent / "ivr"
    mqtt = stand.settings.mqtt
    assert mqtt is not None
    for line in (
        f"the hotline {stand.hotline.name} is up. 热线已启动。",
        f"dial        sip:{stand.hotline.numbers[0]}@{at} from any SIP phone on this machine",
        f"be an agent register at {at} as one of these; without any, callers overflow to the remote site (a tone)",
        *(f"            {name}, password {word}" for name, word in passwords.items()),
        f"metrics     {stand.web_url}/metrics   health {stand.web_url}/healthz, {stand.web_url}/readyz",
        f"events      mosquitto_sub -p {mqtt.port} -v -t '{mqtt.prefix}/#'",
        f"crisis      {ivr} crisis on recall -s {settings}   (off, status)   危机模式",
        f"look        {ivr} calls -s {settings}; {ivr} queues -s {settings}; log in {stand.folder}/engine.log",
        "Ctrl-C ends it.",
    ):
        console.print(line, highlight=False, soft_wrap=True)


def _remove(console: Console, folder: Path) -> None:
    kept = list((folder / "recordings").rglob("*.age"))
    if kept:
        console.print(f"kept {len(kept)} recordings, their key and the call records in {folder}")
    else:
        shutil.rmtree(folder, ignore_errors=True)
