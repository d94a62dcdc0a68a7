"""Translates between the model and Asterisk's REST Interface, and does only that."""

from ivr_engine.asterisk.telephony import AsteriskTelephony, Connection

__all__ = ["AsteriskTelephony", "Connection"]
