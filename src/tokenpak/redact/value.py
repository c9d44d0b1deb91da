"""Whether the value of a key that sounds secret is a secret, or a name, a type, a placeholder."""

from __future__ import annotations

import re

_NAMED = re.compile(
    rb"[$&@*!:][A-Za-z_][\w.-]*\Z"  # $NAME, @name, !Ref, *alias
    rb"|%[A-Za-z_]\w*%\Z"  # %NAME%
    rb"|(?:your|my|the|some|insert|enter|replace|put)[-_ ]",
    re.IGNORECASE,
)
_TEMPLATE = re.compile(
    rb"\$\{|\$\(|\{\{|%\(|%s|\*\*\*|\.\.\.|\xe2\x80\xa6|\xe2\x80\xa2\xe2\x80\xa2|\[REDACTED"
    rb"|<[^<>]*>|\{[^{}]*\}"  # <your key>, {key}
)
_PATH = re.compile(
    rb"\.{0,2}/|~/|[A-Za-z]:\\|[a-z][a-z0-9+.-]*://|(?:arn|env|file|vault|op):", re.I
)
_LETTERS = re.compile(rb"[A-Za-z]")
_DIGIT = re.compile(rb"[0-9]")
_SIGN = re.compile(rb"[!#$%&*+=?@^~]")
_LETTERS_ONLY = re.compile(rb"[A-Za-z_. -]+\Z")
# Words joined as in names, with a number at the end at most: `access_token`, `OAuth2`, `sha-256`.
_NAME = re.compile(rb"_*[A-Za-z]+(?:[_./:-][A-Za-z]+)*[_./:-]?[vV]?\d{0,3}\Z")
_FRACTION = re.compile(rb"[\d.,/-]*[.,/][\d.,/-]*%?\Z")
_DOTTED = re.compile(rb"[A-Za-z_]\w*(?:(?:\.|->|::|\?\.)[A-Za-z_]\w*)+\Z")
_RUN = re.compile(rb"[A-Za-z0-9+/]+")
# What stands in the place of a password in prose, forms, types and examples.
_WORDS = frozenset(
    b"any bool boolean buffer bytes bytearray callable char default disabled empty enabled example "
    b"false float foobar hidden input invalid missing never nil none null number object optional "
    b"plain prompt random required secretstr string stdin test text true undefined unicode unknown "
    b"unset user username value varchar varchar2 void changeme change_me".split()
)
_PARTS = (b"pass", b"pwd", b"secret", b"token", b"key", b"credential", b"placeholder", b"redact")


def is_placeholder(value: bytes) -> bool:
    """Whether *value* stands for a value: a variable, a template, a path, stars, nothing."""
    return (
        not (_LETTERS.search(value) or _DIGIT.search(value))
        or _NAMED.match(value) is not None
        or _TEMPLATE.search(value) is not None
        or _PATH.match(value) is not None
    )


def is_dotted(value: bytes) -> bool:
    """Whether *value* reads as an attribute in code: `self.password2`."""
    return _DOTTED.match(value) is not None and not any(map(is_mixed, value.split(b".")))


def is_mixed(run: bytes) -> bool:
    """Whether at least 12 letters and digits in a row look drawn by lot."""
    return len(run) >= 12 and (_has_both(run) or _is_random(run))


def is_strong(value: bytes) -> bool:
    """Whether *value* looks drawn by lot, so that it is a secret wherever a key announces one."""
    if len(value) < 8 or is_placeholder(value):
        return False
    if _NAME.match(value):
        return len(value) >= 16 and _is_random(value)
    if len(set(_SIGN.findall(value))) >= 2 and _has_both(value):
        return True
    return any(len(run) >= 6 and _has_both(run) for run in _RUN.findall(value)) or (
        len(value) >= 20 and _is_random(value)
    )


def is_password(value: bytes, *, words: bool, parts: bool = False) -> bool:
    """Whether *value* may be a password, which people choose themselves.

    With *words* also one of letters only, such as `letmein`; with *parts* also one that speaks of
    secrets, such as `topsecret`.
    """
    if len(value) < 4 or is_placeholder(value):
        return False
    lower = value.lower()
    if lower in _WORDS or _FRACTION.match(value):
        return False
    if _LETTERS_ONLY.match(value):
        return words and len(value) >= 6 and (parts or not _speaks_of_secrets(lower))
    return True


def is_name(value: bytes) -> bool:
    """Whether *value* reads as a variable that holds a secret: `password2`."""
    return value.decode(errors="replace").isidentifier() and _speaks_of_secrets(value.lower())


def _speaks_of_secrets(lower: bytes) -> bool:
    return any(each in lower for each in _PARTS)


def _has_both(text: bytes) -> bool:
    return _LETTERS.search(text) is not None and _DIGIT.search(text) is not None


def _is_random(text: bytes) -> bool:
    """Whether letters change their case more often than those of joined words do."""
    upper = [65 <= each <= 90 for each in text]
    flips = sum(a is not b for a, b in zip(upper, upper[1:], strict=False))
    return flips * 5 > len(text) * 2
