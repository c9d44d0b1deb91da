#!/usr/bin/env python3
"""Sets up and checks a checkout; needs Python 3.11 or newer, and git.

    python3 dev.py demo      set up what running needs, then run `tokenpak demo`
    python3 dev.py check     set up what developing needs, then run every check and test
    python3 dev.py fix       format, mend what ruff can, regenerate the tables of the docs
    python3 dev.py lock      pin the newest versions in requirements/ again

Everything goes into `.venv`; what is installed is pinned by hash in requirements/. What follows
the command is handed on: `python3 dev.py demo --json`, `python3 dev.py check -k wire` (to pytest).
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
UV = "uv==0.13.8"


def main(argv: list[str]) -> int:
    commands = {"demo": demo, "check": check, "fix": fix, "lock": lock}
    if not argv or argv[0] not in commands:
        print(__doc__, file=sys.stderr)
        return 0 if argv in (["-h"], ["--help"]) else 2
    if sys.version_info < (3, 11):  # noqa: UP036
        return _fail(f"TokenPak needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    return commands[argv[0]](argv[1:])


def demo(rest: list[str]) -> int:
    return set_up("run") or _run("tokenpak", "demo", *rest)


def check(rest: list[str]) -> int:
    """Every check in the order of their speed; the first failure ends it."""
    steps = (
        ("format", ("ruff", "format", "--check", ".")),
        ("lint", ("ruff", "check", ".")),
        ("types", ("mypy",)),
        ("layers", ("lint-imports",)),
        ("tables", ("cog", "--check", "--check-fail-msg=run: python3 dev.py fix", *_with_tables())),
        ("docs", ("mkdocs", "build", "--strict", "--quiet", "--site-dir", ".cache/site")),
        ("tests", ("pytest", "-n", "2", *rest)),
    )
    started = time.monotonic()
    if code := set_up("dev"):
        return code
    for name, command in steps:
        began = time.monotonic()
        print(f"── {name}: {' '.join(command[:3])}", flush=True)
        code = _run(*command)
        print(
            f"── {name}: {'failed' if code else 'ok'}, {time.monotonic() - began:.1f} s\n",
            flush=True,
        )
        if code:
            return 1
    print(f"All checks passed in {time.monotonic() - started:.0f} s.")
    return 0


def fix(rest: list[str]) -> int:
    """All of it, also where something is left that only a person can mend."""
    if code := set_up("dev"):
        return code
    codes = [
        _run("ruff", "check", "--fix", "--quiet", "."),
        _run("ruff", "format", "."),
        _run("cog", "-r", *_with_tables()),
    ]
    return 1 if any(codes) else 0


def lock(rest: list[str]) -> int:
    """Pin again; `--upgrade` takes the newest versions, without it only what must change does."""
    _make_venv()
    options = (
        "--universal",
        "--generate-hashes",
        "--no-emit-index-url",
        "--no-annotate",
        "--no-header",
        "--quiet",
        "--python-version",
        "3.11",
    )
    source = ("pyproject.toml", "requirements/build.in")
    return (
        _run("python", "-m", "pip", "install", "--quiet", UV)
        or _run("uv", "pip", "compile", *source, *options, *rest, "-o", "requirements/run.txt")
        or _run(
            "uv",
            "pip",
            "compile",
            *source,
            "--group",
            "dev",
            "-c",
            "requirements/run.txt",
            *options,
            *rest,
            "-o",
            "requirements/dev.txt",
        )
    )


def set_up(kind: str) -> int:
    """Make `.venv` hold requirements/*kind*.txt and the project; at once if it already does."""
    wanted = _fingerprint(kind)
    stamps = [VENV / f"stamp-{each}" for each in {kind, "dev"}]
    if any(
        stamp.exists() and stamp.read_text() == _fingerprint(stamp.name.split("-")[1])
        for stamp in stamps
    ):
        return 0
    if code := _make_venv():
        return code
    print(f"── setting up .venv from requirements/{kind}.txt", flush=True)
    pip = ("python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    code = _run(*pip, "--require-hashes", "-r", f"requirements/{kind}.txt") or _run(
        *pip, "--no-deps", "--no-build-isolation", "--editable", "."
    )
    if code:
        return _fail(
            "setting up .venv failed; the lines above say why. Once that is mended, "
            "run the same command again."
        )
    (VENV / f"stamp-{kind}").write_text(wanted)
    return 0


def _fingerprint(kind: str) -> str:
    parts = (ROOT / "requirements" / f"{kind}.txt", ROOT / "pyproject.toml")
    digest = hashlib.sha256(f"{sys.version}\n{ROOT}\n".encode())
    for path in parts:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _make_venv() -> int:
    if (BIN / ("python.exe" if os.name == "nt" else "python")).exists():
        return 0
    try:
        import ensurepip  # noqa: F401  Debian leaves it out of python3, and venv then fails late
        import venv
    except ImportError as error:
        return _fail(
            f"this Python has no module {error.name!r}. On Debian and Ubuntu: "
            "apt install python3-venv"
        )
    print("── creating .venv", flush=True)
    venv.create(VENV, with_pip=True, clear=VENV.exists())
    return 0


def _with_tables() -> list[str]:
    """The pages that hold a generated table."""
    pages = [*sorted(ROOT.glob("docs/*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
    return [str(page.relative_to(ROOT)) for page in pages if "[[[cog" in page.read_text("utf-8")]


def _run(program: str, *arguments: str) -> int:
    try:
        return subprocess.run([str(BIN / program), *arguments], cwd=ROOT, check=False).returncode
    except KeyboardInterrupt:
        return 130


def _fail(message: str) -> int:
    print(f"dev.py: {message}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
