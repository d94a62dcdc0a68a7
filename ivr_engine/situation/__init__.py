"""The situation report: how a hotline stands in its worst hour, counted as it goes, in words and for programs."""

from ivr_engine.situation.report import situation_of
from ivr_engine.situation.room import SituationRoom
from ivr_engine.situation.wording import in_markdown

__all__ = ["SituationRoom", "in_markdown", "situation_of"]
