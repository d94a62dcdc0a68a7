"""Asterisk, callers and agents without a wire: the same port as the real one, in any time one likes."""
