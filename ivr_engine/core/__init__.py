"""The decisions: who waits, who rings, what a caller hears next. No clock, no wires, no await."""

from ivr_engine.core.switchboard import Switchboard

__all__ = ["Switchboard"]
