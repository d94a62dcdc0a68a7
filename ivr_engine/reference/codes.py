"""This file decides what the page of a code of `ivr check` shows. It finds no mistake itself, and explains none.

Cause and remedy of each code stand in dialplan/explained.py. The examples are those of tests/diagnostics, which fix
every message word by word.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from ivr_engine.dialplan.diagnostics import CODES
from ivr_engine.dialplan.explained import EXPLAINED
from ivr_engine.reference.markdown import page, section, table

CASES = Path(__file__).resolve().parents[2] / "tests" / "diagnostics" / "cases"


_FOR_PROGRAMS = """`ivr check --format json` prints one object: the numbers of `errors` and `warnings`, and `found`, a \
list in the order of the files. Each entry has `file`, `line` and `column` (from 1; line 0 is the file as a whole), \
`code`, `severity` (`error` or `warning`), `message`, `remedy`, and `excerpt`, the line itself. These keep their names \
and meanings; skip those you do not know.

`ivr check --format github` prints workflow commands, which GitHub shows at the lines of a pull request.

The exit status is the same in every format: 0 without errors, else 1."""


def diagnostics() -> str:
    """Every code in a line, with its page."""
    return page(
        "Codes of ivr check · 检查代码",
        "A mistake is told as `file:line:column: CODE what`, the line itself, a mark below the place, and what to do."
        " `E` is refused, `W` is a warning. A code keeps its meaning for ever. `ivr check --explain CODE`"
        " explains one in the shell.",
        table(("Code", "Meaning"), ((f"[{code}](diagnostics/{code}.md)", meaning) for code, meaning in CODES.items())),
        section("For programs · 供程序读取", _FOR_PROGRAMS),
    )


def pages() -> Mapping[str, Callable[[], str]]:
    """The page of each code, by its path below docs/reference."""
    return {f"diagnostics/{code}.md": partial(_page, code) for code in CODES}


def _page(code: str) -> str:
    explained = EXPLAINED[code]
    return page(
        f"{code}: {CODES[code]}",
        _from_below(explained.cause),
        section("What to do · 怎么办", _from_below(explained.remedy)),
        *_example(code),
        "[All codes](../diagnostics.md)",
    )


def _from_below(text: str) -> str:
    """The same with links that hold one folder deeper."""
    return re.sub(r"\]\((?=\w+\.md)", "](../", text)


def _example(code: str) -> Iterator[str]:
    """The smallest of the fixed examples that is told this code, with what else is told about it."""
    found = [path for path in sorted(CASES.glob("*.expected")) if f": {code} " in path.read_text("utf-8")]
    if not found:
        return
    told = min(found, key=lambda path: (path.read_text("utf-8").count("\n"), _size(path)))
    yield section("For example · 例如", *(_file(path) for path in _files(told)))
    yield section("What is told · 提示", f"```text\n{told.read_text('utf-8').rstrip()}\n```")


def _files(told: Path) -> list[Path]:
    folder = told.with_suffix("")
    inside = sorted(path for path in folder.rglob("*") if path.is_file())
    return inside if folder.is_dir() else [told.with_suffix(".yaml")]


def _size(told: Path) -> int:
    return sum(path.stat().st_size for path in _files(told))


def _file(path: Path) -> str:
    name = path.relative_to(CASES.parents[2])
    try:
        text = path.read_text("utf-8").rstrip("\n")
    except UnicodeDecodeError:
        return f"`{name}` is not UTF-8."
    return f"`{name}`:\n\n```text\n{text}\n```" if text else f"`{name}` is empty."
