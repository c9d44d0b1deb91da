"""The store of what was left out: ids, permissions, limits, age; which tools can read it."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.redact.secrets import ALNUM, run
from tokenpak import recovery
from tokenpak.errors import StoreError
from tokenpak.recovery import (
    RecoveryStore,
    is_recoverable_by,
    names_kept,
    raw_output_response,
    raw_path,
)

DAY = 86_400.0
ID = "0123456789abcdef"


class Clock:
    now = 1_000_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> RecoveryStore:
    return RecoveryStore(tmp_path / "home" / "raw", 100_000, 7 * DAY, clock)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def kept(store: RecoveryStore, *contents: str) -> list[bool]:
    return [store.get(store.path_of(each).stem) is not None for each in contents]


@given(st.text())
def test_the_path_follows_from_the_content_alone(content: str) -> None:
    folder = Path("nowhere/raw")

    path = RecoveryStore(folder, 0, 0).path_of(content)

    assert path == RecoveryStore(folder, 9, 9).path_of(content)
    assert str(path) == raw_path(str(folder), content)
    assert not folder.exists()


@pytest.mark.parametrize("content", ["x", "a\r\nb\x00\x1b[0m\n", "\u00e9 \U0001f600 \ud800", "\n"])
def test_gives_back_what_was_put(store: RecoveryStore, content: str) -> None:
    path = store.put(content)

    assert path == store.path_of(content)
    assert store.get(path.stem) == content


def test_keeps_no_secret_but_the_id_of_the_original(store: RecoveryStore) -> None:
    secret = "gh" + "p_" + run(ALNUM, 36)

    path = store.put(f"token {secret}\nrest")

    assert path == store.path_of(f"token {secret}\nrest")
    assert store.get(path.stem) == "token [REDACTED:github]\nrest"
    assert secret not in path.read_text()


def test_only_the_owner_may_read(store: RecoveryStore) -> None:
    path = store.put("x")

    assert (mode(path), mode(path.parent)) == (0o600, 0o700)


def test_a_folder_that_others_may_read_is_closed(store: RecoveryStore) -> None:
    folder = store.path_of("x").parent
    folder.mkdir(parents=True)
    folder.chmod(0o755)

    store.put("x")

    assert mode(folder) == 0o700


def test_a_second_put_only_refreshes_the_time(store: RecoveryStore, clock: Clock) -> None:
    path = store.put("x")
    inode = path.stat().st_ino
    clock.now += 6 * DAY

    assert store.put("x") == path

    clock.now += 6 * DAY
    assert store.get(path.stem) == "x"
    assert path.stat().st_ino == inode


def test_an_empty_file_left_by_a_crash_is_written_again(store: RecoveryStore) -> None:
    path = store.put("x")
    path.write_bytes(b"")

    store.put("x")

    assert store.get(path.stem) == "x"


def test_what_expired_is_not_given_and_goes_at_the_next_prune(
    store: RecoveryStore, clock: Clock
) -> None:
    path = store.put("x")
    clock.now += 7 * DAY + 1

    assert store.get(path.stem) is None
    assert store.prune() == 1
    assert not path.exists()


def test_a_put_now_and_then_removes_what_expired(store: RecoveryStore, clock: Clock) -> None:
    path = store.put("old")
    clock.now += 8 * DAY

    store.put("new")

    assert not path.exists()


def test_the_oldest_make_room(store: RecoveryStore, clock: Clock) -> None:
    contents = [letter * 30_000 for letter in "abcdef"]
    for content in contents:
        store.put(content)
        clock.now += 1

    assert kept(store, *contents) == [False, False, False, True, True, True]
    assert store.stats().bytes <= 100_000


def test_a_refreshed_text_outlives_younger_ones(store: RecoveryStore, clock: Clock) -> None:
    contents = [letter * 30_000 for letter in "abcd"]
    for content in (*contents[:3], contents[0], contents[3]):
        store.put(content)
        clock.now += 1

    assert kept(store, *contents) == [True, False, True, True]


def test_the_limit_holds_for_two_stores_of_one_folder(
    store: RecoveryStore, clock: Clock, tmp_path: Path
) -> None:
    other = RecoveryStore(tmp_path / "home" / "raw", 100_000, 7 * DAY, clock)
    sizes = []
    for number in range(100):
        (store, other)[number % 2].put(f"{number} " * 500)
        clock.now += 1
        sizes.append(store.stats().bytes)

    # Each may add a sixteenth before it looks at what the other did, and one text more.
    assert max(sizes) <= 100_000 * 18 / 16


def test_there_is_a_limit_to_the_number_of_files(
    store: RecoveryStore, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recovery, "MAX_FILES", 10)
    for number in range(30):
        store.put(str(number))
        clock.now += 1

    assert store.stats().files <= 10
    assert store.get(store.path_of("29").stem) == "29"


def test_prune_leaves_what_is_not_ours(store: RecoveryStore, clock: Clock) -> None:
    folder = store.put("x").parent
    foreign = [folder / "notes.txt", folder / f"{ID}.bak", folder / f"{ID}0.txt"]
    for path in foreign:
        path.write_text("mine")
    clock.now += 100 * DAY

    store.prune()

    assert sorted(folder.iterdir()) == sorted(foreign)


def test_a_temporary_file_of_a_crash_is_removed_after_an_hour(
    store: RecoveryStore, clock: Clock
) -> None:
    folder = store.put("x").parent
    left = folder / ".raw-abc_1.tmp"
    left.write_text("half")
    os.utime(left, (clock.now, clock.now))

    clock.now += 3599
    store.prune()
    assert left.exists()

    clock.now += 2
    store.prune()
    assert not left.exists()


@pytest.mark.parametrize(
    "id",
    ["", "0", ID[:-1], ID + "0", ID.upper(), ID + "\n", f"../{ID}", "../../etc/passwd", "\0" * 16],
)
def test_what_is_no_id_names_nothing(store: RecoveryStore, id: str) -> None:
    folder = store.put("x").parent
    (folder.parent / f"{ID}.txt").write_text("outside")
    (folder / f"{ID}.txt").write_text("inside")

    assert store.get(id) is None


@pytest.mark.parametrize("id", ["f" * 16, "a" * 16])
def test_a_link_is_not_followed(store: RecoveryStore, tmp_path: Path, id: str) -> None:
    outside = tmp_path / "outside"
    outside.write_text("private")
    link = store.put("x").parent / f"{id}.txt"
    link.symlink_to(outside)

    assert store.get(id) is None
    assert store.stats().files == 1
    assert outside.read_text() == "private"


def test_a_put_replaces_a_link_and_not_what_it_points_to(
    store: RecoveryStore, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.write_text("private")
    store.put("y")
    store.path_of("x").symlink_to(outside)

    path = store.put("x")

    assert not path.is_symlink()
    assert (path.read_text(), outside.read_text()) == ("x", "private")


def test_a_pipe_in_the_folder_holds_nothing_up(store: RecoveryStore) -> None:
    os.mkfifo(store.put("x").parent / f"{ID}.txt")

    assert store.get(ID) is None


def test_a_folder_in_the_place_of_a_file_is_an_error(store: RecoveryStore) -> None:
    store.path_of("x").mkdir(parents=True)

    with pytest.raises(StoreError, match="cannot keep a raw output"):
        store.put("x")
    assert list(store.path_of("x").parent.glob(".raw-*")) == []


def test_what_is_larger_than_the_store_is_refused(store: RecoveryStore) -> None:
    store.put("small")

    with pytest.raises(StoreError, match="recovery_mb"):
        store.put("x" * 100_001)
    assert kept(store, "small") == [True]


def fails(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("broken", ["tempfile.mkstemp", "pathlib.Path.replace", "os.utime"])
def test_a_full_disk_is_told_and_leaves_nothing_behind(
    store: RecoveryStore, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    store.put("before")
    monkeypatch.setattr(broken, fails)

    with pytest.raises(StoreError, match="No space left"):
        store.put("x")

    assert [each.name for each in store.path_of("x").parent.iterdir()] == [
        store.path_of("before").name
    ]


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "raw").write_text("a file")

    with pytest.raises(StoreError, match="raw"):
        RecoveryStore(tmp_path / "raw", 1000, DAY).put("x")


def test_stats_count_files_and_bytes(store: RecoveryStore, clock: Clock) -> None:
    found = store.stats()
    assert (found.files, found.bytes, found.oldest) == (0, 0, None)
    first = clock.now
    store.put("\u00e9")
    clock.now += 5
    store.put("abc")

    found = store.stats()

    assert (found.files, found.bytes, found.oldest) == (2, 5, first)
    assert (found.max_bytes, found.max_age_s) == (100_000, 7 * DAY)


READERS = (
    "Read Bash shell exec_command run_shell_command read_file view cat execute_command local_shell "
    "run_terminal_cmd str_replace_based_edit_tool mcp__filesystem__read_text_file readFile "
    "run_in_terminal functions.exec_command BASH container.exec execute_bash read_many_files "
    "mcp__desktop-commander__start_process mcp__acp__Read mcp__mcp-server-filesystem__read_file "
    "filesystem__read_file default_api:run_shell_command"
).split()
OTHERS = (
    "Edit Write get_weather WebSearch web_fetch image_view reader bashful grep_search x__ "
    "mcp__remote__exec mcp__github__read_file mcp__kali__execute_command mcp__docker__exec "
    "mcp__ssh__bash mcp__mcp-server__read_file mcp__filesystem__write_file mcp__fs__remote__exec"
).split()


@pytest.mark.parametrize("tool", READERS)
def test_a_tool_that_reads_or_runs_can_recover(tool: str) -> None:
    assert is_recoverable_by(["get_weather", tool])


@pytest.mark.parametrize("tools", [[], [""], *([each] for each in OTHERS), OTHERS])
def test_other_tools_cannot_recover(tools: list[str]) -> None:
    assert not is_recoverable_by(tools)


@pytest.mark.parametrize(
    ("id_of", "status"),
    [
        (lambda path: path.stem, 200),
        (lambda path: "f" * 16, 404),
        (lambda path: "../x", 400),
        (lambda path: path.stem[:8], 400),
    ],
)
def test_the_endpoint_tells_found_gone_and_malformed_apart(
    store: RecoveryStore, id_of: Callable[[Path], str], status: int
) -> None:
    assert raw_output_response(store, id_of(store.put("x")))[0] == status


def test_the_endpoint_gives_the_text(store: RecoveryStore) -> None:
    path = store.put("\u00e9\n")

    assert raw_output_response(store, path.stem)[1] == {
        "id": path.stem,
        "bytes": 3,
        "redacted": True,
        "text": "\u00e9\n",
    }


def test_line_numbers_of_the_original_hold_in_what_is_kept(store: RecoveryStore) -> None:
    body = "\n".join("MIIEowIBAAKCAQEAx" + "Ab3/" * 11 for _ in range(20))
    key = f"-----BEGIN RSA PRIVATE KEY-----\n{body}\n-----END RSA PRIVATE KEY-----"
    text = f"first\n{key}\nlast"

    kept_text = store.put(text).read_text()

    assert "MIIE" not in kept_text
    assert kept_text.split("\n").index("last") == text.split("\n").index("last")


def test_what_is_still_named_is_kept_on(store: RecoveryStore, clock: Clock) -> None:
    path = store.put("x")
    for _ in range(5):
        clock.now += 2 * DAY
        assert store.refresh([path.stem])

    assert store.get(path.stem) == "x"


def test_what_is_gone_is_told_at_most_once_a_minute(store: RecoveryStore, clock: Clock) -> None:
    path = store.put("x")
    path.unlink()
    clock.now += 61

    assert not store.refresh([path.stem]) and store.refresh([path.stem])
    clock.now += 61
    assert not store.refresh([path.stem])


@pytest.mark.parametrize(
    ("words", "asks"),
    [(f"/home/me/.tokenpak/raw/{ID}.txt", True), (f"tokenpak show {ID} --lines 4-9", True),
     (f"git show {ID}0123", False), ("cat notes.txt", False)],
)  # fmt: skip
def test_a_call_that_names_an_id_asks_for_what_is_kept(words: str, asks: bool) -> None:
    assert names_kept(words) is asks
