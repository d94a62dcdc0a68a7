"""Answers that cross a CANCEL, by the thousand: what becomes of seat and caller, with app_queue beside it."""
