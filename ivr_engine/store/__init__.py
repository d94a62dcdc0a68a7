"""The store: call records and an index of recordings in a database, written off the hot path."""
