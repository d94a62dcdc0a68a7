"""Tests of the ARI client, against a fake server in this process."""
