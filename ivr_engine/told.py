"""This file decides what of the core's notices a person should read in the log, and how loud. It knows no call."""

import msgspec
import structlog

from ivr_engine.model.notices import (
    AgentChanged,
    AlertRaised,
    AlertSent,
    AnyNotice,
    ArmChanged,
    CallBackRequested,
    CallBackTried,
    CallsMissed,
    CallStage,
    CanaryChanged,
    ClockChanged,
    CrisisAnswered,
    CrisisChanged,
    CrisisProposed,
    DialplanChanged,
    Ended,
    LinkChanged,
    Listened,
    MessageLeft,
    OverflowChanged,
    PoolHealthChanged,
    ProposalClosed,
    StatusChanged,
    TriggerChanged,
    Trouble,
    TurnedAway,
)

log = structlog.get_logger()


def log_drill(notice: AnyNotice) -> None:
    """The same of a drill call, marked."""
    with structlog.contextvars.bound_contextvars(drill=True):
        log_notice(notice)


def log_notice(notice: AnyNotice) -> None:
    """Write a notice into the log, if somebody should read it."""
    match notice:
        case Ended(record=record):
            queue, seat = record.queue, record.seat
            log.info("call ended", call=record.call, outcome=record.outcome.value, queue=queue, seat=seat)
        case MessageLeft(call=call, queue=queue, message=message, seconds=seconds):
            log.info("message left", call=call, queue=queue, message=message, seconds=round(seconds, 1))
        case CallBackTried(call=call, wish=wish, attempt=attempt, result=result):
            log.info("called back", call=call, wish=wish, attempt=attempt, result=result.value)
        case CallBackRequested(call=call, queue=queue, wish=wish):
            log.info("call-back wanted", call=call, queue=queue, wish=wish)
        case Listened(call=call, seat=seat, supervisor=supervisor, how=how):
            log.info("a talk is heard", call=call, agent=seat, supervisor=supervisor, how=how)
        case CallStage():
            log.debug(type(notice).__name__, call=notice.call)
        case LinkChanged():
            log.warning("asterisk link", up=notice.up, adopted=notice.adopted, lost=notice.lost)
        case Trouble(kind=kind, what=what, call=call):
            log.warning("trouble", kind=kind.value, what=what, call=call)
        case AlertRaised() | AlertSent():
            _log_alert(notice)
        case _:
            _log_switch(notice)


def _log_alert(notice: AlertRaised | AlertSent) -> None:
    match notice:
        case AlertRaised(alert=alert, to=to, kind=kind, title=title):
            log.warning("alert", alert=alert, to=to, kind=kind, title=title)
        case AlertSent(alert=alert, to=to, messenger=messenger, ok=True, tries=tries):
            log.info("alert sent", alert=alert, to=to, messenger=messenger, tries=tries)
        case AlertSent(alert=alert, to=to, messenger=messenger, why=why, tries=tries, again=again):
            told = "alert not sent yet" if again else "alert not sent"
            log.error(told, alert=alert, to=to, messenger=messenger, why=why, tries=tries)


def _log_switch(notice: AnyNotice) -> None:
    match notice:
        case DialplanChanged(version=version, before=before, by=by):
            log.warning("dialplan switched", version=version, before=before, by=by)
        case PoolHealthChanged(pool=pool, healthy=healthy, why=why):
            log.warning("pool works again" if healthy else "pool skipped", pool=pool, why=why)
        case OverflowChanged(queue=queue, pool=pool, open=is_open, why=why):
            log.warning("overflow opened" if is_open else "overflow closed", queue=queue, pool=pool, why=why)
        case CanaryChanged(state=state) if state != "on":
            log.warning("canary ended", **msgspec.structs.asdict(notice))
        case AgentChanged(agent=agent, state=state, duty=duty):
            log.debug("agent", agent=agent, state=state, duty=duty.word, reason=duty.reason, by=duty.by)
        case CallsMissed(agent=agent, calls=calls):
            log.warning("agent paused", agent=agent, missed=calls, remedy="is he there? then `ivr agents ready`")
        case _:
            _log_crisis(notice)


def _log_crisis(notice: AnyNotice) -> None:
    match notice:
        case CrisisChanged(profile=profile, by=by, reason=reason, on=on):
            scope = str(notice.scope)
            log.warning(
                "crisis switched", profile=profile, on=on, crisis_level=notice.level, scope=scope, by=by, reason=reason
            )
        case CrisisAnswered(by=by, what=what, ok=ok, why=why):
            log.warning("crisis ordered", by=by, what=what, done=ok, why=why)
        case CrisisProposed(proposal=proposal):
            log.warning("crisis proposed", proposal=proposal.id, by=proposal.by, reason=proposal.reason)
        case ProposalClosed(proposal=proposal, outcome=outcome, by=by):
            log.warning("proposal closed", proposal=proposal.id, outcome=outcome, by=by)
        case ClockChanged(clock=clock, state=state) if state != "ended":
            log.warning("crisis clock", profile=clock.profile, clock=clock.clock, state=state, by=clock.done_by)
        case StatusChanged(flow=flow, state=state, by=by):
            log.warning("status", flow=flow, state=state, by=by)
        case ArmChanged(split=split, arm=arm, state=state) if state != "on":
            log.warning("arm", split=split, arm=arm, state=state, by=notice.by, why=notice.why)
        case TurnedAway(wire=wire, who=who, what=what, why=why, times=times):
            log.warning("turned away", wire=wire, who=who, what=what, why=why, times=times)
        case TriggerChanged(trigger=trigger, state=state, words=words):
            log.warning("trigger", trigger=trigger, state=state, words=words)
