"""This file decides how the state tables are drawn. It knows none: they are the core's."""

from typing import Any

from ivr_engine.core.call import CALL_TABLE, CallState
from ivr_engine.core.seat import SEAT_TABLE, SeatState
from ivr_engine.core.table import StateTable
from ivr_engine.reference.markdown import about, code, page, section, table


def states() -> str:
    """Both tables as diagrams."""
    return page(
        "States of a call and of a seat · 状态",
        "Drawn from the tables the core obeys. What is not drawn cannot happen: it raises `IllegalTransition`, and the"
        " state stays as it was. A call begins in `MENU` and ends with its caller's line, whatever its state; a seat"
        " begins `OFFLINE`.",
        section("Call · 通话", *_drawn(CALL_TABLE, CallState)),
        section("Seat · 坐席", *_drawn(SEAT_TABLE, SeatState)),
    )


def _drawn(rules: StateTable[Any, Any], states: Any) -> tuple[str, ...]:
    lines = [
        f"    {state.name} --> {after.name}: {trigger.value}"
        for state, ways in rules.rules.items()
        for trigger, after in ways.items()
    ]
    meanings = table(("state", "meaning"), [(code(state.name), state.value) for state in states])
    return about(states), "\n".join(["```mermaid", "stateDiagram-v2", *lines, "```"]), meanings
