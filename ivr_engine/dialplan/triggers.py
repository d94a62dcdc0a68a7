"""This file decides how is written what a crisis is noticed by, and what then happens. It does not know any call."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Annotated, Any, ClassVar, Literal

from ivr_engine.dialplan.diagnostics import quote
from ivr_engine.dialplan.fields import Named, Place
from ivr_engine.dialplan.reader import Kind, Reader
from ivr_engine.dialplan.scalars import Duration, Label, Pause, Phrase, Seconds, Tag, Whole
from ivr_engine.dialplan.schema import Schema, Terms
from ivr_engine.dialplan.shares import Percent, Share
from ivr_engine.dialplan.source import Mark, Scalar, Table, Value
from ivr_engine.dialplan.steps import QueueRef, Reference
from ivr_engine.model.crises import HowToStart, Level

SHORTEST_WINDOW = 10.0  # seconds: counted in steps of five
USUAL_WINDOW = 300.0
MOST = 1_000_000

Figure = Literal["calls", "answer rate", "left in menu", "wait", "waiting", "faults", "signal"]
Measure = Literal["same time yesterday", "same time last week", "usual"]
ProfileRef = Annotated[str, Reference("profile", "recall")]
Window = Annotated[float, Duration(longest=86400)]
Many = Annotated[int | None, Whole(1, MOST)]


@dataclass(frozen=True, slots=True)
class Amount:
    """So many calls, or (`is_share`) so many of a hundred that are usual."""

    number: int
    is_share: bool = False


@dataclass(frozen=True)
class AmountOfCalls(Kind):
    """A number of calls, or a share of those that are usual."""

    expected: ClassVar[str] = "a number of calls such as 300, or a share of the usual ones such as 150%"
    example: ClassVar[str] = "150%"

    def read(self, value: Value, reader: Reader) -> Amount:
        """The calls."""
        if isinstance(value, Scalar) and re.search("[%％]", value.text):
            return Amount(Percent(1, 9999).read(value, reader), is_share=True)
        if isinstance(value, Scalar) and re.fullmatch(r"[0-9]{1,18}", value.text, re.ASCII):
            return Amount(Whole(1, MOST).read(value, reader))
        raise self.wrong(value, reader)

    def schema(self, terms: Terms) -> Schema:
        """Either."""
        return {"anyOf": [Whole(1, MOST).schema(terms), Percent(1, 9999).schema(terms)]}


@dataclass(frozen=True)
class Below(Kind):
    """A share that something must not fall below."""

    expected: ClassVar[str] = "a share with `below`, such as `below 80%`"
    example: ClassVar[str] = "below 80%"

    def read(self, value: Value, reader: Reader) -> int:
        """How many of a hundred."""
        text = self.scalar(value, reader)
        found = re.fullmatch(r"below ([1-9][0-9]?|100)%", text, re.ASCII)
        if not found:
            bare = re.fullmatch(r"(?:below )?([1-9][0-9]?) ?[%％]?", text, re.ASCII)
            raise self.wrong(value, reader, f"write `below {bare[1]}%`" if bare else "")
        return int(found[1])

    def schema(self, terms: Terms) -> Schema:
        """The word and the share."""
        del terms
        return {"type": "string", "pattern": "^below ([1-9][0-9]?|100)%$", "examples": [self.example]}


Volume = Annotated[Amount | None, AmountOfCalls()]

# Which figures each further setting has a meaning with. A share of usual calls is a figure of its own here.
_SHARE_OF_USUAL = "calls in %"
_GOES_WITH: Mapping[str, tuple[str, ...]] = {
    "of": (_SHARE_OF_USUAL,),
    "cold start": (_SHARE_OF_USUAL,),
    "at least": (_SHARE_OF_USUAL, "answer rate", "left in menu"),
    "queue": ("calls", "answer rate", "wait", "waiting"),
    "tag": ("calls",),
    "in": (_SHARE_OF_USUAL, "calls", "answer rate", "left in menu", "faults", "signal"),
    "words": ("signal",),
    "count": ("signal",),
    "sources": ("signal",),
}
_FIGURES: tuple[Figure, ...] = ("calls", "answer rate", "left in menu", "wait", "waiting", "faults", "signal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What fires: one figure, `in` so long a time until now (5m), reaches or is beyond this.

    `calls`: that came, or came to `queue`, or were given `tag`; a share is one `of` those on ordinary days. `wait` is
    that of who waits longest. A share counts only where there were `at least` so many calls. While nothing is known of
    ordinary days, `cold start` calls fire.
    """

    calls: Volume = None
    answer_rate: Annotated[int | None, Below()] = None  # of who came to a queue, whose wait ended in that time
    left_in_menu: Share | None = None  # of all whose call ended in that time
    wait: Seconds | None = None
    waiting: Many = None
    faults: Many = None  # of the engine, or its line to Asterisk
    signal: Label | None = None  # what another system tells of
    of: Measure | None = None
    cold_start: Many = None
    at_least: Many = None
    queue: QueueRef | None = None
    tag: Tag | None = None
    span: Annotated[Window | None, Named("in")] = None
    words: tuple[Annotated[str, Phrase()], ...] = ()  # one of them is in the signal's text
    count: Many = None  # of signals: 1 if nobody says so
    sources: Many = None  # so many systems must tell it

    @property
    def figure(self) -> Figure:
        """What it looks at."""
        return _figures_in(self)[0]

    @property
    def window(self) -> float:
        """How long a time counts, in seconds."""
        return self.span or USUAL_WINDOW

    @property
    def is_of_usual(self) -> bool:
        """Whether calls are compared with those of ordinary days."""
        return self.calls is not None and self.calls.is_share

    @property
    def bound(self) -> float:
        """Where it fires."""
        return float(self.count or 1) if self.signal else bound_of(self, self.figure)

    def judge(self, at: Place) -> None:
        """Tell of what has no meaning together."""
        found = _figures_in(self)
        if len(found) != 1:
            one_of = ", ".join(f"`{name}`" for name in _FIGURES)
            what = f"looks at {' and '.join(found)}" if found else "looks at nothing"
            at.reader.refuse(at.table.mark, "E341", f"{at.reader.where} {what}", f"write just one of {one_of}")
            return
        figure = _SHARE_OF_USUAL if self.is_of_usual else found[0]
        for entry in at.table.entries:
            key = entry.key.text
            if key in _GOES_WITH and figure not in _GOES_WITH[key]:
                message = f"{quote(key)} has no meaning with {quote(figure)}"
                fits = ", ".join(_GOES_WITH[key])
                at.reader.refuse(entry.key.mark, "E341", message, f"delete it: it goes with {fits}")
        if figure in _GOES_WITH["at least"] and self.at_least is None:
            message = f"{quote(figure)} is a share, and a share of a few calls says nothing"
            at.reader.refuse(at.table.mark, "E341", message, "add the fewest calls that count: `at least: 30`")
        if self.span is not None and self.span < SHORTEST_WINDOW:
            remedy = f"write `{SHORTEST_WINDOW:g}s`, or more: calls are counted in steps of 5s"
            at.reader.refuse(at.of("in"), "E341", f"{at.reader.where} looks at too short a time", remedy)


