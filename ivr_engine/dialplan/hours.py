"""This file decides whether a hotline is open at a moment. It does not know the clock or what callers hear."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hours:
    """When a hotline is open: its shifts, holidays and closures, in its own time zone."""

    timezone: str = "Asia/Shanghai"
