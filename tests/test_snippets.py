"""The programs of the published pages, as printed there, in an empty folder."""

from __future__ import annotations

import ast
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from tokenpak import PipelineResult

DEDUP = """
# Before
messages = [
    {"role": "user", "content": "Here is the code:\\n<500 lines>"},
    {"role": "assistant", "content": "I'll review it."},
    {"role": "user", "content": "Here is the code:\\n<500 lines>"},  # ← duplicate
    {"role": "user", "content": "Now fix line 42."},
]

# After dedup
messages = [
    {"role": "user", "content": "Here is the code:\\n<500 lines>"},
    {"role": "assistant", "content": "I'll review it."},
    {"role": "user", "content": "Now fix line 42."},
]
"""

RESULT = """
@dataclass
class PipelineResult:
    messages: List[Dict]    # compressed messages (same format, fewer tokens)
    segments: List[Segment] # per-segment metadata
    tokens_raw: int         # tokens before compression
    tokens_after: int       # tokens after compression
    duration_ms: float      # pipeline wall time
    stages_run: List[str]   # which stages ran

    @property
    def savings_pct(self) -> float: ...
"""

HOOKS = """
from tokenpak.agent.compression.pipeline import CompressionPipeline

def my_hook(messages):
    # Remove messages older than 10 turns
    return messages[-10:]

pipeline = CompressionPipeline()
pipeline.add_hook(my_hook)
result = pipeline.run(messages)
"""

PROGRAMS = {
    "hooks": HOOKS,
    "quick start": """
from tokenpak import TelemetryCollector, CacheManager, CompressionEngine, Budgeter

# Collect telemetry
collector = TelemetryCollector()

# Manage cache
cache = CacheManager()

# Compress content
engine = CompressionEngine()  # Abstract base; use HeuristicEngine for concrete implementation

# Budget tokens
budgeter = Budgeter()
""",
    "top-level imports": """
from tokenpak import (
    TelemetryCollector,
    CompletionTracker,
    CacheManager,
    CompressionEngine,
    HeuristicEngine,
    get_engine,
    Block,
    BlockRegistry,
    Budgeter,
    BudgetBlock,
    main,
    # Sub-packages
    connectors,
    agent,
    proxy,
)
""",
    "collector": """
from tokenpak import TelemetryCollector

collector = TelemetryCollector()
# Watch a directory for events
collector.start()
""",
    "completions": """
from tokenpak import CompletionTracker

tracker = CompletionTracker()
tracker.record(model="claude-3-5-sonnet", tokens_in=1200, tokens_out=300, cost_usd=0.015)
stats = tracker.summary()
""",
    "cache": """
from tokenpak import CacheManager

cache = CacheManager()
cache.set("key", {"response": "data"})
hit = cache.get("key")
""",
    "base engine": """
from tokenpak import CompressionEngine, HeuristicEngine

# Use the concrete heuristic engine
engine = HeuristicEngine()
compressed = engine.compress(content)
""",
    "heuristic engine": """
from tokenpak import HeuristicEngine

engine = HeuristicEngine()
result = engine.compress(text, max_tokens=2000)
""",
    "get_engine": """
from tokenpak import get_engine

engine = get_engine("heuristic")
compressed = engine.compress(content)
""",
    "block": """
from tokenpak import Block

block = Block(
    path="docs/README.md",
    content_hash="abc123",
    version=1,
    file_type="md",
    raw_tokens=1500,
    compressed_tokens=450,
    compressed_content="...",
    quality_score=0.95,
    importance=7.5,
)
""",
    "registry": """
from tokenpak import BlockRegistry, Block

registry = BlockRegistry("tokenpak.db")
registry.add_block(block)

# Search
results = registry.search("token compression", top_k=5)

# Stats
stats = registry.get_stats()
# {'total_files': 42, 'total_tokens': 85000, ...}

registry.close()
""",
    "budgeter": """
from tokenpak import Budgeter

budgeter = Budgeter()  # Loads budget_config.yaml if available

components = {
    'state':    {'text': state_json, 'priority': 'critical'},
    'recent':   {'text': recent_turns, 'priority': 'high'},
    'evidence': {'items': evidence_list, 'priority': 'medium'},
    'tools':    {'text': tool_schemas, 'priority': 'variable'},
}
trimmed = budgeter.allocate(components)
""",
    "allocation": """
from tokenpak import BudgetBlock
from tokenpak.budget import quadratic_allocate

blocks = [BudgetBlock(ref="docs/a.md#v1"), BudgetBlock(ref="docs/b.md#v1")]
allocation = quadratic_allocate(blocks, total_tokens=4000)
""",
    "main": """
from tokenpak import main

main()  # Runs the CLI
""",
    "telemetry": """
from tokenpak.telemetry import (
    TelemetryCollector,
    CompletionTracker,
    CacheManager,
    CanonicalRequest,
    CanonicalResponse,
    CanonicalUsage,
    UsageSource,
    Confidence,
    AdapterRegistry,
)
""",
    "engines": """
from tokenpak.engines import CompactionEngine, HeuristicEngine, get_engine
""",
    "block storage": """
from tokenpak.registry import Block, BlockRegistry
""",
    "connectors": """
from tokenpak import connectors
""",
    "agent": """
from tokenpak import agent
""",
    "proxy": """
from tokenpak import proxy
from tokenpak.proxy import CredentialPassthrough
""",
    "integration": '''
"""Full integration example: index a directory, search, budget, compress."""
from tokenpak import (
    TelemetryCollector,
    BlockRegistry,
    Block,
    HeuristicEngine,
    Budgeter,
    get_engine,
)
from tokenpak.walker import walk_directory
from tokenpak.processors import get_processor
from tokenpak.tokens import count_tokens
import hashlib

# Set up
registry = BlockRegistry("my_project.db")
engine = get_engine("heuristic")
collector = TelemetryCollector()
budgeter = Budgeter()

# Index a directory
for path, ftype, _ in walk_directory("./docs"):
    content = open(path).read()
    processor = get_processor(ftype)
    if not processor:
        continue
    compressed = processor.process(content, path)
    block = Block(
        path=path,
        content_hash=hashlib.sha256(content.encode()).hexdigest(),
        version=1,
        file_type=ftype,
        raw_tokens=count_tokens(content),
        compressed_tokens=count_tokens(compressed),
        compressed_content=compressed,
    )
    registry.add_block(block)

# Search and retrieve
results = registry.search("token compression", top_k=5)
print(f"Found {len(results)} results")

registry.close()
''',
}

