"""This file decides what a command over MQTT means and what is answered. It does not know the broker, nor the agents.

`<prefix>/command/agents/<agent>` holds a JSON object; the answer goes to `<prefix>/reply/agents/<agent>`. Crises and
signals (`<prefix>/signal/<name>`, answered on `<prefix>/reply/signal/<name>`) have a file of their own. A retained
command is refused: it would be carried out anew whenever we connect.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import msgspec
import structlog

from ivr_engine.errors import HotlineError
from ivr_engine.model.agents import AgentOrder, Disposition, MoreRest, OrderWord, Party, Reason
from ivr_engine.model.ids import SeatId
from ivr_engine.model.notices import AgentChanged
from ivr_engine.model.plain import Name
from ivr_engine.mqtt import crises
from ivr_engine.mqtt.crises import UnreadableError
from ivr_engine.mqtt.messages import Message

log = structlog.get_logger()

LONGEST = 10_000  # bytes of a command
DONE, REFUSED, UNREADABLE = "done", "refused", "unreadable"

OrderAgent = Callable[[SeatId, AgentOrder], Awaitable[AgentChanged]]  # raises HotlineError with cause and remedy


class AgentCommand(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an agent is to do. `id` comes back in the answer; `seconds` belongs to `extend rest`.

    `to` is whom a call is handed to, who is consulted, or to whom is listened; `code` belongs to `dispose`.
    """

    order: OrderWord
    by: Name = "mqtt"
    reason: Reason = ""
    seconds: MoreRest | None = None
    to: Party = ""
    code: Disposition = ""
    id: Annotated[str, msgspec.Meta(max_length=100)] = ""


class Intake:
    """Takes commands. `count` is told how each went: done, refused or unreadable."""

    def __init__(
        self,
        prefix: str,
        order: OrderAgent,
        count: Callable[[str], None] = lambda _: None,
        front: crises.Front | None = None,
    ) -> None:
        self._prefix = prefix
        self._order = order
        self._front = front
        self._count = count

    @property
    def topics(self) -> tuple[str, ...]:
        """What to subscribe to."""
        return f"{self._prefix}/command/#", f"{self._prefix}/signal/+"

    async def take(self, topic: str, payload: bytes, *, retained: bool) -> Message:
        """Carry out a command, whatever it holds; answers what to reply. Never raises."""
        said: dict[str, Any] = {}
        try:
            said, went = await self._carry_out(topic, payload, retained=retained), DONE
        except HotlineError as error:
            went = UNREADABLE if isinstance(error, UnreadableError) else REFUSED
            cause, _, remedy = str(error).partition(": ")
            self._note_unreadable(topic, error)
            said = {"ok": False, "id": _id_in(payload), "cause": cause, "remedy": remedy}
        except Exception:
            log.exception("a command over MQTT failed", topic=topic)
            went, said = REFUSED, {"ok": False, "cause": "a bug of ours", "remedy": "look at the engine's log"}
        self._count(went)
        log.info("mqtt_command", topic=topic, went=went)
        reply = f"{self._prefix}/reply{topic.removeprefix(self._prefix).removeprefix('/command')}"
        return Message(reply, msgspec.json.encode(said), retain=False, sure=True)

    async def _carry_out(self, topic: str, payload: bytes, *, retained: bool) -> dict[str, Any]:
        if retained:
            raise UnreadableError("a retained command is not carried out: send it without retain, and clear this one")
        if len(payload) > LONGEST:
            raise UnreadableError(f"the command has {len(payload)} bytes, more than {LONGEST}: send JSON such as {{…}}")
        kind, _, agent = topic.removeprefix(f"{self._prefix}/").removeprefix("command").lstrip("/").partition("/")
        if self._front is not None and topic.startswith(f"{self._prefix}/signal/"):
            return crises.signal(self._front, agent, payload)
        if self._front is not None and kind == "crisis":
            return await crises.order(self._front, agent, payload)
        if kind != "agents" or not agent or "/" in agent:
            raise UnreadableError(f"there is no command {kind!r}: send to {self._prefix}/command/agents/<agent>")
        command = _read(payload)
        order = AgentOrder(command.order, command.by, command.reason, command.seconds, command.to, command.code)
        state: dict[str, Any] = msgspec.to_builtins(await self._order(SeatId(agent), order))
        del state["type"]
        return {"ok": True, "id": command.id, **state}

    def _note_unreadable(self, topic: str, error: HotlineError) -> None:
        """What was to be about a crisis and is garbage is known to those who ask later."""
        below = topic.removeprefix(f"{self._prefix}/")
        is_of_crises = below.startswith(("command/crisis", "signal/"))
        if self._front is not None and is_of_crises and isinstance(error, UnreadableError):
            self._front.turned_away("mqtt", "mqtt", below[:100], str(error).partition(": ")[0])


def _read(payload: bytes) -> AgentCommand:
    such_as = 'send JSON such as {"order": "pause", "reason": "lunch"}'
    try:
        return msgspec.json.decode(payload, type=AgentCommand)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        why = str(error).replace(": ", ", ")
        raise UnreadableError(f"the command cannot be read ({why}): {such_as}") from None


class _Named(msgspec.Struct):
    id: Annotated[str, msgspec.Meta(max_length=100)] = ""


def _id_in(payload: bytes) -> str:
    try:
        return msgspec.json.decode(payload[:LONGEST], type=_Named).id
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""
