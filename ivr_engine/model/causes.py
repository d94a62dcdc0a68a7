"""This file decides how a leg's or call's end is named. It does not know any protocol's cause codes."""

from enum import StrEnum


class LegEnd(StrEnum):
    """Why a line to a seat ended. A hint for people: no decision may hang on more than answered or not."""

    HUNG_UP = "hung up"
    BUSY = "busy"
    NO_ANSWER = "no answer"
    UNREACHABLE = "unreachable"
    REJECTED = "rejected"
    LOST = "lost"  # gone while we were not looking
    FAILED = "failed"


class Outcome(StrEnum):
    """How a call ended, told from the caller's side. Each call gets exactly one."""

    ANSWERED = "answered"
    TRANSFERRED = "transferred"  # talked to somebody outside, and to no agent
    ABANDONED_IN_MENU = "abandoned in menu"
    ABANDONED_IN_QUEUE = "abandoned in queue"
    COMPLETED_IN_MENU = "completed in menu"
    NOT_REACHED = "not reached"  # we called him back, and he did not take the call
    REFUSED = "refused"


class CalledBack(StrEnum):
    """How calling somebody back went."""

    REACHED = "reached"
    NOT_REACHED = "not-reached"  # to be tried again
    GIVEN_UP = "given-up"
