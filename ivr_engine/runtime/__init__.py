"""The one loop: facts from the inbox to the switchboard, orders from the switchboard to those who carry them out."""
