"""Figures of the past: how many callers were answered, how soon, by whom, and who had to call again."""

from ivr_engine.figures.demand import Demand, Shortage, shortage
from ivr_engine.figures.question import Question, Target
from ivr_engine.figures.reckoning import Reckoned, reckon
from ivr_engine.figures.results import Figures, Report
from ivr_engine.figures.times import begin_of, borders_of, end_of, length_of

__all__ = [
    "Demand",
    "Figures",
    "Question",
    "Reckoned",
    "Report",
    "Shortage",
    "Target",
    "begin_of",
    "borders_of",
    "end_of",
    "length_of",
    "reckon",
    "shortage",
]
