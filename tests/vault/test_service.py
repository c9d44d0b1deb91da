"""Units for systemd and launchd."""

from __future__ import annotations

import configparser
import plistlib
import shutil
import subprocess
from pathlib import Path

import pytest

from tokenpak.vault.service import launchd_plist, systemd_unit

COMMAND = ["/bin/true", "index", "--watch", '/home/me/My "no%te$"\\s']
HOME = {"TOKENPAK_HOME": "/home/me/.token pak"}


def test_words_reach_the_program_as_they_are() -> None:
    unit = configparser.ConfigParser(interpolation=None, strict=False)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read_string(systemd_unit(COMMAND, HOME))

    assert unit["Service"]["ExecStart"] == (
        r'"/bin/true" "index" "--watch" "/home/me/My \"no%%te$$\"\\s"'
    )
    assert unit["Service"]["Environment"] == '"TOKENPAK_HOME=/home/me/.token pak"'


def test_a_line_break_is_refused() -> None:
    with pytest.raises(ValueError, match="line break"):
        systemd_unit(["a\nExecStart=b"], {})


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    unit = tmp_path / "tokenpak-vault.service"
    unit.write_text(systemd_unit(COMMAND, HOME))

    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert "tokenpak-vault" not in done.stderr


def test_launchd_gets_a_property_list() -> None:
    found = plistlib.loads(launchd_plist(COMMAND, HOME, Path("/log")).encode())

    assert found["ProgramArguments"] == COMMAND
    assert found["EnvironmentVariables"] == HOME
    assert found["KeepAlive"] == {"SuccessfulExit": False}
