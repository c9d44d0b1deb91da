"""What stands before a program in a command: `sudo`, `npx`, `uv run`, `docker exec`, options."""

from __future__ import annotations

import re

_ASSIGNMENT = re.compile(r"^[A-Za-z_]\w*\+?=")
_DURATION = re.compile(r"^\d+(?:\.\d+)?[smhd]?$")
_VERSIONED = re.compile(r"^(python|pip|pytest|node|php|ruby|perl|clang|gcc|g\+\+)-?\d[\d.]*$")

# Programs that run the command behind them, with their options that take a value.
_PREFIXES: dict[str, frozenset[str]] = {
    "sudo": frozenset({"-u", "-g", "-C", "-h", "-p", "-U"}),
    "doas": frozenset({"-u"}),
    "env": frozenset({"-u", "-C", "--unset", "--chdir"}),
    "time": frozenset({"-f", "-o"}),
    "timeout": frozenset({"-s", "-k", "--signal", "--kill-after"}),
    "gtimeout": frozenset({"-s", "-k"}),
    "nice": frozenset({"-n"}),
    "ionice": frozenset({"-c", "-n"}),
    "stdbuf": frozenset({"-o", "-e", "-i"}),
    "watch": frozenset({"-n"}),
    "nohup": frozenset(),
    "command": frozenset(),
    "builtin": frozenset(),
    "exec": frozenset(),
    "setsid": frozenset(),
    "unbuffer": frozenset(),
    "xvfb-run": frozenset({"-s", "-n"}),
    "caffeinate": frozenset(),
    "rtk": frozenset(),
    "npx": frozenset({"-p", "--package"}),
    "bunx": frozenset(),
    "pnpx": frozenset(),
    "uvx": frozenset({"--from", "--with", "--python", "-p"}),
    "!": frozenset(),
}
# The same where it takes two words.
_RUNNERS: dict[tuple[str, str], frozenset[str]] = {
    ("uv", "run"): frozenset(
        {"--with", "--python", "-p", "--extra", "--group", "--project", "--directory", "--env-file"}
    ),
    ("poetry", "run"): frozenset(),
    ("pipenv", "run"): frozenset(),
    ("pdm", "run"): frozenset({"-p"}),
    ("hatch", "run"): frozenset(),
    ("rye", "run"): frozenset(),
    ("pipx", "run"): frozenset({"--spec"}),
    ("bundle", "exec"): frozenset(),
    ("composer", "exec"): frozenset(),
    ("mise", "exec"): frozenset(),
    ("mise", "x"): frozenset(),
    ("npm", "exec"): frozenset(),
    ("pnpm", "exec"): frozenset(),
    ("pnpm", "dlx"): frozenset(),
    ("yarn", "exec"): frozenset(),
    ("yarn", "dlx"): frozenset(),
    ("bun", "x"): frozenset(),
    ("direnv", "exec"): frozenset(),
    ("dotenv", "--"): frozenset(),
}
# Options with a value that may stand before the subcommand.
_BEFORE_SUBCOMMAND: dict[str, frozenset[str]] = {
    "git": frozenset({"-C", "-c", "--git-dir", "--work-tree", "--namespace"}),
    "docker": frozenset({"-H", "--host", "--context", "-c", "--config", "-l"}),
    "compose": frozenset({"-f", "--file", "-p", "--project-name", "--profile", "--env-file"}),
    "kubectl": frozenset(
        {"-n", "--namespace", "--context", "--kubeconfig", "-s", "--cluster", "--user"}
    ),
    "helm": frozenset({"-n", "--namespace", "--kube-context", "--kubeconfig"}),
    "gh": frozenset({"-R", "--repo"}),
    "npm": frozenset({"--prefix", "-w", "--workspace"}),
    "pnpm": frozenset({"-C", "--dir", "--filter", "-F"}),
    "yarn": frozenset({"--cwd"}),
    "bun": frozenset({"--cwd"}),
    "go": frozenset({"-C"}),
    "cargo": frozenset({"--manifest-path", "--config", "-Z"}),
    "terraform": frozenset(),
    "tofu": frozenset(),
    "aws": frozenset({"--profile", "--region", "--output"}),
    "gcloud": frozenset({"--project", "--account"}),
    "make": frozenset({"-C", "-f", "-j"}),
    "composer": frozenset({"-d"}),
    "systemctl": frozenset(),
    "uv": frozenset({"--project", "--directory"}),
    "poetry": frozenset({"-C", "--directory"}),
    "pip": frozenset(),
    "dotnet": frozenset(),
    "mvn": frozenset({"-f", "-s", "-pl", "-P"}),
    "gradle": frozenset({"-p", "--project-dir", "-b"}),
}
_ALIASES = {
    "gradlew": "gradle",
    "mvnw": "mvn",
    "mvnd": "mvn",
    "py.test": "pytest",
    "python3": "python",
    "py": "python",
    "pip3": "pip",
    "nodejs": "node",
    "docker-compose": "docker compose",
    "podman": "docker",
    "nerdctl": "docker",
    "oc": "kubectl",
    "k": "kubectl",
    "batcat": "bat",
    "fdfind": "fd",
    "egrep": "grep",
    "fgrep": "grep",
    "eza": "ls",
    "exa": "ls",
    "dir": "ls",
    "get-childitem": "ls",
    "select-string": "grep",
    "get-content": "cat",
    "type": "cat",
    "mariadb": "mysql",
    "curl.exe": "curl",
}
_CARGO = {"t": "test", "b": "build", "c": "check", "r": "run", "d": "doc"}
_SCRIPTS = frozenset({"npm", "pnpm", "yarn", "bun"})
# What package managers do themselves; any other word after `yarn`, `pnpm` or `bun` is a program
# or a script.
_OWN = frozenset(
    "install i ci add remove rm run test t audit ls list outdated view info why publish pack build "
    "init exec dlx start create update upgrade up dedupe prune link config login version cache x "
    "workspace workspaces foreach recursive import patch rebuild search pm".split()
)


