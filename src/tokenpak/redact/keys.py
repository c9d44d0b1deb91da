"""Which names announce a secret: `db_password`, `clientSecret`, `API_KEY`; not `max_tokens`."""

from __future__ import annotations

import re
from dataclasses import dataclass

_WORD = re.compile(
    rb"(pass(?:word|wd|phrase|code)?|pwd|secret|token|key|credentials?)([\w-]{0,32}+)",
    re.IGNORECASE,
)
_CHARS = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-."
_MAX_PREFIX = 40
_LAST = re.compile(rb"(?:[A-Z]?[a-z]+|[A-Z]+|\d+)\Z")
_FIRST_BEFORE = re.compile(rb"(?:[A-Z]?[a-z]+|[A-Z]+)[_.-]?\Z")
_KINDS = {b"secret": "secret", b"token": "token", b"key": "api-key"}
# `key` alone names anything; with one of these before it, a secret.
_KEYS = tuple(
    b"api access account private secret signing encryption master service shared storage auth app "
    b"application subscription license deploy webhook".split()
)
# A name that ends so tells something about a secret: its type, its age, where it lies.
_ABOUT = frozenset(
    b"alg algo algorithm arn at audience backend board bucket budget charset class code codes "
    b"count counter counts date dir directory enabled encoding endpoint env error errors "
    b"expiration expires expiry field fields file filename format header headers hint id ids "
    b"idx index input issuer kind label labels len length level limit limits list location "
    b"manager map max message mgr min mode model msg name names namespace order pad path "
    b"pattern place placeholder policy position prefix prompt provider regex required reset "
    b"ring rule rules s scope scopes service size source state status store strength suffix "
    b"time title ttl type types uri url usage validator var variable version word words".split()
)
# Tokens that a tokenizer, a parser or a pager calls so.
_OTHER_TOKENS = frozenset(
    b"bos cached cls completion continuation continue cursor end eos input mask max min next num "
    b"output pad page per prompt reasoning sep special start stop sync total unk".split()
)


@dataclass(frozen=True, slots=True)
class Key:
    """A name that announces a secret: where it ends, what it calls the value.

    `is_option` says that it is an option of a command line, whose value follows a space;
    `is_doubtful`, that the name means other things as well, as `pass` does in test reports.
    """

    text: bytes
    end: int
    kind: str
    is_option: bool
    is_doubtful: bool


def key_at(data: bytes, place: int, done: int) -> Key | None:
    """The key one of whose words begins at *place*, if it announces a secret.

    What stands before *done* does not belong to it.
    """
    match = _WORD.match(data, place)
    if match is None:
        return None
    word, suffix = match[1], match[2]
    head = data[max(done, place - _MAX_PREFIX) : place]
    prefix = head[len(head.rstrip(_CHARS)) :]
    if _is_glued(word, suffix) or not _announces(word.lower(), word, prefix):
        return None
    last = _LAST.search(suffix)
    if last and (last[0].lower() in _ABOUT or word.lower() == b"pass"):
        return None
    text = prefix + word + suffix
    kind = _KINDS.get(word.lower(), "credential" if word[:1] in b"cC" else "password")
    doubtful = word.lower() == b"pass" and len(text) == len(word)
    return Key(text, match.end(), kind, text.startswith(b"-"), doubtful)


def _is_glued(word: bytes, suffix: bytes) -> bool:
    """Whether the word goes on, so that it is another one: `tokens`, `secretary`, `KEYWORD`."""
    first = suffix[:1]
    return first.isalpha() and (first.islower() or word.isupper())


def _announces(lower: bytes, word: bytes, prefix: bytes) -> bool:
    """Whether *word* announces a secret after *prefix*."""
    if lower == b"key":
        return prefix.lower().rstrip(b"_-.").endswith(_KEYS)
    if lower == b"pwd":
        return not prefix[-1:].isalpha()
    if lower == b"pass":
        # `bypass` is another word; `db_pass` and `dbPass` are passwords.
        camel = word[:1].isupper() and prefix[-1:].islower()
        name = prefix.rstrip(b"_-.")
        return not prefix or camel or (name != prefix and name[-1:].isalnum())
    if lower == b"token":
        before = _FIRST_BEFORE.search(prefix)
        return before is None or before[0].lower().rstrip(b"_.-") not in _OTHER_TOKENS
    return True
