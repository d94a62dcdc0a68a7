"""This file decides which options the commands share. It does not know the commands."""

from pathlib import Path
from typing import Annotated

import typer

from ivr_engine.settings import Settings, load_settings

SettingsPath = Annotated[
    Path, typer.Option("--settings", "-s", envvar="IVR_SETTINGS", help="The settings file.", show_default=True)
]
DEFAULT_SETTINGS = Path("ivr.yaml")


def settings_at(path: Path) -> Settings:
    """The settings, for a command that needs them. Raises SettingsError."""
    return load_settings(path)
