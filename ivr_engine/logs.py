"""This file decides how the log reads and what must never stand in it. It does not know what is logged."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog
from structlog.typing import Processor

from ivr_engine.model.ids import mask_number
from ivr_engine.settings import LogSettings

_NUMBERS = ("caller", "number")
# Plain tracebacks: the fancy ones show local variables, and so numbers and secrets.
_PRETTY: tuple[Processor, ...] = (structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),)
_JSON: tuple[Processor, ...] = (
    structlog.processors.format_exc_info,
    structlog.processors.JSONRenderer(ensure_ascii=False),
)


def configure_logging(settings: LogSettings) -> None:
    """One line an event on standard error: JSON, or pretty where a person watches."""
    level = logging.getLevelName(settings.level.upper())
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s")  # of libraries
    pretty = settings.format == "pretty" or (settings.format == "auto" and sys.stderr.isatty())
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=not pretty),
            mask_numbers,
            *(_PRETTY if pretty else _JSON),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def mask_numbers(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Mask the numbers of callers, whoever forgot to."""
    for name in _NUMBERS:
        if isinstance(event.get(name), str):
            event[name] = mask_number(event[name])
    return event
