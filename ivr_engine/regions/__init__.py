"""Where a caller's number belongs: the province and city of a mainland number, the country of another."""

from ivr_engine.regions.places import is_known, is_within, known_names
from ivr_engine.regions.table import region_of

__all__ = ["is_known", "is_within", "known_names", "region_of"]
