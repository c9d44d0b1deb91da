from __future__ import annotations

import json
import sys

import pytest

from tokenpak.cli import main

LINT = "\n".join(f"src/a.py:{i}:1: F401 unused\n   {i} | import os\n     | ^^" for i in range(30))


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("TOKENPAK_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(capsys, *words):
    code = main(["rtk", *words])
    shown = capsys.readouterr()
    return code, shown.out, shown.err


def test_list_and_show(capsys):
    code, out, _ = run(capsys, "list", "--json")
    assert code == 0 and len(json.loads(out)["filters"]) >= 70
    assert "test-pytest" in run(capsys, "list")[1]
    assert "name: make" in run(capsys, "show", "make")[1]
    assert json.loads(run(capsys, "show", "make", "--json")[1])["name"] == "make"
    assert json.loads(run(capsys, "show", "schema")[1])["title"] == "A TokenPak filter"
    assert run(capsys, "show", "nope")[0] == 2


def test_test_prints_the_filtered_file(capsys, home):
    (home / "out.txt").write_text(LINT)
    code, out, err = run(capsys, "test", "out.txt", "--command", "ruff check")
    assert code == 0 and "import os" not in out and "ruff:" in err
    shown = json.loads(run(capsys, "test", "out.txt", "--command", "ruff check", "--json")[1])
    assert shown["saved_tokens"] > 0 and shown["filter"] == "ruff"


def test_explain_says_what_goes(capsys, home):
    (home / "out.txt").write_text(LINT)
    code, out, _ = run(capsys, "explain", "out.txt", "--command", "cd x && ruff check | head -99")
    assert code == 0 and "ruff check" in out and "import os" in out
    assert json.loads(run(capsys, "explain", "out.txt", "--json")[1])["lines"] == 90


def test_verify_counts_the_samples(capsys):
    code, out, _ = run(capsys, "verify", "--json")
    found = json.loads(out)
    assert code == 0 and found["faults"] == [] and found["samples"] >= 3 * 70


def test_trust_and_untrust(capsys, home):
    file = home / ".tokenpak" / "rtk" / "mine.yaml"
    file.parent.mkdir(parents=True)
    file.write_text("name: mine\ndescription: d\nmatch: {command: ['^mine']}\n")
    assert "is not trusted" in run(capsys, "list")[2]
    assert run(capsys, "trust", str(file))[0] == 0
    assert "mine" in run(capsys, "list")[1] and run(capsys, "verify", "--all")[0] == 0
    assert run(capsys, "untrust", str(file))[0] == 0
    assert run(capsys, "untrust", str(file))[0] == 1


def test_the_stored_settings_act(capsys, home):
    (home / "out.txt").write_text(LINT)
    (home / "home").mkdir()
    (home / "home" / "compression.json").write_text('{"rtk": {"enabled": false}}')
    asked = ("out.txt", "--command", "ruff check")
    assert run(capsys, "test", *asked)[1] == LINT + "\n"
    assert run(capsys, "run", "--", "cat", "out.txt")[1] == LINT
    (home / "home" / "compression.json").write_text('{"rtk": {"intensity": "minimal"}}')
    assert "import os" in run(capsys, "test", *asked)[1]


def test_run_keeps_the_exit_code(capsys):
    code, out, _ = run(
        capsys, "run", "--", sys.executable, "-c", "print('hi'); raise SystemExit(4)"
    )
    assert (code, out) == (4, "hi\n")
    assert run(capsys, "run", "--whole", "--", "echo", "a")[:2] == (0, "a\n")
    assert run(capsys, "run", "--", "no-such-program-here")[0] == 127


def test_discover_lists_what_no_filter_covers(capsys, home):
    call = {"type": "tool_use", "id": "1", "name": "Bash", "input": {"command": "frobnicate"}}
    back = {"type": "tool_result", "tool_use_id": "1", "content": "one line and another\n" * 30}
    messages = [
        {"role": "user", "content": "go"},
        {"role": "assistant", "content": [call]},
        {"role": "user", "content": [back]},
    ]
    (home / "talk.json").write_text(json.dumps({"model": "m", "messages": messages}))
    code, out, _ = run(capsys, "discover", "talk.json", "--json")
    assert code == 0 and json.loads(out)["uncovered"][0]["program"] == "frobnicate"
    assert "frobnicate" in run(capsys, "discover", "talk.json")[1]


@pytest.mark.parametrize(
    ("command", "told"),
    [("git log", "Every program has a filter."), (None, "No output of a shell is long enough")],
)
def test_discover_says_so_where_nothing_is_left_to_cover(capsys, home, command, told):
    call = {"type": "tool_use", "id": "1", "name": "Bash", "input": {"command": command}}
    back = {"type": "tool_result", "tool_use_id": "1", "content": "one line and another\n" * 30}
    messages = [
        {"role": "user", "content": "go"},
        {"role": "assistant", "content": [call if command else {"type": "text", "text": "ok"}]},
        {"role": "user", "content": [back] if command else "thanks"},
    ]
    (home / "talk.json").write_text(json.dumps({"model": "m", "messages": messages}))

    shown = run(capsys, "discover", "talk.json")[1]

    assert told in shown
    assert "Without a filter" not in shown
