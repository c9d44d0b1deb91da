"""Definitions of each kind in each language: a source, and what it defines with its lines."""

from __future__ import annotations

from pathlib import Path

import yaml

_FILE = Path(__file__).with_name("samples.yaml")

SAMPLES: dict[str, tuple[str, set[tuple[str, str, int]]]] = {
    language: (each["source"], {tuple(found) for found in each["defines"]})
    for language, each in yaml.safe_load(_FILE.read_text("utf-8")).items()
}
