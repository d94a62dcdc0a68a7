"""This file decides how the commands of `ivr` are listed. It does not know any of them: Typer tells."""

from collections.abc import Iterator
from typing import Any

import typer

from ivr_engine.cli import app
from ivr_engine.reference.markdown import code, page, section, table


def commands() -> str:
    """Every command with its arguments and options."""
    return page(
        "Commands of ivr · 命令",
        "A failure that was foreseen is one line with cause and remedy, and exit status 1; a wrong option is status 2.",
        *(_section(name, command) for name, command in _leaves("ivr", typer.main.get_command(app))),
    )


def _leaves(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    inner = getattr(command, "commands", None)
    if inner is None:
        yield name, command
        return
    for word, one in inner.items():
        yield from _leaves(f"{name} {word}", one)


def _section(name: str, command: Any) -> str:
    rows = [_row(one) for one in command.params if one.name != "help"]
    return section(
        code(name),
        " ".join((command.help or "").split()),
        table(("argument or option", "left out", "meaning"), rows) if rows else "",
    )


def _row(one: Any) -> tuple[str, str, str]:
    is_argument = one.param_type_name == "argument"
    name = code(one.name.upper()) if is_argument else ", ".join(map(code, one.opts))
    variable = f" Also {code('$' + one.envvar)}." if one.envvar else ""
    return name, _default(one), f"{one.help or ''}{variable}"


def _default(one: Any) -> str:
    if one.required:
        return "**must be there**"
    if callable(one.default):
        return "found out"
    return "" if one.default in (None, False) else code(one.default)
