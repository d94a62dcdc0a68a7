"""A transport without a wire: it writes down each ARI command and answers as the test says."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import msgspec

from ivr_engine.ari import AriClient, AriError, NotFound
from ivr_engine.ari.operations import Operations
from ivr_engine.ari.request import Command

T = TypeVar("T")


class FakeAri(Operations):
    def __init__(self) -> None:
        super().__init__(self.request)
        self.sent: list[Command] = []
        self.fails: dict[str, Callable[[], AriError]] = {}
        self.answers: dict[str, Any] = {}

    @property
    def client(self) -> AriClient:
        return cast("AriClient", self)

    @property
    def operations(self) -> list[str]:
        return [command.operation for command in self.sent]

    async def request(self, command: Command, decode: Callable[[bytes], T]) -> T:
        self.sent.append(command)
        if command.operation in self.fails:
            raise self.fails[command.operation]()
        answer = self.answers.get(command.operation)
        if callable(answer):
            answer = answer(command)
        return decode(msgspec.json.encode(answer if answer is not None else _EMPTY.get(command.operation, {})))


_CHANNEL = {
    "id": "x",
    "protocol_id": "",
    "name": "PJSIP/x-00000001",
    "state": "Up",
    "caller": {"name": "", "number": ""},
    "connected": {"name": "", "number": ""},
    "accountcode": "",
    "dialplan": {"context": "hotline", "exten": "400", "priority": 1, "app_name": "Stasis", "app_data": ""},
    "creationtime": "2026-01-01T00:00:00.000+0000",
    "language": "en",
}
_PLAYBACK = {"id": "p", "media_uri": "sound:x", "target_uri": "channel:x", "language": "en", "state": "queued"}
_BRIDGE = {
    "id": "b",
    "technology": "simple_bridge",
    "bridge_type": "mixing",
    "bridge_class": "stasis",
    "creator": "Stasis",
    "name": "b",
    "channels": [],
    "creationtime": "2026-01-01T00:00:00.000+0000",
    "video_mode": "none",
}
_EMPTY: dict[str, Any] = {
    "channels.originate_with_id": _CHANNEL,
    "channels.play_with_id": _PLAYBACK,
    "bridges.create_with_id": _BRIDGE,
}


def channel(name: str, /, **fields: Any) -> dict[str, Any]:
    return _CHANNEL | {"id": name} | fields


def bridge(name: str, /, *channels: str) -> dict[str, Any]:
    return _BRIDGE | {"id": name, "channels": list(channels)}


def not_found() -> AriError:
    return NotFound("GET", "/x", "not there", 404)
