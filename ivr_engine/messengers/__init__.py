"""Messengers: how people are told of an alert. A file for each way; `post.py` sees to it that each arrives."""
