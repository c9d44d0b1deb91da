"""Units that keep the index up to date in the background: for systemd, and for launchd."""

from __future__ import annotations

import plistlib
from collections.abc import Mapping, Sequence
from pathlib import Path

_UNIT = """\
[Unit]
Description=TokenPak vault: index of code and notes

[Service]
Type=exec
ExecStart={command}
{environment}Restart=on-failure
RestartSec=5
Nice=10
IOSchedulingClass=idle
UMask=0077
NoNewPrivileges=yes

[Install]
WantedBy=default.target
"""


def systemd_unit(command: Sequence[str], environment: Mapping[str, str]) -> str:
    """A unit for `~/.config/systemd/user/tokenpak-vault.service`.

    Raises ValueError if a word holds a line break, which no unit can.
    """
    lines = "".join(
        f"Environment={_quoted(f'{name}={value}')}\n" for name, value in environment.items()
    )
    return _UNIT.format(command=" ".join(map(_quoted, command)), environment=lines)


def launchd_plist(command: Sequence[str], environment: Mapping[str, str], log: Path) -> str:
    """A property list for `~/Library/LaunchAgents/ai.tokenpak.vault.plist`."""
    return plistlib.dumps(
        {
            "Label": "ai.tokenpak.vault",
            "ProgramArguments": list(command),
            "EnvironmentVariables": dict(environment),
            "RunAtLoad": True,
            "KeepAlive": {"SuccessfulExit": False},
            "ProcessType": "Background",
            "StandardErrorPath": str(log),
        }
    ).decode()


def _quoted(word: str) -> str:
    """*word* as systemd reads it back: `%` and `$` expand nothing, quotes and blanks stay."""
    if "\n" in word or "\r" in word:
        raise ValueError(f"{word!r}: a unit cannot hold a line break")
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"'
