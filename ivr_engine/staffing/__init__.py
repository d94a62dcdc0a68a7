"""How many seats a load needs, and what callers may expect of those there are. Knows no live call."""

from ivr_engine.staffing.erlang_a import Forecast, Load, forecast, seats_needed
from ivr_engine.staffing.measured import load_from, load_of

__all__ = ["Forecast", "Load", "forecast", "load_from", "load_of", "seats_needed"]
