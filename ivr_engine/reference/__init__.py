"""Writes docs/reference from the code, so that the pages cannot say something else than the program does."""
