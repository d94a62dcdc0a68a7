"""Asks other systems about callers, over HTTP, so that a slow or broken one costs its own lookups and nothing else."""

from ivr_engine.lookup.asking import WebSystems
from ivr_engine.lookup.question import question
from ivr_engine.lookup.system import NO_FIGURES, LookupFigures, System

__all__ = ["NO_FIGURES", "LookupFigures", "System", "WebSystems", "question"]
