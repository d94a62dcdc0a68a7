"""Prompts as sound files: which there are, which are missing, and how they are spoken. Knows no call and no step."""

from ivr_engine.prompts.book import PromptBook
from ivr_engine.prompts.voice import Voice, speak

__all__ = ["PromptBook", "Voice", "speak"]
