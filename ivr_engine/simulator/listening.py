"""This file decides whether a key would mean something to a hotline now. It does not press it."""

from ivr_engine.core import Switchboard
from ivr_engine.core.call import CallState
from ivr_engine.model.ids import CallId
from ivr_engine.nodes._node import KeyUse

KEYS = "1234567890*#"


def means_something(board: Switchboard, call: CallId, digit: str) -> bool:
    """Whether anything would come of it if this caller pressed the key now.

    A wrong key means something too where keys are asked for; where any key only cuts words short, none does.
    """
    use = _use(board, call, digit)
    return use is not None and (use is not KeyUse.WRONG or _asks(board, call))


def good_keys(board: Switchboard, call: CallId) -> str:
    """The keys that would mean something and are not wrong, in the order of a telephone."""
    return "".join(digit for digit in KEYS if _use(board, call, digit) in (KeyUse.CHOICE, KeyUse.PART))


def wrong_key(board: Switchboard, call: CallId) -> str | None:
    """A key that would be wrong now, if there is one."""
    return next((digit for digit in KEYS if _use(board, call, digit) is KeyUse.WRONG), None)


def _asks(board: Switchboard, call: CallId) -> bool:
    """Whether the caller's step asks for keys; those for a person are everywhere."""
    human = board.calls[call].flow.human
    return any(human is None or digit not in human.keys for digit in good_keys(board, call))


def _use(board: Switchboard, call_id: CallId, digit: str) -> KeyUse | None:
    """What the key would be; None if nothing would come of it."""
    call = board.calls.get(call_id)
    if call is None:
        return None
    if call.state in (CallState.WAITING, CallState.OFFERED):
        return KeyUse.CHOICE if digit in call.endings.keys else None
    if call.state is not CallState.MENU:
        return None
    reply = board.ivr.reply_to(call, digit)
    does = reply.orders or reply.exit is not None or reply.state != call.node_state
    return reply.key if does else None
