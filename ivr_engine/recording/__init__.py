"""Recordings: from Asterisk's plaintext on tmpfs to sealed age files, and back for whoever holds the key."""
