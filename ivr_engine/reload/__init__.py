"""Changed files become the hotline that callers get, or are refused; and back."""

from ivr_engine.reload.beginning import BROKEN, Beginning, begin
from ivr_engine.reload.files import DialplanFiles
from ivr_engine.reload.reloader import Reloader

__all__ = ["BROKEN", "Beginning", "DialplanFiles", "Reloader", "begin"]
