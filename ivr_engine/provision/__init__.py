"""What a real Asterisk is told: facts in, conf files out. This package starts nothing and takes no call."""

from ivr_engine.provision.noted import noted, untold
from ivr_engine.provision.passwords import hash_password, new_password, new_pin
from ivr_engine.provision.render import TEMPLATES, message_folder, prepare, render
from ivr_engine.provision.sites import (
    DRILL_ENDPOINT,
    Agent,
    Drills,
    HotlineSite,
    Installation,
    RemoteSite,
    Site,
    Trunk,
    validate,
)

__all__ = [
    "DRILL_ENDPOINT",
    "TEMPLATES",
    "Agent",
    "Drills",
    "HotlineSite",
    "Installation",
    "RemoteSite",
    "Site",
    "Trunk",
    "hash_password",
    "message_folder",
    "new_password",
    "new_pin",
    "noted",
    "prepare",
    "render",
    "untold",
    "validate",
]
