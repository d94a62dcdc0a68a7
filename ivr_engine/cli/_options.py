"""This file decides which options the commands share. It does not know the commands."""

from pathlib import Path
from typing import Annotated

import typer

SettingsPath = Annotated[
    Path, typer.Option("--settings", "-s", envvar="IVR_SETTINGS", help="The settings file.", show_default=True)
]
DEFAULT_SETTINGS = Path("ivr.yaml")
