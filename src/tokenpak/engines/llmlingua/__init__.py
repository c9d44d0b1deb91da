"""The engine by a model: LLMLingua-2 tells which words matter, the others go."""

from tokenpak.engines.llmlingua.engine import Compressed, LLMLinguaEngine

__all__ = ["Compressed", "LLMLinguaEngine"]