def unwrap(words: list[str]) -> list[str]:
    """*words* from the program on whose output they print; empty for assignments alone."""
    words = list(words)
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
    if name in _PREFIXES and len(words) > 1:
        rest = _after_options(words, 1, _PREFIXES[name])
        if name in ("timeout", "gtimeout") and rest and _DURATION.match(rest[0]):
            rest = rest[1:]
        if name == "rtk" and rest and rest[0] in ("test", "err", "lint", "proxy", "summary"):
            rest = rest[1:] if len(rest) > 1 else rest
        if name in ("npx", "bunx", "pnpx", "uvx") and rest:
            rest = [re.sub(r"(?<=.)@[^@/]*$", "", rest[0]), *rest[1:]]
        return rest
    if tuple(words[:2]) in _RUNNERS and len(words) > 2:
        rest = _after_options(words, 2, _RUNNERS[words[0], words[1]])
        return rest[1:] if words[0] == "direnv" else rest
    if name == "python" and "-m" in words[1:-1]:
        at = words.index("-m")
        before = _after_options(words[:at], 1, frozenset({"-W", "-X"}))
        return words[at + 1 :] if not before else None
    return _inside(words) or _subcommand(words)


def plain_name(word: str) -> str:
    """The name of a program without folder, `.exe` and version; aliases by their usual name."""
    word = re.split(r"[/\\]", word)[-1] or word
    word = re.sub(r"\.(?:exe|cmd|bat|ps1)$", "", word, flags=re.IGNORECASE)
    word = _VERSIONED.sub(r"\1", word)
    return _ALIASES.get(word, _ALIASES.get(word.lower(), word))


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
    valued = _BEFORE_SUBCOMMAND.get("compose" if at == 2 else name)
    if valued is not None:
        rest = _after_options(words, at, valued)
        if rest and rest != words[at:] and rest[0] != words[at]:
            return [*words[:at], *rest]
    if name == "cargo" and len(words) > 1:
        if words[1].startswith("+"):
            return ["cargo", *words[2:]]
        if words[1] in _CARGO:
            return ["cargo", _CARGO[words[1]], *words[2:]]
    if name in ("yarn", "pnpm", "bun") and len(words) > 1:
        if words[1] not in _OWN and re.fullmatch(r"[a-z][\w-]*", words[1]):
            return words[1:]
    if name in _SCRIPTS and words[1:2] == ["t"]:
        return [name, "test", *words[2:]]
    if words[:2] == ["git", "grep"]:
        return ["grep", *words[2:]]
    return None
