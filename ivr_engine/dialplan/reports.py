"""This file decides how mistakes are told to programs: as JSON, or as remarks in a pull request. It finds none itself.

A field of the JSON keeps its name and meaning for ever; new ones may come. Readers skip what they do not know.
"""

import json
from collections.abc import Iterable

from ivr_engine.dialplan.diagnostics import Diagnostic, Severity


def as_json(diagnostics: Iterable[Diagnostic], **more: object) -> str:
    """All of them as one object, in the order of the files, beside `more` by name."""
    found = sorted(diagnostics)
    errors = sum(one.severity is Severity.ERROR for one in found)
    told = {"errors": errors, "warnings": len(found) - errors, "found": [_plain(one) for one in found], **more}
    return json.dumps(told, ensure_ascii=False, indent=2)


def _plain(one: Diagnostic) -> dict[str, str | int]:
    return {
        "file": one.file,
        "line": one.line,  # 0: the file as a whole
        "column": one.column,
        "code": one.code,
        "severity": one.severity.value,
        "message": one.message,
        "remedy": one.remedy,
        "excerpt": one.excerpt,
    }


def as_github(diagnostics: Iterable[Diagnostic]) -> str:
    """One workflow command a mistake: GitHub shows each at its line of the change."""
    return "\n".join(_command(one) for one in sorted(diagnostics))


def _command(one: Diagnostic) -> str:
    place = f",line={one.line},col={one.column}" if one.line else ""
    says = _escaped(f"{one.message}; {one.remedy}")
    return f"::{one.severity.value} file={_property(one.file)}{place},title={one.code}::{says}"


def _escaped(text: str) -> str:
    """What would end the command, as GitHub wants it written."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
