"""This file decides what is kept of what callers heard, and of who was moved or told. It does not know any figure.

Of each live call little is kept; of the others how many heard each text.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from ivr_engine.model.commands import Play
from ivr_engine.model.ids import CallId, PlayId
from ivr_engine.model.notices import Announced, AnyNotice, Arrived, Ended, Moved, Queued, StepEntered
from ivr_engine.model.prompt import Prompt

TOLD_TOGETHER = 60.0  # seconds: who was just connecting is told a moment later
LONGEST_PIECE = 3  # signs
MOST_TEXTS_A_PLACE = 6  # of one place: more are the same words with other values


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is heard: a step of a flow, or a queue."""

    flow: str
    step: str
    language: str
    text: str


@dataclass(slots=True)
class Hearing:
    """How many callers began to hear a text, and how many heard it to its end; when first and last."""

    first: float
    last: float
    callers: int = 0
    to_the_end: int = 0


@dataclass(slots=True)
class Told:
    """Who waited and was told of a crisis: how many, how many heard it to the end, and when the last one had."""

    at: float
    profile: str
    what: str
    callers: int = 0
    heard: int = 0
    last_heard: float | None = None


@dataclass(slots=True)
class _Live:
    flow: str = ""
    step: str = ""
    heard: set[Place] = field(default_factory=set)
    ended: set[Place] = field(default_factory=set)
    plays: dict[PlayId, tuple[Place, ...]] = field(default_factory=dict)
    told: dict[PlayId, Told] = field(default_factory=dict)
    to_hear: Told | None = None


@dataclass(slots=True)
class Heard:
    """What was heard."""

    texts: dict[Place, Hearing] = field(default_factory=dict)
    moved: dict[tuple[str, str], list[float]] = field(default_factory=dict)  # by flow and the one before
    told: list[Told] = field(default_factory=list)
    first_in: dict[str, float] = field(default_factory=dict)  # by flow: when a caller first came to a step of it
    _live: dict[CallId, _Live] = field(default_factory=dict)
    _many: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def hear(self, notices: Iterable[AnyNotice], plays: Iterable[Play], now: float) -> None:
        """Take in all that one decision told and ordered, of calls that count."""
        begun = list(plays)  # also those of calls that do not count, and of which nothing is told here
        over: list[CallId] = []
        for notice in notices:
            if isinstance(notice, Ended):
                over.append(notice.call)
            else:
                self._stage(notice, begun)
        for play in begun:
            if play.call in self._live:
                self._begins(play, now)
        for call in over:
            self._live.pop(call, None)

    def _stage(self, notice: AnyNotice, begun: Sequence[Play]) -> None:
        match notice:
            case Arrived(call=call, flow=flow):
                self._one(call).flow = flow
            case Moved(call=call, flow=flow, was=was):
                self._one(call).flow = flow
                self.moved.setdefault((flow, was), []).append(notice.at)
            case StepEntered(call=call, step=step):
                self._one(call).step = step
                self.first_in.setdefault(self._one(call).flow, notice.at)
            case Queued(call=call, queue=queue):
                self._one(call).step = f"queue {queue}"
            case Announced():
                self._announced(notice, begun)
            case _:
                pass

    def finished(self, call: CallId, play: PlayId, now: float) -> None:
        """Somebody has heard all of a playback."""
        live = self._live.get(call)
        if live is None:
            return
        for place in live.plays.pop(play, ()):
            if place not in live.ended:
                live.ended.add(place)
                self.texts[place].to_the_end += 1
        told = live.told.pop(play, None)
        if told is not None:
            told.heard += 1
            told.last_heard = now

    def begin_anew(self) -> None:
        """Another engine: which calls it has it tells itself."""
        self._live.clear()

    def forget(self, before: float) -> None:
        """What was last heard before is not wanted."""
        self.texts = {place: one for place, one in self.texts.items() if one.last >= before}
        self.told = [one for one in self.told if one.at >= before]
        self.moved = {way: [at for at in ats if at >= before] for way, ats in self.moved.items()}
        self.first_in = {flow: at for flow, at in self.first_in.items() if at >= before}
        for live in self._live.values():
            live.heard &= self.texts.keys()
            live.plays = {play: tuple(p for p in places if p in self.texts) for play, places in live.plays.items()}

    def _one(self, call: CallId) -> _Live:
        return self._live.setdefault(call, _Live())

    def _announced(self, notice: Announced, begun: Iterable[Play]) -> None:
        one = next((told for told in reversed(self.told) if self._is_same(told, notice)), None)
        if one is None:
            one = Told(notice.at, notice.profile, notice.what)
            self.told.append(one)
        one.callers += 1
        live = self._one(notice.call)
        now = [play for play in begun if play.call == notice.call]
        if now:
            live.told[now[-1].play] = one
        else:
            live.to_hear = one

    @staticmethod
    def _is_same(told: Told, notice: Announced) -> bool:
        together = 0 <= notice.at - told.at <= TOLD_TOGETHER
        return together and (told.profile, told.what) == (notice.profile, notice.what)

    def _begins(self, play: Play, now: float) -> None:
        live = self._live[play.call]
        if live.to_hear is not None:
            live.told[play.play], live.to_hear = live.to_hear, None
        place = self._place(live, play.prompts)
        live.plays = {play.play: (place,)}  # what was played before is over, or cut short
        hearing = self.texts.setdefault(place, Hearing(now, now))
        hearing.last = now
        if place not in live.heard:
            live.heard.add(place)
            hearing.callers += 1

    def _place(self, live: _Live, prompts: Sequence[Prompt]) -> Place:
        language = prompts[0].language if prompts else ""
        place = Place(live.flow, live.step, language, _in_one(prompts))
        if place in self.texts:
            return place
        where = (live.flow, live.step, language)
        self._many[where] = self._many.get(where, 0) + 1
        return place if self._many[where] <= MOST_TEXTS_A_PLACE else replace(place, text="…")


def _in_one(prompts: Sequence[Prompt]) -> str:
    """All words of a playback; values, which are spoken in short pieces, as dots."""
    return re.sub("…+", "…", "".join(one.text if len(one.text) > LONGEST_PIECE else "…" for one in prompts))
