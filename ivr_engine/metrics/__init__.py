"""Metrics: figures for Prometheus. Every one is listed in instruments.py."""
