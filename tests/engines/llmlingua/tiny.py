"""A randomly initialised classifier of XLM-RoBERTa's architecture, of a few kilobytes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

HIDDEN, HEADS, INNER, LAYERS = 16, 2, 32, 2
POSITIONS = 50
WINDOW = POSITIONS - 2 - 2
"""Sub-words that it reads at once: without RoBERTa's offset of positions, without <s> and </s>."""

WORDS = (
    "The committee approved the new budget after a long debate about schools and roads . "
    "A speaker from the council explained that nobody had expected such a quick decision , "
    "and thanked everyone for coming to this remarkable meeting on a rainy evening in spring ."
)


class Graph:
    """Nodes and weights of a graph while it is written."""

    def __init__(self, seed: int) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []
        self._random = np.random.default_rng(seed)

    def add(self, kind: str, *inputs: str, **attributes: object) -> str:
        name = f"{kind.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def constant(self, value: object, kind: type = np.int64) -> str:
        name = f"weight_{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.array(value, dtype=kind), name))
        return name

    def random(self, *shape: int) -> str:
        return self.constant(self._random.normal(0, 0.6, shape), np.float32)

    def linear(self, value: str, inner: int, outer: int) -> str:
        product = self.add("MatMul", value, self.random(inner, outer))
        return self.add("Add", product, self.random(outer))

    def norm(self, value: str) -> str:
        ones, zeros = (self.constant(np.full(HIDDEN, each), np.float32) for each in (1.0, 0.0))
        return self.add("LayerNormalization", value, ones, zeros, axis=-1)

    def heads(self, value: str) -> str:
        """[batch, tokens, hidden] as [batch, heads, tokens, size of a head]."""
        split = self.constant([0, 0, HEADS, HIDDEN // HEADS])
        return self.add("Transpose", self.add("Reshape", value, split), perm=[0, 2, 1, 3])

    def layer(self, value: str, mask: str) -> str:
        query, key, values = (self.heads(self.linear(value, HIDDEN, HIDDEN)) for _ in range(3))
        scores = self.add("MatMul", query, self.add("Transpose", key, perm=[0, 1, 3, 2]))
        scale = self.constant((HIDDEN // HEADS) ** -0.5, np.float32)
        scores = self.add("Add", self.add("Mul", scores, scale), mask)
        mixed = self.add("MatMul", self.add("Softmax", scores, axis=-1), values)
        flat = self.add(
            "Reshape",
            self.add("Transpose", mixed, perm=[0, 2, 1, 3]),
            self.constant([0, 0, HIDDEN]),
        )
        value = self.norm(self.add("Add", value, self.linear(flat, HIDDEN, HIDDEN)))
        inner = self.add("Gelu", self.linear(value, HIDDEN, INNER))
        return self.norm(self.add("Add", value, self.linear(inner, INNER, HIDDEN)))


def graph(vocabulary: int, labels: int, kind: str, seed: int = 7) -> onnx.ModelProto:
    """Embeddings, layers of attention, a classifier: as transformers exports it."""
    names = ["input_ids", "attention_mask", *(["token_type_ids"] if kind == "bert" else [])]
    made = Graph(seed)
    length = made.add("Squeeze", made.add("Shape", "input_ids", start=1, end=2), made.constant([0]))
    places = made.add("Range", made.constant(0), length, made.constant(1))
    if kind == "xlm-roberta":
        places = made.add("Add", places, made.constant(2))
    value = made.add(
        "Add",
        made.add("Gather", made.random(vocabulary, HIDDEN), "input_ids"),
        made.add("Gather", made.random(POSITIONS, HIDDEN), places),
    )
    if kind == "bert":
        types = made.add("Gather", made.random(2, HIDDEN), "token_type_ids")
        value = made.add("Add", value, types)
    value = made.norm(value)
    hidden = made.add("Sub", made.constant(1), "attention_mask")
    hidden = made.add("Unsqueeze", hidden, made.constant([1, 2]))
    mask = made.add(
        "Mul", made.add("Cast", hidden, to=TensorProto.FLOAT), made.constant(-1e9, np.float32)
    )
    for _ in range(LAYERS):
        value = made.layer(value, mask)
    logits = made.linear(value, HIDDEN, labels)
    made.nodes.append(helper.make_node("Identity", [logits], ["logits"]))
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "tokens"])
        for name in names
    ]
    output = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", "tokens", labels])
    whole = helper.make_graph(made.nodes, "tiny", inputs, [output], made.weights)
    return helper.make_model(whole, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)


def tokenizer() -> Tokenizer:
    """Sub-words as XLM-RoBERTa has them: a blank belongs to the word behind it."""
    made = Tokenizer(models.Unigram())
    made.normalizer = normalizers.NFKC()
    made.pre_tokenizer = pre_tokenizers.Metaspace()
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    made.train_from_iterator(
        [WORDS] * 20,
        trainers.UnigramTrainer(
            vocab_size=120, special_tokens=special, unk_token="<unk>", show_progress=False
        ),
    )
    made.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return made


def build(
    folder: Path, labels: int = 2, name: str = "model.onnx", kind: str = "xlm-roberta"
) -> Path:
    """A model in *folder*, ready to be used; *kind* is xlm-roberta or bert."""
    folder.mkdir(parents=True, exist_ok=True)
    words = tokenizer()
    words.save(str(folder / "tokenizer.json"))
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    onnx.save(graph(words.get_vocab_size(), labels, kind), path)
    config = {"model_type": kind, "max_position_embeddings": POSITIONS}
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    return folder
