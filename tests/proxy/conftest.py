"""A scripted provider and a proxy in front of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import serving


@pytest.fixture
def upstream() -> Iterator[serving.Provider]:
    with serving.provider() as running:
        yield running


@pytest.fixture
def proxy(upstream: serving.Provider, tmp_path: Path) -> Iterator[serving.Proxy]:
    with serving.proxy(serving.settings_for(tmp_path, upstream)) as running:
        yield running
