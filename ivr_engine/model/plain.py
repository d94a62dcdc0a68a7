"""This file decides which words people may hand over from outside. It does not know what they say with them.

They come out again on terminals and in logs: nothing that would move a cursor, or begin a line there.
"""

from typing import Annotated

import msgspec

PLAIN = r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]*\Z"
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=100, pattern=PLAIN)]  # who it was
