"""This file decides what a crisis profile still lacks before it may be relied on. It does not know who asks."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ivr_engine.dialplan.crises import CrisisPlan
from ivr_engine.dialplan.diagnostics import Diagnostic, Findings, Severity
from ivr_engine.dialplan.hotline import Flow, Hotline, Text
from ivr_engine.dialplan.profiles import who_may
from ivr_engine.dialplan.source import Scalar, Table, UnreadableError, read_file
from ivr_engine.draw.exits import told_by
from ivr_engine.model.crises import LEVELS
from ivr_engine.model.ids import QueueName, StepName
from ivr_engine.model.notices import Connected, Queued
from ivr_engine.nodes import Node
from ivr_engine.nodes.enqueue import Enqueue
from ivr_engine.nodes.status import Status
from ivr_engine.people import unheard
from ivr_engine.settings import Settings
from ivr_engine.simulator.coverage import Missed
from ivr_engine.simulator.playing import Results, usual_time
from ivr_engine.simulator.rehearsal import Rehearsal
from ivr_engine.simulator.visits import keys_of

REHEARSED_SECONDS = 600.0  # who presses nothing for so long has come to a person, or never will


@dataclass(frozen=True, slots=True)
class Point:
    """One thing a profile must have, or (not `needed`) had better. `lacks` are what is missing, with the remedy."""

    name: str
    lacks: tuple[str, ...] = ()
    needed: bool = True

    @property
    def ok(self) -> bool:
        """Whether it is there."""
        return not self.lacks


@dataclass(frozen=True, slots=True)
class Case:
    """What a profile is judged by. `found` is what `ivr check` tells, `played` what became of the hotline's tests."""

    hotline: Hotline[Node]
    profile: str
    found: Sequence[Diagnostic]
    played: Results
    where: Path
    now: float
    settings: Settings | None = None

    @property
    def flow(self) -> Flow[Node]:
        """The profile's flow."""
        return self.hotline.crises[self.profile]

    @property
    def plan(self) -> CrisisPlan:
        """What else it changes."""
        return self.flow.plan or CrisisPlan(name=self.profile)


def points_of(case: Case) -> list[Point]:
    """Everything that is looked at, in the order in which an admin writes it."""
    looked_at = (one for one in _LOOKED_AT if case.settings or one[1] not in _BY_SETTINGS)
    return [Point(name, tuple(lacks(case)), needed) for name, lacks, needed in looked_at]


def is_complete(points: Sequence[Point]) -> bool:
    """Whether nothing is missing that is needed."""
    return all(one.ok or not one.needed for one in points)


def _files(case: Case) -> Iterator[str]:
    for one in case.found:
        if one.severity is Severity.ERROR or _is_of(Path(one.file), case.profile):
            yield str(one)


def _is_of(file: Path, profile: str) -> bool:
    """Whether a file is that of the profile."""
    with suppress(UnreadableError):
        tree, _ = read_file(file, Findings())
        name = tree.get("crisis") if isinstance(tree, Table) else None
        return isinstance(name, Scalar) and name.text == profile
    return False


def _title(case: Case) -> Iterator[str]:
    if not case.plan.title or case.plan.kind == "other":
        yield "write `title: 产品召回` and `kind: recall`: who confirms it reads them"


def _menu(case: Case) -> Iterator[str]:
    if not any(keys_of(node) for node in _own(case).values()):
        yield "none of its own steps asks the caller anything: give it a `menu`"


def _seats(case: Case) -> Iterator[str]:
    queues = _joined(case)
    if not queues:
        yield "its callers come to no queue: lead them to one with `{enqueue: urgent}`"


def _status(case: Case) -> Iterator[str]:
    if not any(isinstance(case.flow.steps[step], Status) for step in _reached(case.flow)):
        yield "callers hear nowhere how it stands: lead a key to a step `{status: …, refresh by: …, then: …}`"


def _refresh(case: Case) -> Iterator[str]:
    if case.plan.refresh is None:
        yield "add `refresh: 2h`: so often what is said must be written anew"


def _expiry(case: Case) -> Iterator[str]:
    if case.plan.lasts is None:
        yield "add `lasts: 24h`: then it goes off by itself, if nobody does it"


def _clocks(case: Case) -> Iterator[str]:
    for level in LEVELS:
        at = case.plan.at(level)
        if not at.clocks:
            yield f"level {level} has no clocks: write who must do what by when"
        if not at.tell:
            yield f"nobody is told when level {level} is reached: add `tell: [duty]`"
    for level, plan in case.plan.levels.items():
        for name in (name for name, clock in plan.clocks.items() if not (clock.tell or clock.overdue)):
            yield f"nobody hears of clock {name} of level {level}: add `tell: [duty]`"


def _people_heard(case: Case) -> Iterator[str]:
    if case.settings is not None:
        yield from unheard(sorted(case.plan.tells()), case.settings)


def _people(case: Case) -> Iterator[str]:
    hotline, wall = case.hotline, case.hotline.normal.facilities.hours.wall(case.now)
    able = {name: one for name, one in hotline.people.items() if one.until is None or wall < one.until}
    if not hotline.people:
        yield "whoever has the token may switch it: name who may under `people` of the hotline"
    elif not able or not who_may(able, case.plan):
        yield "nobody whose time is not over may switch it: renew somebody under `people`"


