from __future__ import annotations

import sys

from tokenpak.engines.rtk.catalog import built_in
from tokenpak.engines.rtk.running import run
from tokenpak.recovery import RecoveryStore

FRAMED = "for i in range(30): print('src/a.py:%d:1: F401 unused' % i); print('%5d | x' % i)"


def run_python(program, store=None):
    shown = []
    code, found = run([sys.executable, "-c", program], built_in(), store, shown.append)
    return code, "".join(shown), found


def test_output_errors_and_exit_code_are_the_command_s():
    program = "import sys; print('out', flush=True); print('err', file=sys.stderr); sys.exit(3)"
    code, shown, _ = run_python(program)
    assert (code, shown) == (3, "out\nerr\n")


def test_a_program_that_does_not_exist_is_127():
    shown = []
    code, _ = run(["no-such-program-here"], built_in(), None, shown.append)
    assert code == 127 and "not found" in shown[0]


def test_a_signal_is_told_as_a_shell_does():
    assert run_python("import os; os.kill(os.getpid(), 9)")[0] == 137


def test_what_is_left_out_is_kept_where_the_output_says(tmp_path):
    store = RecoveryStore(tmp_path, 1 << 20, 60.0)
    tool = tmp_path / "ruff"
    tool.write_text(f"#!{sys.executable}\n{FRAMED}\n")
    tool.chmod(0o755)
    shown = []
    _, found = run([str(tool), "check"], built_in(), store, shown.append)
    path = next(tmp_path.glob("*.txt"))
    assert found.dropped_lines and str(path) in shown[0]
    assert "   29 | x" in path.read_text()


def test_what_cannot_be_kept_is_shown_whole(tmp_path):
    tool = tmp_path / "ruff"
    tool.write_text(f"#!{sys.executable}\n{FRAMED}\n")
    tool.chmod(0o755)
    shown = []
    run([str(tool), "check"], built_in(), RecoveryStore(tmp_path, 1, 60.0), shown.append)
    assert shown[0].count(" | x") == 30
