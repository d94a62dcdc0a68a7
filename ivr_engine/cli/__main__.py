"""`python -m ivr_engine.cli` is `ivr`."""

from ivr_engine.cli import main

main()
