from __future__ import annotations

import itertools
import os
import signal
import sys

import pytest

from tokenpak.engines.rtk.catalog import built_in
from tokenpak.engines.rtk.config import RtkConfig
from tokenpak.engines.rtk.running import Runner
from tokenpak.recovery import RecoveryStore

FRAMED = "for i in range(30): print('src/a.py:%d:1: F401 unused' % i); print('%5d | x' % i)"


def run_python(program, **options):
    shown = []
    runner = Runner(built_in(), options.pop("store", None), shown.append, **options)
    return runner.run([sys.executable, "-c", program]), "".join(shown)


@pytest.fixture
def ruff(tmp_path):
    tool = tmp_path / "ruff"
    tool.write_text(f"#!{sys.executable}\n{FRAMED}\n")
    tool.chmod(0o755)
    return str(tool)


def test_output_errors_and_exit_code_are_the_command_s():
    program = (
        "import sys; print('out', flush=True); print('err', file=sys.stderr, flush=True)\n"
        "print('o'); sys.exit(3)"
    )
    assert run_python(program) == (3, "out\nerr\no\n")


@pytest.mark.parametrize(("word", "code"), [("no-such-program-here", 127), ("/", 126)])
def test_a_program_that_cannot_be_run_is_told_as_a_shell_does(word, code):
    shown = []
    assert Runner(built_in(), None, shown.append).run([word]) == code and word in shown[0]


def test_a_signal_is_told_as_a_shell_does():
    assert run_python("import os; os.kill(os.getpid(), 9)")[0] == 137


def test_lines_are_shown_while_the_command_runs(tmp_path):
    """The program goes on only once its first line is shown."""
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    shown = []

    def show(text):
        shown.append(text)
        if text == "first line\n":
            fifo.write_text("go on")

    program = f"import os; os.write(1, b'first line\\n'); open({str(fifo)!r}).read(); print('end')"
    runner = Runner(built_in(), None, show, clock=TICKS)
    assert runner.run([sys.executable, "-c", program]) == 0
    assert shown[0] == "first line\n" and "".join(shown[1:]) == "end\n"


TICKS = itertools.count(0.0, 100.0).__next__


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_that_we_get_is_for_the_command(name):
    program = (
        "import os, signal, sys, time\n"
        f"signal.signal(signal.{name}, lambda *_: (print('cleaned up'), sys.exit(5)))\n"
        "os.write(1, b'ready\\n')\nwhile True: time.sleep(60)"
    )
    shown = []

    def show(text):
        shown.append(text)
        if text == "ready\n":
            os.kill(os.getpid(), getattr(signal, name))

    before = signal.getsignal(signal.SIGTERM)
    runner = Runner(built_in(), None, show, clock=TICKS)
    assert runner.run([sys.executable, "-c", program]) == 5
    assert "".join(shown) == "ready\ncleaned up\n" and signal.getsignal(signal.SIGTERM) is before


def test_something_left_running_does_not_hold_us():
    program = "import subprocess; print(subprocess.Popen(['sleep', '60']).pid)"
    code, shown = run_python(program)
    os.kill(int(shown), signal.SIGKILL)
    assert code == 0


def test_what_is_left_out_is_kept_where_the_output_says(tmp_path, ruff):
    store = RecoveryStore(tmp_path, 1 << 20, 60.0)
    shown = []
    Runner(built_in(), store, shown.append).run([ruff, "check"])
    path = next(tmp_path.glob("*.txt"))
    assert f"[30 lines left out; whole text in {path}]\n" in shown
    assert "   29 | x" in path.read_text()


@pytest.mark.parametrize(
    ("config", "max_bytes"),
    [
        (RtkConfig(), 1),
        (RtkConfig(raw_output_retention="never"), 1 << 20),
        (RtkConfig(raw_output_retention="failures"), 1 << 20),
        (RtkConfig(raw_output_max_bytes=100), 1 << 20),
    ],
)
def test_what_is_not_kept_can_be_had_by_running_it_again(tmp_path, ruff, config, max_bytes):
    shown = []
    store = RecoveryStore(tmp_path, max_bytes, 60.0)
    Runner(built_in(), store, shown.append, config).run([ruff, "check"])
    assert "run the command again" in shown[-1] and not list(tmp_path.glob("*.txt"))


def test_bytes_that_are_no_text_pass():
    program = "import sys; sys.stdout.buffer.write(b'\\xff\\xc3')"
    assert run_python(program)[1].encode("utf-8", "surrogateescape") == b"\xff\xc3"


def test_whole_means_in_one_piece():
    shown = run_python("print('a'); print('b')", clock=TICKS, whole=True)[1]
    assert shown == "a\nb\n"
