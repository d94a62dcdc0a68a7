"""Decides whether the generated files are current, and writes them; it does not know what is in them.

Run ``python -m ivr_engine.ari.generate [--swagger DIR] [--check]``.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from . import render, swagger

_HERE = Path(__file__).parent
_BELOW_ROOT = Path("usr/share/asterisk/rest-api")


def default_directory() -> Path:
    """Give where Asterisk's description is looked for.

    ``$IVR_ASTERISK_ROOT``, then ``.asterisk/root`` of this repository, then the running system; the last is
    given even when it does not exist, so that a message can name it.
    """
    roots = [_HERE.parents[1] / ".asterisk/root", Path("/")]
    if chosen := os.environ.get("IVR_ASTERISK_ROOT"):
        roots = [Path(chosen)]
    found = [root / _BELOW_ROOT for root in roots if (root / _BELOW_ROOT).is_dir()]
    return found[0] if found else roots[-1] / _BELOW_ROOT


def render_all(directory: Path) -> dict[Path, str]:
    """Give the text of each generated file.

    Raises:
        swagger.SwaggerError: the directory holds no description this generator understands.
    """
    api = swagger.read(directory)
    return {_HERE / "models.py": render.models(api), _HERE / "operations.py": render.operations(api)}


def stale_files(directory: Path) -> list[Path]:
    """Give the committed files whose text is not what ``directory`` yields.

    Raises:
        swagger.SwaggerError: the directory holds no description this generator understands.
    """
    wanted = render_all(directory)
    return [p for p, text in wanted.items() if not p.exists() or p.read_text(encoding="utf-8") != text]


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the files, or with ``--check`` only compare; give the exit status: 0 current, 1 not, 2 unreadable."""
    parser = argparse.ArgumentParser(description="Generate the ARI models and operations.")
    parser.add_argument("--swagger", type=Path, default=None, help="directory of Asterisk's rest-api/*.json")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file is not current")
    options = parser.parse_args(arguments)
    directory: Path = options.swagger or default_directory()
    try:
        stale = stale_files(directory)
        if not options.check:
            for path, text in render_all(directory).items():
                path.write_text(text, encoding="utf-8")
    except swagger.SwaggerError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    names = ", ".join(path.name for path in stale)
    if options.check and stale:
        sys.stderr.write(f"{names}: not what {directory} yields; run python -m ivr_engine.ari.generate\n")
        return 1
    sys.stdout.write(f"{'wrote ' + names if stale else 'current'} ({directory})\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
