"""This file decides how long what callers hear sounds: as measured, else as estimated. It does not know any sound."""

from collections.abc import Callable

from ivr_engine.model.prompt import Prompt
from ivr_engine.spoken.seconds import estimated_seconds


class Lengths:
    """How long prompts sound: measured where there is a sound, else estimated. `estimated` is those without."""

    def __init__(self, measured: Callable[[Prompt], float | None]) -> None:
        self._measured = measured
        self.estimated: set[Prompt] = set()

    def __call__(self, prompt: Prompt) -> float:
        """The seconds."""
        seconds = self._measured(prompt)
        if seconds is None:
            self.estimated.add(prompt)
            return estimated_seconds(prompt)
        return seconds
