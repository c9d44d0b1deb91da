from __future__ import annotations

from pathlib import Path

import pytest

from tests.engines.llmlingua import tiny


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a tiny model."""
    return tiny.build(tmp_path_factory.mktemp("model"))
