"""OpenAI's encodings, offline: exact counts from rank tables that the package carries."""

from __future__ import annotations

import re
import threading
import zlib
from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import Literal, Protocol

EncodingName = Literal["o200k_base", "cl100k_base"]

# https://github.com/openai/tiktoken/blob/main/tiktoken_ext/openai_public.py
_WORD_TAIL = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
_PATTERNS: dict[EncodingName, str] = {
    "o200k_base": "|".join(
        (
            r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+"
            + _WORD_TAIL,
            r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*"
            + _WORD_TAIL,
            r"\p{N}{1,3}",
            r" ?[^\s\p{L}\p{N}]+[\r\n/]*",
            r"\s*[\r\n]+",
            r"\s+(?!\S)",
            r"\s+",
        )
    ),
    "cl100k_base": (
        r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+"
        r"| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s"
    ),
}

# tiktoken's regex engine gives up (a panic, not an exception) on a run of some 300,000 spaces and
# slows down on long runs, so that longer texts are counted in pieces of this many characters.
PIECE_CHARS = 32_768

# Where a token can never span, in either encoding: before the space that follows a word; after a
# line end that visible text follows (`/` may belong to the punctuation before the line end);
# between a letter and a digit; between either and punctuation other than an apostrophe.
_PUNCTUATION = r'[-+*=,.;:!?()\[\]{}<>"#$%&@_|~^\\/`，。、；：！？]'
_SAFE_CUT = re.compile(
    r"(?<=\S)(?= )"
    r"|(?<=\n)(?=[^\s/])"
    rf"|(?<=[A-Za-z])(?=[0-9]|{_PUNCTUATION})"
    rf"|(?<=[0-9])(?=[A-Za-z]|{_PUNCTUATION})"
    rf"|(?<=[぀-ヿ㐀-鿿가-힣])(?={_PUNCTUATION})"
)


class Encoding(Protocol):
    """What is used of a tokenizer."""

    def encode_ordinary(self, text: str) -> list[int]: ...


_loaded: dict[EncodingName, Encoding] = {}
_loading = threading.Lock()


def count(text: str, encoding: EncodingName = "o200k_base") -> int:
    """Tokens of *text* in *encoding*; names of special tokens count as the text that they are.

    Exact, except that an unbroken run of more than 32,768 characters of one class (letters,
    spaces, …) is cut: each cut may add a token or two. Raises ImportError without a tokenizer.
    """
    encode = _encoding(encoding).encode_ordinary
    if len(text) <= PIECE_CHARS:
        return len(encode(text))
    return sum(len(encode(piece)) for piece in pieces(text))


def pieces(text: str, size: int = PIECE_CHARS) -> Iterator[str]:
    """*text* in pieces of at most *size* characters, cut where no token spans wherever possible."""
    start = 0
    while len(text) - start > size:
        cut = safe_cut(text, start, start + size) or start + size
        yield text[start:cut]
        start = cut
    yield text[start:]


def safe_cut(text: str, start: int, limit: int) -> int | None:
    """The last place after *start* and up to *limit* where no token can span; None without one."""
    run = text[start : limit + 1]
    if run.isalpha() or run.isspace() or run.isdecimal():
        return None  # there is none in one class of characters, and looking for it is slow
    for low in (max(start, limit - 1024), start):
        cut = None
        for match in _SAFE_CUT.finditer(text, low + 1, limit + 1):
            cut = match.start()
        if cut is not None:
            return cut
    return None


def _encoding(name: EncodingName) -> Encoding:
    found = _loaded.get(name)
    if found is None:
        with _loading:
            found = _loaded.get(name)
            if found is None:
                found = _loaded[name] = _load(name)
    return found


def _load(name: EncodingName) -> Encoding:
    try:
        return _fast(name)
    except ImportError:
        return _tiktoken(name)


def _fast(name: EncodingName) -> Encoding:
    """splintr's encoder: the same counts, four times as fast; not compiled for every machine."""
    from splintr import Tokenizer

    return _Fast(Tokenizer.from_pretrained(name).encode_ordinary)


class _Fast:
    def __init__(self, encode: Callable[[str], list[int]]) -> None:
        self._encode = encode

    def encode_ordinary(self, text: str) -> list[int]:
        try:
            return self._encode(text)
        except UnicodeEncodeError:
            # As tiktoken does: pairs of surrogates are characters, lone ones U+FFFD.
            whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            return self._encode(whole)


def _tiktoken(name: EncodingName) -> Encoding:
    from tiktoken import Encoding as Tiktoken

    ranks = _ranks(zlib.decompress((files("tokenpak") / "data" / f"{name}.ranks").read_bytes()))
    encoding = Tiktoken(name, pat_str=_PATTERNS[name], mergeable_ranks=ranks, special_tokens={})
    # tiktoken keeps a table of its own; it reads this one again only to pickle an encoding.
    # Emptying it gives back 25 MB.
    ranks.clear()
    return encoding


def _ranks(records: bytes) -> dict[bytes, int]:
    """Token bytes to rank, from records of one length byte and that many bytes each."""
    ranks: dict[bytes, int] = {}
    position = 0
    while position < len(records):
        end = position + 1 + records[position]
        ranks[records[position + 1 : end]] = len(ranks)
        position = end
    return ranks
