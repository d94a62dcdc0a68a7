"""This file decides whether what is written from the code is current, and writes it. It does not know what is in it.

Run `python -m ivr_engine.reference [--check]`.
"""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from ivr_engine.reference import codes, files, paths, schemas, shell, states, wires

ROOT = Path(__file__).resolve().parents[2]

PAGES: Mapping[str, Callable[[], str]] = {
    "docs/reference/words.md": files.words,
    "docs/reference/tests.md": files.tests,
    "docs/reference/lab.md": files.lab,
    "docs/reference/drills.md": files.drill,
    "docs/reference/settings.md": files.settings,
    "docs/reference/diagnostics.md": codes.diagnostics,
    **{f"docs/reference/{name}": page for name, page in codes.pages().items()},
    "docs/reference/cli.md": shell.commands,
    "docs/reference/api.md": paths.api,
    "docs/reference/mqtt.md": wires.mqtt,
    "docs/reference/metrics.md": wires.metrics,
    "docs/reference/states.md": states.states,
    "dialplans/schema/hotline.json": schemas.hotline,
    "dialplans/schema/seats.json": schemas.seats,
    "dialplans/schema/part.json": schemas.part,
    "dialplans/schema/crisis.json": schemas.crisis,
    "dialplans/schema/calendar.json": schemas.calendar,
    "dialplans/schema/tests.json": schemas.tests,
    "dialplans/schema/lab.json": schemas.lab,
    "dialplans/schema/drill.json": schemas.drill,
}


def stale_pages(root: Path = ROOT) -> list[str]:
    """The pages and schemas whose text is not what the code yields."""
    return [name for name, page in PAGES.items() if _text(root / name) != page()]


def main(arguments: Sequence[str] | None = None) -> int:
    """Write them, or with `--check` only compare. Answers the exit status: 0 current, 1 not."""
    parser = argparse.ArgumentParser(
        "python -m ivr_engine.reference", description="Write docs/reference and the schemas."
    )
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if anything is not current")
    stale = stale_pages()
    if parser.parse_args(arguments).check:
        if stale:
            sys.stderr.write(f"{', '.join(stale)} not current; run python -m ivr_engine.reference\n")
        return int(bool(stale))
    for name in stale:
        (ROOT / name).parent.mkdir(exist_ok=True)
        (ROOT / name).write_text(PAGES[name](), "utf-8")
    sys.stdout.write(f"{'wrote ' + ', '.join(stale) if stale else 'current'} ({ROOT})\n")
    return 0


def _text(path: Path) -> str:
    return path.read_text("utf-8") if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main())
