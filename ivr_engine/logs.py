"""This file decides how the log reads and what must never stand in it. It does not know what is logged."""

import io
import logging
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO, cast

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


class LosslessOfCalls(io.TextIOBase):
    """A log that nobody reads any more, or on a full disk, costs lines and never a call."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.lost = 0  # writes

    def write(self, text: str) -> int:
        """Write, or count what could not be written."""
        try:
            self._stream.write(text)
        except (OSError, ValueError):
            self.lost += 1
        return len(text)

    def flush(self) -> None:
        """Flush, if there is still something to flush to."""
        try:
            self._stream.flush()
        except (OSError, ValueError):
            self.lost += 1


def configure_logging(settings: LogSettings) -> None:
    """One line an event on standard error: JSON, or pretty where a person watches."""
    level = logging.getLevelName(settings.level.upper())
    # What strangers send us is answered with 400; as tracebacks it would fill the log, and could quote a token.
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)
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
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, LosslessOfCalls(sys.stderr))),
        cache_logger_on_first_use=True,
    )


def mask_numbers(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Mask the numbers of callers, whoever forgot to."""
    for name in _NUMBERS:
        if isinstance(event.get(name), str):
            event[name] = mask_number(event[name])
    return event
