"""The ways to the provider that are compared: direct, through nginx, through TokenPak."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tokenpak.demo.proxy import running_proxy

HERE = Path(__file__).parent
NGINX = """
daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log; {user}
events {{ worker_connections 256; }}
http {{
  access_log off; keepalive_requests 1000000; client_max_body_size 0;
  client_body_buffer_size 4m;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; scgi_temp_path {folder}/scgi; uwsgi_temp_path {folder}/uwsgi;
  upstream provider {{ server 127.0.0.1:{upstream}; keepalive 16; keepalive_requests 1000000; }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://provider; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_buffering off;
    }}
  }}
}}
"""


class Way:
    """One way, with a connection that is kept open; `pid` is None for the direct one."""

    def __init__(self, name: str, port: int, pid: int | None) -> None:
        self.name = name
        self.pid = pid
        self.packing_ms = 0.0
        """What the last answer said of the time spent packing."""
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def request(self, path: str, body: bytes) -> tuple[float, float]:
        """Milliseconds until the first byte of the answer's body, and until its last."""
        headers = {"content-type": "application/json", "anthropic-version": "2023-06-01"}
        started = time.perf_counter()
        self._connection.request("POST", path, body, headers)
        response = self._connection.getresponse()
        first = response.read1(1)
        first_ms = (time.perf_counter() - started) * 1000
        rest = response.read()
        total_ms = (time.perf_counter() - started) * 1000
        if response.status != 200:
            raise SystemExit(f"{self.name}: {path} {response.status} {(first + rest)[:300]!r}")
        self.packing_ms = float(response.headers.get("x-tokenpak-compression-ms", 0))
        return first_ms, total_ms

    def cpu_ms(self) -> float:
        """CPU time of the way's processes so far."""
        return sum(_cpu_ms(pid) for pid in _tree(self.pid)) if self.pid else 0.0

    def rss_mb(self) -> float:
        """Memory of the way's processes."""
        return sum(_rss_mb(pid) for pid in _tree(self.pid)) if self.pid else 0.0

    def close(self) -> None:
        self._connection.close()


@contextmanager
def all_ways() -> Iterator[list[Way]]:
    """Every way that can be had on this machine, the direct one first."""
    with ExitStack() as stack:
        upstream = stack.enter_context(_mock())
        ways = [Way("direct", upstream, None)]
        if program := shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin"):
            ways.append(Way("nginx", *stack.enter_context(_nginx(program, upstream))))
        proxy = stack.enter_context(running_proxy(f"http://127.0.0.1:{upstream}"))
        ways.append(Way("tokenpak", int(proxy.origin.rsplit(":", 1)[1]), proxy.process.pid))
        yield ways
        for way in ways:
            way.close()


@contextmanager
def _mock() -> Iterator[int]:
    process = subprocess.Popen(
        [sys.executable, str(HERE / "mock_upstream.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with process:
        assert process.stdin and process.stdout
        yield int(process.stdout.readline())
        process.stdin.close()


@contextmanager
def _nginx(program: str, upstream: int) -> Iterator[tuple[int, int]]:
    port = _free_port()
    with tempfile.TemporaryDirectory() as folder:
        user = "user root;" if os.geteuid() == 0 else ""
        config = Path(folder) / "nginx.conf"
        config.write_text(NGINX.format(folder=folder, upstream=upstream, port=port, user=user))
        process = subprocess.Popen(
            [program, "-c", str(config), "-p", folder], stderr=subprocess.DEVNULL
        )
        try:
            _wait_for(port)
            yield port, process.pid
        finally:
            process.terminate()
            process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise SystemExit(f"nginx did not start on port {port}")


def _tree(pid: int) -> list[int]:
    found = [pid]
    for each in found:
        for task in Path(f"/proc/{each}/task").iterdir():
            found += [int(child) for child in (task / "children").read_text().split()]
    return found


def _cpu_ms(pid: int) -> float:
    """Time on a CPU over all threads, by the scheduler's count in nanoseconds."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e6


def _rss_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0