GUIDE = (
    "# Token compression\n\nIt makes requests smaller. This is a sentence that explains.\n"
    "Never lose 3 facts.\n"
)


def given() -> dict[str, Any]:
    """What the pages take as given."""
    from tokenpak import Block

    return {
        "messages": [{"role": "user", "content": f"message {at}"} for at in range(12)],
        "content": "one  \n\n\n\ntwo",
        "text": "line of text\n" * 5000,
        "block": Block("docs/README.md", "abc", 1, "md", 1500, 450, "Token compression"),
        "state_json": '{"goal": "ship"}',
        "recent_turns": "user: hello\n" * 3000,
        "evidence_list": ["a fact", {"text": "another fact", "score": 0.9}],
        "tool_schemas": "[]",
    }


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "guide.md").write_text(GUIDE, encoding="utf-8")
    (docs / "data.json").write_text('{"tokens": [1, 2]}', encoding="utf-8")
    (docs / "logo.png").write_bytes(b"\x89PNG\0\0")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TOKENPAK_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(sys, "argv", ["tokenpak"])
    return tmp_path


def ran(name: str) -> dict[str, Any]:
    """The names of a program after it ran; its files are closed when they are forgotten."""
    namespace = given()
    exec(compile(PROGRAMS[name], name, "exec"), namespace)
    return namespace


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # the page's program leaves files open
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("name", PROGRAMS)
def test_every_program_runs_as_printed(name: str) -> None:
    names = ran(name)

    imported = {
        alias.asname or alias.name.partition(".")[0]
        for node in ast.walk(ast.parse(PROGRAMS[name]))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert imported <= set(names)
    if "collector" in names:
        names["collector"].stop()


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_integration_example_finds_what_it_indexed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    names = ran("integration")

    assert capsys.readouterr().out == "Found 2 results\n"
    assert names["results"][0].path.endswith("guide.md")
    assert names["results"][0].compressed_content == (
        "# Token compression\n\nIt makes requests smaller. Never lose 3 facts.\n"
    )


def test_the_hook_keeps_the_last_ten_messages() -> None:
    names = ran("hooks")

    assert [each["content"] for each in names["result"].messages][0] == "message 2"
    assert len(names["result"].messages) == 10


def test_the_figures_of_the_examples_come_back() -> None:
    assert ran("completions")["stats"]["cost_usd"] == 0.015
    assert ran("cache")["hit"] == {"response": "data"}
    assert ran("allocation")["allocation"] == {"docs/a.md#v1": 2000, "docs/b.md#v1": 2000}
    assert ran("registry")["stats"]["total_tokens"] == 1500
    assert ran("heuristic engine")["result"].endswith("more lines left out]")
    assert set(ran("budgeter")["trimmed"]) == {"state", "recent", "evidence", "tools"}


def test_a_repeated_turn_goes_as_the_page_shows() -> None:
    code = "".join(f"value_{at} = compute({at})\\n" for at in range(500))
    names: dict[str, Any] = {}
    before, after = DEDUP.replace("<500 lines>", code).split("# After dedup")
    exec(before, names)
    pipeline = names["messages"]
    exec(after, names)
    from tokenpak import CompressionPipeline

    assert CompressionPipeline(mode="strict").run(pipeline).messages == names["messages"]


def test_the_result_has_the_fields_of_the_page() -> None:
    (declared,) = ast.parse(RESULT).body
    assert isinstance(declared, ast.ClassDef)
    printed = [
        each.target.id
        for each in declared.body
        if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
    ]

    assert [each.name for each in fields(PipelineResult)][: len(printed)] == printed
    assert isinstance(PipelineResult.savings_pct, property)
