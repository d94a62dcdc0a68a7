"""Prompts as sound files: which there are, which are missing, and how they are spoken. Knows no call and no step."""

from ivr_engine.prompts.book import PromptBook
from ivr_engine.prompts.voice import Command, Espeak, Voice
from ivr_engine.prompts.web_voice import WebVoice

__all__ = ["Command", "Espeak", "PromptBook", "Voice", "WebVoice"]
