"""How values are said in Chinese and English, piece by piece, so that every sound can be made before a call."""

from ivr_engine.spoken.values import KINDS, is_piece, said, vocabulary

__all__ = ["KINDS", "is_piece", "said", "vocabulary"]
