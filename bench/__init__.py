"""What a call costs us beyond what it would cost a native dialplan. Run it: `make bench`; read docs/howto/bench.md."""
