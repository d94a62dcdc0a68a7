"""This file decides which other systems lookups may ask, by the settings. It does not know how one is asked."""

from typing import Any

from ivr_engine.dialplan.hotline import Hotline
from ivr_engine.errors import StartError
from ivr_engine.lookup import System
from ivr_engine.setting_kinds import authorities
from ivr_engine.settings import Settings


def systems_of(settings: Settings) -> list[System]:
    """All of them. Raises StartError when certificates cannot be read."""
    return [
        System(name, system.url, system.token, system.at_once, authorities(system.ca_file))
        for name, system in settings.systems.items()
    ]


def check_systems(hotline: Hotline[Any], settings: Settings) -> None:
    """Raise StartError if the hotline asks a system that the settings do not name."""
    for lookup in hotline.lookups.values():
        if lookup.system not in settings.systems:
            raise StartError(
                f"the lookup {lookup.name!r} asks the system {lookup.system!r}, which the settings do not name:"
                f" add `systems: {{{lookup.system}: {{url: https://…}}}}` to them, and restart the engine"
            )
