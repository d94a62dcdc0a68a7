"""Figures of the past: how many callers were answered, how soon, by whom, and who had to call again."""

from ivr_engine.figures.demand import Demand, Shortage, shortage
from ivr_engine.figures.question import Dimension, Question, Target
from ivr_engine.figures.reckoning import Reckoned, reckon
from ivr_engine.figures.results import Figures, Report
from ivr_engine.figures.times import begin_of, end_of

__all__ = [
    "Demand",
    "Dimension",
    "Figures",
    "Question",
    "Reckoned",
    "Report",
    "Shortage",
    "Target",
    "begin_of",
    "end_of",
    "reckon",
    "shortage",
]
