"""The web: figures and health for machines, and a small admin API for people's tools."""
