"""This file decides in which groups calls and agents' time are counted. It does not know where they are kept."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ivr_engine.figures.demand import Demand, Hour
from ivr_engine.figures.question import OF_SEATS, Question
from ivr_engine.figures.results import Figures, Report, band_names, mean, share, waits
from ivr_engine.figures.tally import Tally, tally
from ivr_engine.figures.work import BUSY, Work, parts
from ivr_engine.model.past import AgentSpan, Dimension, PastCall

# Groups of callers: what agents did cannot be divided among them.
_OF_CALLERS: tuple[Dimension, ...] = ("queue", "region", "flow")


@dataclass(frozen=True, slots=True)
class Reckoned:
    """The report, and hour by hour what was asked of the queues; hours by their end, in seconds since 1970."""

    report: Report
    hours: Mapping[float, Hour]


def reckon(question: Question, calls: Iterable[PastCall], spans: Iterable[AgentSpan]) -> Reckoned:
    """The figures of these calls and of what agents did, in whatever order they come."""
    hours: dict[float, Hour] = defaultdict(Hour)
    groups: dict[str, Tally] = defaultdict(lambda: tally(question.bands))
    for call in calls:
        groups[question.group_of(call)].count(call, question)
        if call.enqueued_at is not None and call.queue is not None:
            demand = hours[question.hour_end(call.arrived_at)].demand
            demand.setdefault(call.queue, Demand()).count(call, question.target_of(call.queue).within)
    works = _works(question, spans, hours)
    whole, work = tally(question.bands), Work()
    for one in groups.values():
        whole.merge(one)
    for done in works.values():
        work.merge(done)
    if question.by in _OF_CALLERS:
        works = {}
    names = sorted({*groups, *works}) if question.by != "all" else ()
    report = Report(
        since=question.since,
        until=question.until,
        by=question.by,
        window_seconds=question.window,
        short_seconds=question.short,
        total=_figures("", whole, work, question, of_seats=False),
        groups=[
            _figures(name, groups[name], works.get(name), question, of_seats=question.by in OF_SEATS) for name in names
        ],
    )
    return Reckoned(report, hours)


def _works(question: Question, spans: Iterable[AgentSpan], hours: dict[float, Hour]) -> dict[str, Work]:
    works: dict[str, Work] = defaultdict(Work)
    for span in spans:
        for since, until in parts(span, question):
            works[_group_of(span, since, question)].count(span, since, until)
            if span.state in BUSY or span.state == "ready":
                staffed = hours[question.hour_end(since)].staffed
                staffed[span.pool] = staffed.get(span.pool, 0.0) + until - since
    return works


def _group_of(span: AgentSpan, since: float, question: Question) -> str:
    match question.by:
        case "agent":
            return span.agent
        case "pool":
            return span.pool
        case "hour":
            return question.hour_of(since)
        case _:
            return ""


def _figures(name: str, calls: Tally, work: Work | None, question: Question, *, of_seats: bool) -> Figures:
    # Who was not answered belongs to no seat: rates of those who came have no meaning there.
    offered = 0 if of_seats else calls.offered
    known = calls.numbered
    signed_in = work.signed_in if work else 0.0
    talk, rest = mean(calls.talks), mean(calls.rests)
    return Figures(
        group=name,
        calls=calls.calls,
        offered=calls.offered,
        answered=calls.answered,
        abandoned=calls.abandoned,
        transferred=calls.transferred,
        elsewhere=calls.offered - calls.answered - calls.abandoned - calls.transferred,
        answered_in_time=calls.in_time,
        short_abandoned=calls.short,
        answer_rate=share(calls.answered, offered),
        service_level=share(calls.in_time, offered),
        service_level_but_short=share(calls.in_time, max(0, offered - calls.short)),
        abandoned_share=share(calls.abandoned, offered),
        abandoned_by_wait=dict(zip(band_names(question.bands), calls.bands, strict=True)),
        wait=waits(calls.waits),
        talk_seconds=talk,
        rest_seconds=rest,
        handle_seconds=None if talk is None else talk + (rest or 0.0),
        transfers=calls.transfers,
        overflow_share=share(calls.overflow, calls.answered),
        missed=work.missed if work and of_seats else calls.missed,
        occupancy=share(sum(work.busy), signed_in) if work else None,
        signed_in_seconds=signed_in,
        paused_seconds=sum(work.paused) if work else 0.0,
        repeat_rate=share(calls.repeats, known),
        first_calls=calls.first,
        resolved=share(calls.settled - calls.settled_again, calls.settled),
        resolved_so_far=share(calls.first - calls.first_again, calls.first),
    )
