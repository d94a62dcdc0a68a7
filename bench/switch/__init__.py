"""How long a crisis switch takes while many calls go on."""
