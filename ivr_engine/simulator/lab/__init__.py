"""A day or a surge of a hotline in virtual time: thousands of callers, seats and accidents, by chance. No telephone."""

from ivr_engine.simulator.lab.figures import Results
from ivr_engine.simulator.lab.scenario import Scenario, read_scenario
from ivr_engine.simulator.lab.world import Laboratory

__all__ = ["Laboratory", "Results", "Scenario", "read_scenario"]
