"""When things go wrong around the proxy, it says so, and the client's request still arrives."""

from __future__ import annotations

import json
import re
import resource
import shutil
import socket
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests import recorded
from tests.e2e.process import Running, popen, serve
from tests.e2e.upstream import Upstream
from tests.serving import TIMEOUT_S
from tokenpak import protocol

SMALL = b'{"model":"claude-e2e","max_tokens":9,"messages":[{"role":"user","content":"hi"}]}'
LONG = recorded.body("claude_code")
"""A real request of which something is left out when it can be kept on disk."""


def ask(proxy: Running, body: bytes = SMALL, path: str = "/v1/messages") -> dict[str, Any]:
    head, answer = proxy.request(path, body)
    assert head.startswith(b"HTTP/1.1 200"), (head, answer)
    return json.loads(answer)


def trouble(proxy: Running) -> str:
    """What /healthz says of telemetry, once it says anything."""
    end = time.monotonic() + TIMEOUT_S
    while time.monotonic() < end:
        state = proxy.health()
        assert state["status"] == "ok"
        if state["telemetry"]["error"]:
            return state["telemetry"]["error"]
    raise AssertionError(f"/healthz knows of no trouble: {proxy.said}")


def assert_arrives(proxy: Running, upstream: Upstream) -> None:
    """A small request arrives as it is, a long one with every file that it names."""
    upstream.requests.clear()
    ask(proxy)
    ask(proxy, LONG)
    small, long = (each.body for each in upstream.asked())
    assert small == SMALL
    assert len(json.loads(long)["messages"]) == len(json.loads(LONG)["messages"])
    assert [each for each in kept_files(proxy, long) if not each.exists()] == []


def kept_files(proxy: Running, body: bytes) -> set[Path]:
    """The files in the proxy's home that *body* tells the agent to read."""
    named = re.findall(re.escape(str(proxy.home)) + r"/\w+/\w+\.txt", body.decode())
    return {seen_by(proxy, each) for each in named}


def seen_by(proxy: Running, path: str | Path) -> Path:
    """*path* as the proxy's process sees it, which may have mounts of its own."""
    return Path(f"/proc/{proxy.process.pid}/root{path}")


@pytest.mark.parametrize(
    "body",
    [b"no JSON at all", b'{"model":"claude-e2e","messages":[{"role":', b"\xff\xfe\x00", b"[1]"],
)
def test_a_body_that_cannot_be_read_arrives_and_the_provider_answers_it(
    body: bytes, proxy: Running, upstream: Upstream
) -> None:
    head, answer = proxy.request("/v1/messages", body)

    assert [each.body for each in upstream.asked()] == [body]
    assert head.startswith(b"HTTP/1.1 400 ")
    assert json.loads(answer)["error"]["message"] == "this is no request"


