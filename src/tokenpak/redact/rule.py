"""What a rule is: given the place of its anchor, it says which bytes are secret."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

Span = tuple[int, int, str]
"""Start, end and kind of a secret, as byte offsets."""

Rule = Callable[[bytes, int, int], Sequence[Span]]
"""`rule(data, place, done)`: the secrets that belong to the anchor at *place*, in order.

None may begin before *done*, where the last secret ended. To keep the whole linear, a rule that
finds nothing must have looked at a bounded number of bytes, or at bytes at which no other place
that it accepts looks.
"""

# Where a token may begin: not within a word. An escaped line end and a colour code end in a letter
# and are no part of the word after them.
_EDGE = re.compile(rb"(?:^|[^A-Za-z0-9]|\\[nrt]|\x1b\[[0-9;]{0,10}m|%[0-9A-Fa-f]{2})\Z")
# The same for shapes in which `-` and `_` are common: a run of such characters is read only once.
_RUN_EDGE = re.compile(rb"(?:^|[^A-Za-z0-9_-]|\\[nrt]|\x1b\[[0-9;]{0,10}m|%[0-9A-Fa-f]{2})\Z")
_EDGE_BYTES = 14


def begins_word(data: bytes, place: int, done: int) -> bool:
    """Whether no letter or digit of the same word stands before *place*."""
    return _begins(_EDGE, data, place, done)


def begins_run(data: bytes, place: int, done: int) -> bool:
    """Whether no letter, digit, `-` or `_` of the same run stands before *place*."""
    return _begins(_RUN_EDGE, data, place, done)


def _begins(edge: re.Pattern[bytes], data: bytes, place: int, done: int) -> bool:
    # What was taken out before *done* ends with a bracket when the text is redacted once more.
    start = max(done, place - _EDGE_BYTES)
    return place == done or edge.search(data, start, place) is not None
