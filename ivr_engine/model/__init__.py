"""The words everyone speaks: ids, events, commands, notices. Imports nothing of ours."""
