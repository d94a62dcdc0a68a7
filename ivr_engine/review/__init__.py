"""The after-action report: what happened in a crisis, what callers heard, and what to do better, from the journal."""

from ivr_engine.review.gathering import Gathering
from ivr_engine.review.report import as_json, told_as_markdown, told_as_page
from ivr_engine.review.retuning import Retuning
from ivr_engine.review.reviewed import Reviewed
from ivr_engine.review.wording import Tongue

__all__ = ["Gathering", "Retuning", "Reviewed", "Tongue", "as_json", "told_as_markdown", "told_as_page"]
