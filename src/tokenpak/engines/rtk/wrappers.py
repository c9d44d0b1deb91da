"""What stands before a program in a command: `sudo`, `npx`, `uv run`, `docker exec`, options."""

from __future__ import annotations

import re

from tokenpak.engines.rtk.programs import PROGRAMS

_ASSIGNMENT = re.compile(r"^[A-Za-z_]\w*\+?=")
_DURATION = re.compile(r"^\d+(?:\.\d+)?[smhd]?$")
_VERSIONED = re.compile(r"^(python|pip|pytest|node|php|ruby|perl|clang|gcc|g\+\+)-?\d[\d.]*$")


def unwrap(words: list[str]) -> list[str]:
    """*words* from the program on whose output they print; empty for assignments alone."""
    for _ in range(12):
        shorter = _without_prefix(words)
        if shorter is None:
            break
        words = shorter
    return words


def _without_prefix(words: list[str]) -> list[str] | None:
    """*words* with one wrapping less, or with the program's name made plain; None if done."""
    if not words:
        return None
    if _ASSIGNMENT.match(words[0]):
        return words[1:]
    name = plain_name(words[0])
    if name != words[0]:
        return [*name.split(" "), *words[1:]]
    for size in (1, 2):
        valued = PROGRAMS.wrappers.get(" ".join(words[:size]))
        if valued is not None and len(words) > size:
            return _wrapped(name, _after_options(words, size, valued))
    if name == "python" and "-m" in words[1:-1]:
        at = words.index("-m")
        before = _after_options(words[:at], 1, frozenset({"-W", "-X"}))
        return words[at + 1 :] if not before else None
    return _inside(words) or _subcommand(words)


def _wrapped(name: str, rest: list[str]) -> list[str]:
    """*rest*, what stands behind the wrapper *name* and its options, from the program on."""
    if name == "direnv" or (name in ("timeout", "gtimeout") and rest and _DURATION.match(rest[0])):
        return rest[1:]
    if name == "rtk" and len(rest) > 1 and rest[0] in ("test", "err", "lint", "proxy", "summary"):
        return rest[1:]
    if name in ("npx", "bunx", "pnpx", "uvx") and rest:
        return [re.sub(r"(?<=.)@[^@/]*$", "", rest[0]), *rest[1:]]  # the version
    return rest


def plain_name(word: str) -> str:
    """The name of a program without folder, `.exe` and version; aliases by their usual name."""
    word = re.split(r"[/\\]", word)[-1] or word
    word = re.sub(r"\.(?:exe|cmd|bat|ps1)$", "", word, flags=re.IGNORECASE)
    word = _VERSIONED.sub(r"\1", word)
    return PROGRAMS.aliases.get(word, PROGRAMS.aliases.get(word.lower(), word))


def _after_options(words: list[str], at: int, valued: frozenset[str]) -> list[str]:
    """*words* from *at* on without the options and assignments that come first."""
    while at < len(words):
        word = words[at]
        if word == "--":
            return words[at + 1 :]
        if word in valued:
            at += 2
        elif word.startswith("-") or _ASSIGNMENT.match(word):
            at += 1
        else:
            break
    return words[at:]


def _inside(words: list[str]) -> list[str] | None:
    """The command that runs inside a container or on another machine."""
    if words[0] == "kubectl" and words[1:2] == ["exec"] and "--" in words:
        return words[words.index("--") + 1 :] or None
    if words[0] == "docker":
        at = 2 if words[1:2] in (["compose"], ["container"]) else 1
        if words[at : at + 1] == ["exec"] or (at == 2 and words[2:3] == ["run"]):
            valued = frozenset({"-u", "--user", "-w", "--workdir", "-e", "--env"})
            return _after_options(words, at + 1, valued)[1:] or None
    if words[0] == "ssh":
        rest = _after_options(words, 1, frozenset({"-p", "-i", "-o", "-l", "-F", "-J"}))
        if len(rest) > 1:
            return ["sh", "-c", " ".join(rest[1:])]
    return None


def _subcommand(words: list[str]) -> list[str] | None:
    """*words* with the options before the subcommand gone and its short name written out."""
    name = words[0]
    at = 2 if words[:2] == ["docker", "compose"] else 1
    valued = PROGRAMS.options.get(" ".join(words[:at]))
    if valued is not None:
        rest = _after_options(words, at, valued)
        if rest and rest[0] != words[at]:
            return [*words[:at], *rest]
    if name == "cargo" and len(words) > 1:
        if words[1].startswith("+"):
            return ["cargo", *words[2:]]
        if words[1] in PROGRAMS.cargo:
            return ["cargo", PROGRAMS.cargo[words[1]], *words[2:]]
    if name in ("yarn", "pnpm", "bun") and len(words) > 1:
        if words[1] not in PROGRAMS.managing and re.fullmatch(r"[a-z][\w-]*", words[1]):
            return words[1:]
    if name in ("npm", "pnpm", "yarn", "bun") and words[1:2] == ["t"]:
        return [name, "test", *words[2:]]
    if words[:2] == ["git", "grep"]:
        return ["grep", *words[2:]]
    return None