def test_a_body_that_breaks_off_reaches_nobody_and_the_next_one_arrives(
    upstream: Upstream, tmp_path: Path
) -> None:
    with serve(tmp_path, upstream.url) as proxy:
        wire = proxy.connect()
        wire.send(proxy.head("/v1/messages", body=LONG) + LONG[: len(LONG) // 2])
        wire.close()
        ask(proxy)
        proxy.stop()
        rows = proxy.rows()

    assert [each.body for each in upstream.asked()] == [SMALL]
    assert sorted(((row["status"], row["error_code"]) for row in rows), key=str) == [
        (200, None),
        (None, protocol.CLIENT_GONE),
    ]


def test_an_unknown_path_is_answered_with_the_known_ones(
    proxy: Running, upstream: Upstream
) -> None:
    head, body = proxy.request("/v7/thoughts", SMALL)

    assert head.startswith(b"HTTP/1.1 404")
    assert "/v7/thoughts" in json.loads(body)["error"]["message"]
    assert "/v1/*" in json.loads(body)["error"]["message"]
    assert upstream.requests == []


def test_a_provider_that_comes_back_is_reached_again(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with serve(tmp_path, f"http://127.0.0.1:{port}") as proxy:
        head, body = proxy.request("/v1/messages", SMALL)
        assert head.startswith(b"HTTP/1.1 502")
        assert json.loads(body)["type"] == "error"
        assert f"127.0.0.1:{port} cannot be reached" in json.loads(body)["error"]["message"]
        assert proxy.health()["status"] == "ok"

        back = Upstream(_listener=socket.create_server(("127.0.0.1", port)))
        back.reset()
        back.start()
        ask(proxy)
        back.stop()
    assert [each.body for each in back.asked()] == [SMALL]


def test_a_port_in_use_is_told_in_one_line(proxy: Running, tmp_path: Path) -> None:
    with popen(tmp_path, proxy.url, "--port", str(proxy.port)) as second:
        said, _ = second.communicate(timeout=TIMEOUT_S)

    assert second.returncode == 1
    assert said.decode().startswith(f"127.0.0.1:{proxy.port} is in use")
    assert said.count(b"\n") == 1
    assert not (tmp_path / "telemetry.db").exists()


def test_workers_end_with_the_process_that_started_them(upstream: Upstream, tmp_path: Path) -> None:
    with serve(tmp_path, upstream.url, "--workers", "2") as proxy:
        ask(proxy)
        proxy.process.kill()
        proxy.process.wait()
        assert proxy.ended.wait(TIMEOUT_S), "a worker goes on, and keeps the port"
        with pytest.raises(ConnectionRefusedError):
            proxy.connect()


def damaged(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\x00" + b"no database" * 1000)


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 999")


def a_folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize(
    ("spoil", "word"),
    [(damaged, "damaged"), (newer, "newer TokenPak"), (a_folder, "cannot be used")],
)
def test_a_database_that_cannot_be_used_is_left_alone_and_told(
    spoil: Callable[[Path], None], word: str, upstream: Upstream, tmp_path: Path
) -> None:
    path = tmp_path / "telemetry.db"
    spoil(path)
    before = path.read_bytes() if path.is_file() else b""
    with serve(tmp_path, upstream.url) as proxy:
        assert_arrives(proxy, upstream)
        told = trouble(proxy)
        said = proxy.stop()

    assert word in told
    assert str(path) in told
    assert told in said
    assert "Traceback" not in said
    assert (path.read_bytes() if path.is_file() else b"") == before


def test_while_no_file_can_grow_requests_arrive_and_are_recorded_later(
    upstream: Upstream, tmp_path: Path
) -> None:
    with serve(tmp_path, upstream.url) as proxy:
        _, most = resource.prlimit(proxy.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(proxy.process.pid, resource.RLIMIT_FSIZE, (0, most))
        assert_arrives(proxy, upstream)
        assert str(tmp_path / "telemetry.db") in trouble(proxy)

        resource.prlimit(proxy.process.pid, resource.RLIMIT_FSIZE, (most, most))
        said = proxy.stop()
        assert [row["status"] for row in proxy.rows()] == [200, 200]

    assert "Traceback" not in said


def mounted(home: Path, options: str) -> list[str]:
    """A command that runs another one with a file system of its own at *home*."""
    mount = f'mount -t tmpfs -o {options} none "$0" && exec "$@"'
    return ["unshare", "--map-root-user", "--mount", "sh", "-c", mount, str(home)]


@pytest.fixture
def may_mount(tmp_path: Path) -> Iterator[None]:
    if shutil.which("unshare") is None:
        pytest.skip("there is no `unshare` on this system, so no disk can be made to be full")
    probe = subprocess.run([*mounted(tmp_path, "ro"), "true"], capture_output=True, check=False)
    if probe.returncode:
        pytest.skip(f"this user may not mount a file system: {probe.stderr.decode().strip()}")
    yield


@pytest.mark.usefixtures("may_mount")
def test_on_a_full_disk_requests_arrive_and_are_recorded_once_there_is_space(
    upstream: Upstream, tmp_path: Path
) -> None:
    with serve(tmp_path, upstream.url, within=mounted(tmp_path, "size=512k")) as proxy:
        filler = seen_by(proxy, tmp_path / "filler")
        with filler.open("wb", buffering=0) as file, pytest.raises(OSError, match="No space"):
            while True:
                file.write(bytes(4096))
        assert_arrives(proxy, upstream)
        told = trouble(proxy)
        assert "the disk is full" in told

        filler.unlink()
        said = proxy.stop()
    assert "Traceback" not in said
    assert "telemetry is written again" in said


@pytest.mark.usefixtures("may_mount")
def test_with_a_home_that_is_read_only_requests_arrive(upstream: Upstream, tmp_path: Path) -> None:
    with serve(tmp_path, upstream.url, within=mounted(tmp_path, "ro")) as proxy:
        assert_arrives(proxy, upstream)
        told = trouble(proxy)
        said = proxy.stop()

    assert str(tmp_path / "telemetry.db") in told
    assert "Read-only file system" in told or "readonly" in told
    assert "Traceback" not in said
    assert upstream.asked()[-1].body != LONG  # what needs no disk is packed all the same
