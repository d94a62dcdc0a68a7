"""This file decides whether the reference pages are current, and writes them. It does not know what is in them.

Run `python -m ivr_engine.reference [--check]`.
"""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from ivr_engine.reference import codes, files, shell, states, wires

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "reference"

PAGES: Mapping[str, Callable[[], str]] = {
    "words.md": files.words,
    "settings.md": files.settings,
    "diagnostics.md": codes.diagnostics,
    "cli.md": shell.commands,
    "api.md": wires.api,
    "mqtt.md": wires.mqtt,
    "metrics.md": wires.metrics,
    "states.md": states.states,
}


def stale_pages(folder: Path = FOLDER) -> list[str]:
    """The pages whose text is not what the code yields."""
    return [name for name, page in PAGES.items() if _text(folder / name) != page()]


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the pages, or with `--check` only compare. Answers the exit status: 0 current, 1 not."""
    parser = argparse.ArgumentParser(prog="python -m ivr_engine.reference", description="Write docs/reference.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a page is not current")
    stale = stale_pages()
    if parser.parse_args(arguments).check:
        if stale:
            sys.stderr.write(f"docs/reference: {', '.join(stale)} not current; run python -m ivr_engine.reference\n")
        return int(bool(stale))
    for name in stale:
        (FOLDER / name).write_text(PAGES[name](), "utf-8")
    sys.stdout.write(f"{'wrote ' + ', '.join(stale) if stale else 'current'} ({FOLDER})\n")
    return 0


def _text(path: Path) -> str:
    return path.read_text("utf-8") if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main())
