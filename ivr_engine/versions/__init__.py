"""Versions of a hotline: kept as the files they were, told apart in words, and noticed when the files change."""

from ivr_engine.versions.diff import differences
from ivr_engine.versions.shelf import Kept, Shelf, Standing, Use

__all__ = ["Kept", "Shelf", "Standing", "Use", "differences"]