def _waiting(case: Case) -> Iterator[str]:
    for name, text in (("say", case.plan.waiting.say), ("over", case.plan.waiting.over)):
        missing = [one for one in case.hotline.languages if not isinstance(text, Text) or one not in text.words]
        if missing:
            yield f"`waiting: {name}` has no words in {', '.join(missing)}: those who wait are not told"


def _scripts(case: Case) -> Iterator[str]:
    for name in _joined(case):
        change = case.plan.queues.get(name)
        if not (change and change.script):
            yield f"agents who serve {name} are not told what to say: add `queues: {{{name}: {{script: …}}}}`"


def _promises(case: Case) -> Iterator[str]:
    if not case.plan.promises:
        yield "add `promises: [全额退款, 赔偿]`: what nobody may promise in public"


def _code(case: Case) -> Iterator[str]:
    if not case.plan.code:
        yield "add `code: 1`, and it can be switched by phone"


def _extra(case: Case) -> Iterator[str]:
    if case.settings is not None and case.plan.extra_copy and case.settings.recording.extra is None:
        yield "it asks for a second copy of recordings: add `extra: <folder>` to `recording` of the settings"


def _tests(case: Case) -> Iterator[str]:
    for one in case.played.played:
        if one.failure is not None:
            yield f"the test {one.name!r} fails: run `ivr test-dialplan {one.file}`"
    missed = _missed(case)
    if missed is None:
        yield f"no test comes to it: write some in a folder `tests` beside {case.where}"
    elif not missed.is_nothing:
        yield f"no test comes to {', '.join((*missed.steps, *missed.keys))}: add one (ivr test-dialplan)"


def _missed(case: Case) -> Missed | None:
    """What no test comes to; None if none comes to the profile at all."""
    for where, flows in case.played.missing.items():
        if where.resolve() == case.where.resolve():
            missed = next(one for one in flows if one.flow == case.profile)
            return None if len(missed.steps) == missed.of[0] else missed
    return None


def _rehearsal(case: Case) -> Iterator[str]:
    rehearsal = Rehearsal(case.hotline, usual_time(case.hotline.timezone))
    rehearsal.switch_crisis(case.profile)
    if case.profile not in rehearsal.board.crisis.profiles:
        yield "it could not be switched on in a rehearsal: run `ivr simulate`, then `crisis`"
        return
    call = rehearsal.dial(case.hotline.numbers[0], "13800000000")

    def there() -> bool:
        return not rehearsal.is_live(call) or any(isinstance(one, Queued | Connected) for one in rehearsal.of(call))

    rehearsal.until(there, REHEARSED_SECONDS)
    if not any(isinstance(one, Queued | Connected) for one in rehearsal.of(call)):
        yield "who presses nothing never comes to a person: lead `silence` to a queue"


# --- where its callers come -------------------------------------------------------------------------------------


def _own(case: Case) -> dict[StepName, Node]:
    normal = case.hotline.normal.steps
    return {name: node for name, node in case.flow.steps.items() if node is not normal.get(name)}


def _reached(flow: Flow[Node]) -> set[StepName]:
    plan = flow.plan
    found: set[StepName] = set()
    waiting = [flow.start, *([flow.human.to] if flow.human else [])]
    waiting += [one.then for one in plan.deflect.values()] if plan else []
    while waiting:
        step = waiting.pop()
        if step in flow.steps and step not in found:
            found.add(step)
            waiting += [StepName(one.to) for one in told_by(flow.steps[step], "").exits if not one.to_queue]
    return found


def _joined(case: Case) -> list[QueueName]:
    reached = _reached(case.flow)
    queues = {node.queue for step in reached if isinstance(node := case.flow.steps[step], Enqueue)}
    queues |= set(case.plan.waiting.move.values())
    return [name for name in case.hotline.queues if name in queues]


_Lacks = Callable[[Case], Iterator[str]]
_LOOKED_AT: tuple[tuple[str, _Lacks, bool], ...] = (
    ("files without a mistake: queues served, seats there, no promises 文件无误", _files, True),
    ("title and kind 名称与类型", _title, True),
    ("a menu of its own 专用菜单", _menu, True),
    ("queues for its callers 排队", _seats, True),
    ("how it stands is told 进展播报", _status, True),
    ("refresh time 更新周期", _refresh, True),
    ("expiry 到期自动关闭", _expiry, True),
    ("levels, clocks and who is told 分级时限与通知", _clocks, True),
    ("who is told can be reached 通知对象可达", _people_heard, True),
    ("who may switch it 谁可以启动", _people, False),
    ("those who wait are told 告知排队者", _waiting, True),
    ("agents' scripts 坐席话术", _scripts, True),
    ("words nobody may promise 禁止承诺", _promises, True),
    ("phone code 电话开关代码", _code, False),
    ("extra copy of recordings 录音另存", _extra, True),
    ("tests pass and come everywhere 测试覆盖", _tests, True),
    ("rehearsed: silent callers come to a person 演练", _rehearsal, True),
)
_BY_SETTINGS = {_people_heard, _extra}
