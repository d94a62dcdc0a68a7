"""The crises that are on: who switches them, what they change, what must be done by when."""

from ivr_engine.core.crisis.crisis import Crisis

__all__ = ["Crisis"]
