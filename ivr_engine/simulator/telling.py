"""This file decides how what happened to a caller is told to people. It does not know what should have happened."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from zoneinfo import ZoneInfo

from ivr_engine.dialplan.hotline import NORMAL, Hotline
from ivr_engine.model.ids import StepName
from ivr_engine.model.notices import (
    ArmTaken,
    Arrived,
    CallBackRequested,
    CallStage,
    Connected,
    CrisisChanged,
    Ended,
    KeyPressed,
    MessageLeft,
    Moved,
    Offered,
    OfferEnded,
    Queued,
    StepEntered,
    Transferred,
    Trouble,
)
from ivr_engine.nodes import Node
from ivr_engine.simulator.rehearsal import Doing, Moment, Saying


@dataclass(frozen=True, slots=True)
class Told:
    """One line of a story. `kind` is what it is about, for colours."""

    at: str
    place: str
    words: str
    kind: str = ""

    def __str__(self) -> str:
        """In one line."""
        return "  ".join(part for part in (self.at, self.place, self.words) if part)


class Teller:
    """Tells moments in the time zone of the hotline."""

    def __init__(self, hotline: Hotline[Node]) -> None:
        self._zone = ZoneInfo(hotline.timezone)
        self._flows: Mapping[str, Mapping[StepName, Node]] = {
            flow.name: flow.steps for flow in (hotline.normal, *hotline.crises.values())
        }
        self._flow = hotline.normal.name

    def time(self, at: float) -> str:
        """A time of day."""
        return f"{datetime.fromtimestamp(at, self._zone):%H:%M:%S}"

    def day(self, at: float) -> str:
        """A day and a time."""
        return f"{datetime.fromtimestamp(at, self._zone):%A %Y-%m-%d %H:%M}"

    def told(self, moments: Iterable[Moment | CallStage]) -> Iterator[Told]:
        """A line for each moment that is worth one."""
        every = list(moments)
        for moment, following in zip_longest(every, every[1:]):
            if isinstance(moment, StepEntered) and _speaks_at_once(moment, following):
                continue  # the words name the step
            line = self._line(moment)
            if line is not None:
                yield line

    def _line(self, moment: Moment | CallStage) -> Told | None:
        if isinstance(moment, Saying):
            return Told(self.time(moment.at), moment.place, f"“{moment.words}”", "words")
        if isinstance(moment, Doing):
            return Told(self.time(moment.at), "", moment.what, "doing")
        if isinstance(moment, CallStage):
            return self._stage(moment)
        if isinstance(moment, CrisisChanged):
            how = f"on, level {moment.level}, for {moment.scope}" if moment.on else "off"
            words = f"crisis {moment.profile} is {how}"
            return Told(self.time(moment.at), "", words, "doing")
        if isinstance(moment, Trouble):
            return Told(self.time(moment.at), "", moment.what, "trouble")
        return None

    def _stage(self, stage: CallStage) -> Told | None:
        at = self.time(stage.at)
        match stage:
            case Arrived(number=number, caller=caller, flow=flow):
                self._flow = flow
                return Told(
                    at, "", f"{caller} calls {number}" + ("" if flow == NORMAL else f", crisis {flow}"), "doing"
                )
            case Moved(flow=flow):
                self._flow = flow
                where = "the ordinary menu" if flow == NORMAL else f"the menu of crisis {flow}"
                return Told(at, "", f"goes on in {where}", "doing")
            case StepEntered(step=step):
                node = self._flows[self._flow].get(step)
                return Told(at, step, f"({node.WORD})" if node else "", "step")
            case KeyPressed(understood=False):
                return Told(at, "", "not a key of this step", "trouble")
            case _:
                words = _of_queue(stage)
                return Told(at, "", words, "queue") if words else None


def _of_queue(stage: CallStage) -> str:
    match stage:
        case Queued(queue=queue, ahead=ahead):
            return f"joins queue {queue}" + (f", {ahead} ahead" if ahead else "")
        case Offered(seat=seat, overflow=overflow):
            return f"{seat} is rung" + (" (overflow)" if overflow else "")
        case OfferEnded(seat=seat, cause=cause):
            return f"{seat}: {cause.value}; he keeps his place"
        case Connected(seat=seat, pool=pool, waited=waited):
            return f"talks to {seat} of {pool}, after {waited:.0f} s in the queue"
        case _:
            return _of_leaving(stage)


def _of_leaving(stage: CallStage) -> str:
    match stage:
        case Transferred(destination=destination, ok=ok):
            return f"talks to {destination}" if ok else f"nobody answers at {destination}"
        case CallBackRequested(queue=queue, to=to):
            return f"wishes to be called back by {queue} at {to}"
        case MessageLeft(queue=queue, seconds=seconds):
            return f"has left a message of {seconds:.0f} s for {queue}"
        case ArmTaken(split=split, arm=arm):
            return f"is in arm {arm} of {split}"
        case Ended(record=record):
            return f"the call is over: {record.outcome.value}"
        case _:
            return ""


def _speaks_at_once(moment: StepEntered, following: Moment | CallStage | None) -> bool:
    return isinstance(following, Saying) and following.call == moment.call and following.place == moment.step
