"""This file decides how the codes that are about crises are explained at some length. It finds no mistake itself."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Explained:
    """Why a code is told, and what helps."""

    cause: str
    remedy: str


OF_CRISES: Mapping[str, Explained] = {
    "E315": Explained(
        "A pool is at work in a crisis profile only that is not in the hotline, or a test switches one.",
        "Correct the name, or write the profile in `crisis/`.",
    ),
    "E326": Explained(
        "Callers come to a queue while all its pools stay away, as each is at work in some crisis only (`only in`).",
        "Add a pool that is always at work, or lead the callers elsewhere.",
    ),
    "E331": Explained(
        "Two crisis profiles have the same `code`, so who dials it would not know which he switches.",
        "Give one of them another code of one or two digits.",
    ),
    "E332": Explained(
        "A crisis profile says two things that cannot both be: `refresh` is longer than it `lasts`, `move` leads those"
        " who wait in a circle, or `deflect` leads callers away from a queue and straight back into it."
        " 预案内容自相矛盾。",
        "Change one of the two.",
    ),
    "E333": Explained(
        "A text of a crisis profile holds one of the words its own list of `promises` forbids. What callers hear is"
        " recorded and quoted. 播报中出现了禁止的承诺用语，例如“全额退款”。",
        "Say it without, or take the word out of `promises` if it was decided that it may be said.",
    ),
    "E334": Explained(
        "`two people: true` takes one who `may: [switch]` and another who `may: [confirm]`, and the hotline's `people`"
        " has no such two: nobody could ever switch the profile. 双人复核至少需要两个人。",
        "Add a person who may confirm, or delete `two people`.",
    ),
    "W426": Explained(
        "A crisis profile asks for so many of a hundred usual seats (`seats: 300%`), and the pools of a queue its"
        " callers come to cannot have as many. Agents do not multiply; only lines of trunk pools, up to `most`, and"
        " standby pools do.",
        "Raise `most` of its trunk pools, or add pools with `only in: crisis`.",
    ),
    "W432": Explained(
        "A clock of a level begins anew `every` so often, and neither `tell` nor `overdue` names anybody.",
        "Add `tell: [duty]`; who that is stands in `ivr.yaml` under `people`.",
    ),
    "W433": Explained(
        "A level of a crisis profile wants fewer `seats` than a lower one, so that it would have fewer as things get"
        " worse.",
        "Give the higher level as many at least, or leave `seats` out: then it has those of the lower one.",
    ),
    "W434": Explained(
        "Somebody under `people` may switch crises `until` a time that is past. He is refused.",
        "Renew the time, or delete the person.",
    ),
    "W435": Explained(
        "A crisis profile changes a queue to which none of its callers comes. While it is on this changes those who"
        " wait there already, and nobody else.",
        "Delete the change, or lead callers of the profile to the queue.",
    ),
}
