"""Draws the flows of a hotline, as SVG and Mermaid. Knows the fields of words, and not one word."""
