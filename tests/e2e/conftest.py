"""One scripted provider and one proxy process for all; each test finds them as new."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.process import Running, serve
from tests.e2e.upstream import Upstream


@pytest.fixture(scope="session")
def provider() -> Iterator[Upstream]:
    running = Upstream()
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def shared_proxy(provider: Upstream, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with serve(tmp_path_factory.mktemp("home"), provider.url) as running:
        yield running
        running.stop()


@pytest.fixture
def upstream(provider: Upstream) -> Iterator[Upstream]:
    provider.reset()
    yield provider
    assert provider.failures == []


@pytest.fixture
def proxy(shared_proxy: Running, upstream: Upstream) -> Running:
    return shared_proxy