@dataclass(frozen=True, slots=True, kw_only=True)
class Back:
    """Where it is over: the same figure, so far on the good side. Left out, there is some distance."""

    calls: Volume = None
    answer_rate: Share | None = None
    left_in_menu: Share | None = None
    wait: Seconds | None = None
    waiting: Many = None
    faults: Many = None
    signal: Annotated[int | None, Named("count"), Whole(1, MOST)] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggerPlan:
    """What fires it, when it is over, and what then happens.

    `when` must hold `for` so long; over it is when `back` has held for `back after`. It does not fire again for
    `cool down` after that. `start` is what becomes of `crisis` at `level` then, `off` what when it is over.
    """

    when: Condition
    back: Back | None = None
    back_after: Pause = 600.0
    hold: Annotated[Pause, Named("for")] = 60.0
    cool_down: Pause = 1800.0
    start: HowToStart = "propose"
    off: Literal["automatic", "propose", "never"] = "propose"
    crisis: ProfileRef | None = None
    level: Level = "general"
    tell: tuple[Label, ...] = ()  # groups of people, as the settings name them

    @property
    def back_bound(self) -> float:
        """Where it is over: the figure must be on the good side of this."""
        figure, bound = self.when.figure, self.when.bound
        if self.back is not None:
            return bound_of(self.back, figure)
        if figure == "answer rate":
            return min(100.0, bound + 5)
        if self.when.is_of_usual and bound > 100:
            return (bound + 100) / 2
        return bound * 0.8

    def is_beyond(self, figure: float) -> bool:
        """Whether a figure fires."""
        return figure < self.when.bound if self.when.figure == "answer rate" else figure >= self.when.bound

    def is_back(self, figure: float) -> bool:
        """Whether a figure is on the good side again."""
        return figure >= self.back_bound if self.when.figure == "answer rate" else figure < self.back_bound

    def judge(self, at: Place) -> None:
        """Tell of one that is never over, or starts nothing."""
        if self.crisis is None and self.start != "notify":
            message = f"{at.reader.where} would {self.start} no crisis" if self.start == "propose" else ""
            message = message or f"{at.reader.where} would start no crisis"
            at.reader.refuse(at.table.mark, "E341", message, "add `crisis: recall`, or write `start: notify`")
        if self.back is None or len(_figures_in(self.when)) != 1:
            return
        figure = self.when.figure
        written = [one.name for one in fields(self.back) if getattr(self.back, one.name) is not None]
        same_kind = self.back.calls is None or self.back.calls.is_share == self.when.is_of_usual
        if written != [figure.replace(" ", "_")] or not same_kind:
            remedy = f"write just `{'count' if figure == 'signal' else figure}` there, in the same way"
            at.reader.refuse(at.of("back"), "E341", "`back` looks at something else than `when`", remedy)
        elif self.is_beyond(self.back_bound) and not (figure != "answer rate" and self.back_bound == self.when.bound):
            message = f"{at.reader.where} would be over while it fires"
            remedy = "let `back` be on the good side of `when`, with some distance"
            at.reader.refuse(at.of("back"), "E342", message, remedy)


