"""The demonstration: real calls through a real hotline, and the proof from both ends of what each of them did."""

from ivr_engine.stand.demo.play import run_demo

__all__ = ["run_demo"]
