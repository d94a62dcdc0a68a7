"""This file decides what a message about a crisis over MQTT means. It does not know the broker, nor what comes of it.

`<prefix>/command/crisis/on`, `off`, `confirm`, `reject` and `done` hold a JSON object; `<prefix>/signal/<name>` an
object, a number, or words. Who may publish there may order: `by` is what he says.
"""

import uuid
from typing import Any, Protocol, TypeVar

import msgspec

from ivr_engine.errors import HotlineError
from ivr_engine.model.crises import DryRun
from ivr_engine.model.crisis_orders import ClockDone, CrisisNow, CrisisOrder, ProposalAnswer, Signal, Wire

OrderT = TypeVar("OrderT")
WORDS = ("on", "off", "confirm", "reject", "done")
_SUCH_AS = {
    "on": '{"profile": "recall", "level": "major", "by": "li", "reason": "why"}',
    "off": '{"profile": "recall", "by": "li", "reason": "why"}; null is all',
    "confirm": '{"proposal": "3", "by": "li"}',
    "reject": '{"proposal": "3", "by": "li", "reason": "why"}',
    "done": '{"profile": "recall", "clock": "verify", "by": "li", "note": "how"}',
}


class UnreadableError(HotlineError):
    """A message nobody can make sense of."""


class Front(Protocol):
    """Where crises are ordered. What raises RefusedError has changed nothing."""

    def foresee(self, order: CrisisOrder) -> DryRun:
        """What an order would change."""
        ...

    async def order(self, order: CrisisOrder) -> CrisisNow:
        """Switch."""
        ...

    async def answer(self, proposal: str, answer: ProposalAnswer) -> CrisisNow:
        """Say yes or no to a proposal."""
        ...

    async def done(self, clock: ClockDone) -> CrisisNow:
        """Stop a clock."""
        ...

    def signal(self, signal: Signal) -> None:
        """Let triggers know."""
        ...

    def turned_away(self, wire: Wire, who: str, what: str, why: str) -> None:
        """Somebody's message could not be read."""
        ...


async def order(front: Front, word: str, payload: bytes) -> dict[str, Any]:
    """Do what a command says; answers how it stands then. Raises UnreadableError, RefusedError or HotlineError."""
    if word not in WORDS:
        raise UnreadableError(f"there is no command {word[:20]!r} for a crisis: send one of {', '.join(WORDS)}")
    such_as = _SUCH_AS[word]
    said = _object(payload, such_as)
    name = str(said.pop("id", ""))[:100]
    answer: CrisisNow | DryRun
    if word in ("on", "off"):
        wish = _read({"on": word == "on", **said}, CrisisOrder, such_as)
        answer = front.foresee(wish) if wish.dry_run else await front.order(wish)
    elif word == "done":
        answer = await front.done(_read(said, ClockDone, such_as))
    else:
        proposal = str(said.pop("proposal", ""))[:20]
        yes = _read({"answer": "yes" if word == "confirm" else "no", **said}, ProposalAnswer, such_as)
        answer = await front.answer(proposal, yes)
    return {"ok": True, "id": name, **msgspec.to_builtins(answer)}


def signal(front: Front, name: str, payload: bytes) -> dict[str, Any]:
    """Pass a signal on. A bare number is how many, words are what it is about. Raises as `order` does."""
    such_as = '{"id": "post-4711", "source": "monitor", "count": 3, "text": "what it is"}, 3, or words'
    said = _signal(payload, such_as)
    found = _read({"id": uuid.uuid4().hex, "source": "mqtt", **said, "signal": name}, Signal, such_as)
    front.signal(found)
    return {"ok": True, "id": found.id}


def _signal(payload: bytes, such_as: str) -> dict[str, Any]:
    try:
        said = msgspec.json.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        said = _words(payload, such_as)
    if isinstance(said, dict):
        return said
    if isinstance(said, str):
        return {"text": said}
    if isinstance(said, int | float) and not isinstance(said, bool) and said == int(said):
        return {"count": int(said)}
    raise UnreadableError(f"the signal is neither an object, a number nor words: send {such_as}")


def _words(payload: bytes, such_as: str) -> str:
    try:
        words = payload.decode("utf-8").strip()
    except UnicodeDecodeError:
        raise UnreadableError(f"the signal is no text: send {such_as}") from None
    if words[:1] in ("{", "["):
        raise UnreadableError(f"the signal is no JSON: send {such_as}")
    return words


def _object(payload: bytes, such_as: str) -> dict[str, Any]:
    try:
        return msgspec.json.decode(payload, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _unreadable(error, such_as) from None


def _read(said: dict[str, Any], kind: type[OrderT], such_as: str) -> OrderT:
    try:
        return msgspec.convert(said, kind)
    except msgspec.ValidationError as error:
        raise _unreadable(error, such_as) from None


def _unreadable(error: Exception, such_as: str) -> UnreadableError:
    why = str(error).replace(": ", ", ")
    return UnreadableError(f"the command cannot be read ({why}): send JSON such as {such_as}")
