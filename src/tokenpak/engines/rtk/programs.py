"""What is known of programs, by which a command line is read: the table `programs.yaml`."""

from __future__ import annotations

from msgspec import Struct

from tokenpak.tables import table


class Programs(Struct, frozen=True):
    """Names of programs by what they do; the file says of each what it is."""

    wrappers: dict[str, frozenset[str]]
    options: dict[str, frozenset[str]]
    aliases: dict[str, str]
    cargo: dict[str, str]
    managing: frozenset[str]
    silent: frozenset[str]
    keywords: frozenset[str]
    trimming: frozenset[str]
    selecting: frozenset[str]
    reading: frozenset[str]
    runners: frozenset[str]


PROGRAMS = table(__package__, "programs.yaml", Programs)
