"""The example in the README works as printed, apart from the address."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

from ivr_engine import ari

from .fake import PASSWORD, FakeAsterisk, channel, replies
from .test_stream import PATIENCE, frame, socket_of

PLAYBACK = {"id": "p", "media_uri": "sound:x", "target_uri": "channel:c", "state": "done"}


async def test_the_example_answers_plays_and_hangs_up(fake: FakeAsterisk) -> None:
    text = (Path(ari.__file__).parent / "README.md").read_text(encoding="utf-8")
    found = re.search(r"```python\n(import asyncio.*?)```", text, re.DOTALL)
    assert found is not None
    code = found[1].replace("asyncio.run(main())", "").replace('"secret"', f'"{PASSWORD}"')
    names: dict[str, Any] = {}
    exec(compile(code.replace("http://127.0.0.1:8088", fake.base_url), "README.md", "exec"), names)
    example = asyncio.create_task(names["main"]())
    socket = await socket_of(fake)
    await wait_for_command(fake, "/ari/applications/hello/eventFilter")
    fake.answers.extend([replies(None, 204), replies(PLAYBACK)])
    await socket.send_str(frame("StasisStart", args=[], channel=channel("c")))
    await wait_for_command(fake, "/ari/channels/c/play")
    await socket.send_str(frame("PlaybackFinished", playback=PLAYBACK))
    await wait_for_command(fake, "/ari/channels/c")
    example.cancel()
    await asyncio.wait([example])
    commands = [(seen.method, seen.path) for seen in fake.seen if "/channels/" in seen.path]
    assert commands == [
        ("POST", "/ari/channels/c/answer"),
        ("POST", "/ari/channels/c/play"),
        ("DELETE", "/ari/channels/c"),
    ]


async def wait_for_command(fake: FakeAsterisk, path: str) -> None:
    async with asyncio.timeout(PATIENCE):
        while not any(seen.path == path for seen in fake.seen):
            await asyncio.sleep(0.001)
