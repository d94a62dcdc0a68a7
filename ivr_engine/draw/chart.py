"""This file decides which boxes a flow is drawn as, and what leads where. It does not know how a box looks.

A step written inside another that only leads on (`1: {enqueue: urgent, tag: safety}`) is no box: its settings go to
the exit that leads through it. A crisis profile's chart ends where its callers come to ordinary steps.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from ivr_engine.dialplan.hotline import Flow, Hotline
from ivr_engine.dialplan.steps import RETURN
from ivr_engine.dialplan.text import Text
from ivr_engine.draw.exits import Exit, Told, told_by
from ivr_engine.draw.traffic import FlowTraffic, Traffic
from ivr_engine.model.ids import QueueName, StepName

ENTRY = "entry"  # no step can be called so: their boxes begin with `step:`


class Sort(StrEnum):
    """What a box stands for."""

    ENTRY = "entry"
    CHOICE = "choice"  # asks the caller for a key
    STEP = "step"
    QUEUE = "queue"
    END = "end"


@dataclass(frozen=True, slots=True)
class Box:
    """One box. `to` of its exits are keys of the chart's boxes; `borrowed`: an ordinary step in a crisis profile."""

    sort: Sort
    title: str
    word: str
    texts: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    exits: tuple[Exit, ...] = ()
    borrowed: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """One flow as boxes, the entry first."""

    title: str
    boxes: Mapping[str, Box]


def charts_of(
    hotline: Hotline[Any], language: str = "", traffic: Traffic | None = None, flow: str = ""
) -> tuple[Chart, ...]:
    """The ordinary flow and every crisis profile, with the words callers hear in `language`.

    With `traffic`, each way says how many callers took it; with `flow`, only that one is drawn.
    """
    language = language or hotline.languages[0]
    flows = [one for one in (hotline.normal, *hotline.crises.values()) if flow in ("", one.name)]
    return tuple(
        _Drawing(
            hotline, flow, language, traffic.get(flow.name, FlowTraffic()) if traffic is not None else None
        ).chart()
        for flow in flows
    )


@dataclass(frozen=True, slots=True)
class _Drawing:
    hotline: Hotline[Any]
    flow: Flow[Any]
    language: str
    traffic: FlowTraffic | None

    def chart(self) -> Chart:
        boxes = {ENTRY: self._entry()}
        own = [name for name in self.flow.steps if not self._is_borrowed(name)]
        waiting = [*self._next(boxes[ENTRY]), *(_step(name) for name in own if "." not in name)]
        while waiting:
            key = waiting.pop(0)
            if key not in boxes:
                boxes[key] = self._box(key)
                waiting = [*self._next(boxes[key]), *waiting]
        return Chart(f"{self.hotline.name} · {self.flow.name}", boxes)

    def _next(self, box: Box) -> Iterator[str]:
        return (one.to for one in box.exits)

    def _entry(self) -> Box:
        way = Exit("", self.flow.start, remarks=self._times(lambda seen: seen.calls))
        word = "callers" if self.flow is self.hotline.normal else f"callers while {self.flow.name} is on"
        human = self.flow.human
        exits = [way, *([Exit("/".join(human.keys), human.to, by_key=True)] if human else [])]
        followed = tuple(self._followed(one) for one in exits)
        return Box(Sort.ENTRY, ", ".join(self.hotline.numbers), word, exits=followed)

    def _box(self, key: str) -> Box:
        kind, _, name = key.partition(":")
        if name == RETURN:
            return Box(Sort.END, RETURN, "to where it was called from")
        return self._queue(QueueName(name)) if kind == "queue" else self._step(StepName(name))

    def _queue(self, name: QueueName) -> Box:
        told = told_by(self.hotline.queues[name], self.language)
        return Box(Sort.QUEUE, name, "queue", self._words(told.texts), tuple(told.settings))

    def _step(self, name: StepName) -> Box:
        told = self._told(name)
        word = type(self.flow.steps[name]).WORD
        if self._is_borrowed(name):
            # Where it goes on is in the other chart: drawn twice, it would hide what is different in a crisis.
            return Box(Sort.STEP, name, word, self._words(told.texts), ("as on ordinary days",), borrowed=True)
        exits = tuple(self._followed(one) for one in self._counted(name, told.exits))
        sort = Sort.CHOICE if any(one.by_key for one in exits) else Sort.STEP if exits else Sort.END
        return Box(sort, name, word, self._words(told.texts), tuple(told.settings), exits)

    def _told(self, name: StepName) -> Told:
        node = self.flow.steps[name]
        return told_by(node, self.language, type(node).WORD)

    def _counted(self, step: StepName, exits: list[Exit]) -> Iterator[Exit]:
        """The exits, each with how many took it; of several to the same step only their sum is known."""
        leading = Counter(one.to for one in exits)
        for one in exits:
            way = (step, one.to)
            count = _visits(step) if one.to_queue else _took(way)
            together = " in all" if leading[one.to] > 1 else ""
            yield replace(one, remarks=(*self._times(count, together), *one.remarks))

    def _times(self, count: Callable[[FlowTraffic], int], more: str = "") -> tuple[str, ...]:
        return () if self.traffic is None else (f"{count(self.traffic):,}×{more}",)

    def _followed(self, way: Exit) -> Exit:
        """The exit with the key of the box it leads to, through steps that only lead on."""
        while not way.to_queue and "." in way.to:
            told = self._told(StepName(way.to))
            if told.texts or len(told.exits) != 1:
                break
            (onward,) = told.exits
            remarks = (*way.remarks, *told.settings, *onward.remarks)
            way = replace(way, to=onward.to, to_queue=onward.to_queue, remarks=remarks)
        return replace(way, to=f"queue:{way.to}" if way.to_queue else _step(way.to))

    def _words(self, texts: list[Text]) -> tuple[str, ...]:
        return tuple(text.written(self.language, self.hotline.languages[0]) for text in texts)

    def _is_borrowed(self, name: str) -> bool:
        normal = self.hotline.normal
        step = StepName(name)
        return self.flow is not normal and self.flow.steps[step] is normal.steps.get(step)


def _visits(step: StepName) -> Callable[[FlowTraffic], int]:
    return lambda seen: seen.visits.get(step, 0)


def _took(way: tuple[str, str]) -> Callable[[FlowTraffic], int]:
    return lambda seen: seen.ways.get(way, 0)


def _step(name: str) -> str:
    return f"step:{name}"
