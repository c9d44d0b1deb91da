"""The model that tells words that matter: a token classifier in ONNX, found on this machine."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from math import exp
from pathlib import Path
from typing import TYPE_CHECKING

from tokenpak.errors import EngineUnavailable

if TYPE_CHECKING:
    from tokenizers import Tokenizer

INSTALL = "pip install 'tokenpak[ml]'"
_PACKAGES = ("numpy", "onnxruntime", "tokenizers")
# The smaller first: 8-bit weights are a quarter of the size, and faster on a CPU. The second name
# is the one that optimum gives; repositories of models often keep the graphs in a folder onnx.
_GRAPHS = tuple(
    folder + name
    for name in ("model_int8.onnx", "model_quantized.onnx", "model.onnx")
    for folder in ("", "onnx/")
)
_INPUTS = {"input_ids", "attention_mask", "token_type_ids"}
# What LLMLingua-2 was trained on.
MAX_WINDOW = 512
# RoBERTa's positions begin behind the one of the padding.
# https://huggingface.co/docs/transformers/model_doc/xlm-roberta
_OFFSET_POSITIONS = 2


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a model."""

    graph: Path
    tokenizer: Path
    config: Path


@dataclass(frozen=True, slots=True)
class Tokens:
    """The sub-words of a text without special ones: numbers, and where each stands in the text."""

    ids: Sequence[int]
    spans: Sequence[tuple[int, int]]


def missing_packages() -> str | None:
    """What must be installed; None if all is there."""
    missing = [each for each in _PACKAGES if find_spec(each) is None]
    if not missing:
        return None
    return f"the engine 'llmlingua' needs {', '.join(missing)}: {INSTALL}"


def locate(name: str | Path) -> Files:
    """The files of the model in the folder *name*, or in the local cache under that name.

    Nothing is ever downloaded. Raises EngineUnavailable naming what was looked for and what to do.
    """
    folder = Path(name).expanduser()
    if not folder.is_dir():
        folder = _cached(str(name))
    graph = next((folder / each for each in _GRAPHS if (folder / each).is_file()), None)
    if graph is None:
        raise EngineUnavailable(
            f"{folder}: no {', '.join(_GRAPHS)}; convert the model as docs/engines.md shows: "
            "optimum-cli export onnx --task token-classification"
        )
    files = Files(graph, folder / "tokenizer.json", folder / "config.json")
    if not files.tokenizer.is_file():
        raise EngineUnavailable(f"{folder}: no tokenizer.json; copy it from where the model was")
    return files


def _cached(name: str) -> Path:
    from huggingface_hub import snapshot_download

    try:
        # FileNotFoundError: not in the cache; ValueError: no name of a repository.
        return Path(snapshot_download(name, local_files_only=True))
    except (OSError, ValueError) as error:
        raise EngineUnavailable(
            f"the LLMLingua-2 model {name!r} is neither a folder nor in the local Hugging Face "
            f"cache; nothing is downloaded unasked: hf download {name}"
        ) from error


class Model:
    """A token classifier with two labels, the second of which says that a token stays.

    `window` is the most sub-words that it reads at once, special ones aside.
    """

    def __init__(
        self,
        tokenizer: Tokenizer,
        run: Callable[[list[int]], list[tuple[float, float]]],
        max_length: int,
    ) -> None:
        self._tokenizer = tokenizer
        self._run = run
        encoded = tokenizer.encode("")
        # A template without text is what stands before it and behind it: <s></s>, [CLS][SEP].
        self._before, self._after = encoded.ids[:1], encoded.ids[1:]
        self.window = max_length - len(encoded.ids)

    def tokens(self, text: str) -> Tokens:
        """The sub-words of *text*."""
        encoded = self._tokenizer.encode(text, add_special_tokens=False)
        return Tokens(encoded.ids, encoded.offsets)

    def keep(self, ids: Sequence[int]) -> list[float]:
        """For each of *ids*, one window, the probability that it stays."""
        labels = self._run([*self._before, *ids, *self._after])
        inner = labels[len(self._before) : len(self._before) + len(ids)]
        return [1 / (1 + exp(max(-700.0, min(700.0, drop - stay)))) for drop, stay in inner]


@lru_cache(maxsize=2)
def load(files: Files) -> Model:
    """The model of *files*, kept in memory for the next caller.

    Raises EngineUnavailable naming the file if it is not what it should be.
    """
    if reason := missing_packages():
        raise EngineUnavailable(reason)
    from tokenizers import Tokenizer

    try:
        # The package raises plain exceptions, of which only the text tells more.
        tokenizer = Tokenizer.from_file(str(files.tokenizer))
    except Exception as error:
        raise EngineUnavailable(f"{files.tokenizer}: cannot be read: {error}") from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return Model(tokenizer, _session(files.graph), _max_length(files.config))


def _session(path: Path) -> Callable[[list[int]], list[tuple[float, float]]]:
    """A function from numbers of sub-words to the two logits of each."""
    import numpy as np
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    # Sums are added up in the same order on every run.
    options.use_deterministic_compute = True
    try:
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the errors of the package have no common class
        raise EngineUnavailable(f"{path}: is no ONNX graph that can be run: {error}") from error
    inputs = {each.name for each in session.get_inputs()}
    shape = session.get_outputs()[0].shape
    if "input_ids" not in inputs or inputs - _INPUTS or len(shape) != 3 or shape[2] != 2:
        raise EngineUnavailable(
            f"{path}: takes {sorted(inputs)} and gives a shape of {shape}; expected a token "
            f"classifier of BERT's kind, which takes {sorted(_INPUTS)} and gives two labels a token"
        )

    def run(ids: list[int]) -> list[tuple[float, float]]:
        values = {
            "input_ids": np.array([ids], dtype=np.int64),
            "attention_mask": np.ones((1, len(ids)), dtype=np.int64),
            "token_type_ids": np.zeros((1, len(ids)), dtype=np.int64),
        }
        (logits, *_) = session.run(None, {name: values[name] for name in inputs})
        return [(float(drop), float(stay)) for drop, stay in logits[0]]

    return run


def _max_length(config: Path) -> int:
    """The most tokens, special ones included, that the model of *config* reads at once."""
    try:
        values = json.loads(config.read_text("utf-8"))
        positions = int(values["max_position_embeddings"])
    except FileNotFoundError:
        return MAX_WINDOW
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise EngineUnavailable(
            f"{config}: max_position_embeddings: {error!r}; expected the config.json of the model"
        ) from error
    if "roberta" in str(values.get("model_type", "")):
        positions -= _OFFSET_POSITIONS
    return min(MAX_WINDOW, positions)
