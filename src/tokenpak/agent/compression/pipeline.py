"""Published address of `tokenpak.compression.pipeline`."""

from tokenpak.compression.pipeline import CompressionPipeline, PipelineResult

__all__ = ["CompressionPipeline", "PipelineResult"]