def bound_of(one: Any, figure: Figure) -> float:
    """The value of a figure, as a number: of a hundred, seconds, or calls."""
    value = getattr(one, figure.replace(" ", "_"))
    return float(value.number if isinstance(value, Amount) else value)


def _figures_in(when: Condition) -> list[Figure]:
    return [name for name in _FIGURES if getattr(when, name.replace(" ", "_")) is not None]


def check_triggers(
    triggers: Mapping[str, TriggerPlan], two: Collection[str], files: Iterable[tuple[Reader, Value | None]]
) -> None:
    """Tell of two triggers of one name, and of those that would start what others, or people, have to say about.

    `two`: the profiles that take two people.
    """
    known: dict[str, Mark] = {}
    begun: dict[Condition, str] = {}
    for reader, table in files:
        written = table.get("triggers") if isinstance(table, Table) else None
        for entry in written.entries if isinstance(written, Table) else ():
            name, mark = entry.key.text, entry.key.mark
            first = known.setdefault(name, mark)
            if first is not mark:
                message = f"trigger {quote(name)} is already in {first.source.name}:{first.line}"
                reader.refuse(mark, "E309", message, "keep one of the two")
            elif triggers[name].start == "automatic":
                _check_automatic(name, triggers, two, begun, mark, reader)


def _check_automatic(  # noqa: PLR0913, PLR0917 - all that one is compared with
    name: str,
    triggers: Mapping[str, TriggerPlan],
    two: Collection[str],
    begun: dict[Condition, str],
    mark: Mark,
    reader: Reader,
) -> None:
    plan = triggers[name]
    other = begun.setdefault(plan.when, name)
    before = triggers[other]
    if (before.crisis, before.level) != (plan.crisis, plan.level):
        message = f"{quote(name)} and {quote(other)} fire at the same, and start different things"
        reader.refuse(mark, "E343", message, "keep one of them, or let one `start: propose`")
    if plan.crisis is not None and plan.crisis in two:
        message = f"{quote(name)} would start {quote(plan.crisis)} by itself, which takes two people"
        reader.refuse(mark, "E343", message, "write `start: propose`, or delete `two people` there")
