"""This file decides with which names a remedy makes its example: the hotline's own. It does not know what is wrong.

Remedies are written with the names of a hotline that many have; somebody at 3 a.m. copies them as they stand.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from ivr_engine.dialplan.diagnostics import Diagnostic

_NAMES = {
    "queue": "general",
    "pool": "local",
    "agent": "1001",
    "destination": "police",
    "shift": "office",
    "lookup": "customer",
}
_GREETINGS = {"zh": "您好。", "en": "Hello."}
_GREETING = "{zh-CN: 您好。, en: Hello.}"
_NAME = re.compile(rf"(?:(?<=: )|(?<=[`\[]))(?:{'|'.join(_NAMES.values())})(?=[,\]}}`])")  # as a value or in a list
_NEW = frozenset({"E310"})  # whoever has no seats wants agents who have none
_CODE = re.compile(r"`[^`]+`")


def with_own_names(
    found: Iterable[Diagnostic], known: Mapping[str, Collection[str]], languages: Collection[str]
) -> list[Diagnostic]:
    """The same with examples of names that are `known`, by what each is the name of."""
    own = {such_as: next(iter(known[of])) for of, such_as in _NAMES.items() if _lacks(known.get(of, ()), such_as)}
    return [one if one.code in _NEW else _retold(one, own, languages) for one in found]


def _retold(one: Diagnostic, own: Mapping[str, str], languages: Collection[str]) -> Diagnostic:
    return replace(one, remedy=_CODE.sub(lambda code: _own(code[0], own, languages), one.remedy))


def _lacks(names: Collection[str], such_as: str) -> bool:
    return bool(names) and such_as not in names


def _own(code: str, own: Mapping[str, str], languages: Collection[str]) -> str:
    if _GREETING in code and languages:
        said = (f"{language}: {_GREETINGS.get(language.partition('-')[0], '…')}" for language in languages)
        code = code.replace(_GREETING, "{" + ", ".join(said) + "}")
    return _NAME.sub(lambda name: own.get(name[0], name[0]), code)
