"""This file decides what "next" means to the callers of a rehearsal. It does not know what anybody expects of them.

What happens to a caller is told off in order: words, queues, seats, each kind by itself. Time stands still until
somebody asks for what has not happened yet.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from ivr_engine.core.call import Call
from ivr_engine.model.ids import CallId
from ivr_engine.simulator.listening import means_something
from ivr_engine.simulator.rehearsal import Rehearsal, Saying

MomentT = TypeVar("MomentT")

PATIENCE_SECONDS = 600.0  # who expects something waits no longer, unless he says so
BETWEEN_KEYS_SECONDS = 0.3
DAY_SECONDS = 86_400.0


class UnmetError(Exception):
    """What was expected did not come to be, or what a caller should do cannot be done. The message is for people."""


@dataclass
class Scene:
    """The callers of one rehearsal; `caller` is the one everything is about now."""

    rehearsal: Rehearsal
    callers: dict[str, CallId] = field(default_factory=dict)  # the latest call of each number
    last: CallId | None = None
    _told_off: Counter[tuple[CallId, object]] = field(default_factory=Counter)
    _dialled: list[tuple[str, float]] = field(default_factory=list)
    _hearing: Saying | None = None  # the words expected last
    _rest: str = ""  # what follows of them

    @property
    def caller(self) -> CallId:
        """The caller everything is about. Raises UnmetError when nobody has called yet."""
        if self.last is None:
            raise UnmetError("nobody has called yet: begin with `call`")
        return self.last

    @property
    def is_live(self) -> bool:
        """Whether his call goes on."""
        return self.rehearsal.is_live(self.caller)

    @property
    def call(self) -> Call:
        """His call. Raises UnmetError when it is over."""
        if not self.is_live:
            raise UnmetError("the caller's call is over")
        return self.rehearsal.call(self.caller)

    def dial(self, number: str, caller: str, region: str = "", calls_in_24h: int | None = None) -> None:
        """Somebody calls, and everything is about him. His calls are counted unless `calls_in_24h` tells them."""
        now = self.rehearsal.now
        self._dialled.append((caller, now))
        counted = sum(who == caller and now - DAY_SECONDS < at <= now for who, at in self._dialled)
        self.last = self.callers[caller] = self.rehearsal.dial(number, caller, region, calls_in_24h or counted)

    def press(self, keys: str) -> None:
        """Press keys, each as soon as it means something. Raises UnmetError if one never does."""
        for place, digit in enumerate(keys):
            if place:
                self.rehearsal.advance(BETWEEN_KEYS_SECONDS)
            self._press(digit)

    def _press(self, digit: str) -> None:
        board, caller = self.rehearsal.board, self.caller
        if not self.until(lambda: means_something(board, caller, digit)):
            why = "however long he waits" if self.is_live else "his call is over"
            raise UnmetError(f"the caller cannot press {digit}: it means nothing, {why}")
        self.rehearsal.press(caller, digit)

    def until(self, reached: Callable[[], bool], within: float = PATIENCE_SECONDS) -> bool:
        """Let time pass until something is reached; False if the call ends before, or `within` seconds are over."""
        self.rehearsal.until(lambda: not self.is_live or reached(), within)
        return self.is_live and reached()

    def next(
        self,
        kind: type[MomentT] | tuple[type[MomentT], ...],
        within: float = PATIENCE_SECONDS,
        *,
        beyond: bool = False,
    ) -> MomentT | None:
        """The next of this kind that happens to the caller and was not asked for yet; None if there is none.

        `beyond`: it may come after the end of his call.
        """
        caller = self.caller
        found: list[MomentT] = []

        def there() -> bool:
            found[:] = [one for one in self.rehearsal.of(caller) if isinstance(one, kind)]
            return len(found) > self._told_off[caller, kind]

        self.rehearsal.until(lambda: there() or not (self.is_live or beyond), within)
        if not there():
            return None
        self._told_off[caller, kind] += 1
        return found[self._told_off[caller, kind] - 1]

    def hear(self, words: str, within: float) -> None:
        """The caller is being told these words, or is told them next. Raises UnmetError if he hears others."""
        wanted = _plain(words)
        if self._hearing and self.rehearsal.sounds(self._hearing) and wanted in self._rest:
            self._rest = self._rest.partition(wanted)[2]
            return
        self._hearing, over = self._next_words(within)
        if self._hearing is None:
            raise UnmetError(f"the caller should hear “{words}”, but hears no more words")
        said = _plain(self._hearing.words)
        if wanted not in said:
            late = "; those words were over before" if any(wanted in _plain(one.words) for one in over) else ""
            raise UnmetError(f"the caller should hear “{words}”, but hears “{self._hearing.words}”{late}")
        self._rest = said.partition(wanted)[2]

    def _next_words(self, within: float) -> tuple[Saying | None, list[Saying]]:
        """What he is being told now or next; and what nobody had asked for when it was over."""
        over: list[Saying] = []
        while (saying := self.next(Saying, within)) is not None:
            if self.rehearsal.sounds(saying):
                break
            over.append(saying)
        return saying, over


def _plain(words: str) -> str:
    """Words without blanks: values and sentences are said one after the other, and no author knows the seams."""
    return "".join(words.split())
