from __future__ import annotations

import json
import shutil
import subprocess
import sys
from math import exp
from pathlib import Path

import pytest
from onnxruntime.quantization import quantize_dynamic

from tests.engines.llmlingua import tiny
from tokenpak.engines.llmlingua import model
from tokenpak.errors import EngineUnavailable


def loaded(folder: Path) -> model.Model:
    return model.load(model.locate(folder))


def test_gives_a_probability_for_each_sub_word(folder: Path) -> None:
    found = loaded(folder)
    tokens = found.tokens(tiny.WORDS)
    ids = tokens.ids[: found.window]

    keep = found.keep(ids)

    assert len(keep) == len(ids) == tiny.WINDOW
    assert all(0 < each < 1 for each in keep)
    assert len(set(keep)) > len(keep) // 2
    assert found.keep(ids) == keep


def test_the_second_label_says_that_a_sub_word_stays() -> None:
    logits = [(0.0, 0.0), (0.0, 3.0), (3.0, 0.0), (-900.0, 900.0), (0.0, 0.0)]
    found = model.Model(tiny.tokenizer(), lambda ids: logits, 8)

    assert found.keep([7, 8, 9]) == pytest.approx([1 / (1 + exp(-3)), 1 / (1 + exp(3)), 1])


def test_what_stands_before_in_the_window_counts(folder: Path) -> None:
    found = loaded(folder)
    ids = found.tokens(tiny.WORDS).ids

    assert found.keep(ids[:20])[10:] != found.keep(ids[10:20])


def test_tokens_say_where_they_stand(folder: Path) -> None:
    text = "The council \n decided."

    tokens = loaded(folder).tokens(text)

    assert len(tokens.ids) == len(tokens.spans)
    covered = {at for start, end in tokens.spans for at in range(start, end)}
    assert {at for at, char in enumerate(text) if not char.isspace()} <= covered


def test_a_model_of_8_bits_goes_first_and_agrees(folder: Path, tmp_path: Path) -> None:
    both = tmp_path / "both"
    shutil.copytree(folder, both)
    quantize_dynamic(both / "model.onnx", both / "model_int8.onnx")
    ids = loaded(folder).tokens(tiny.WORDS).ids[:30]

    assert model.locate(both).graph.name == "model_int8.onnx"
    exact, short = loaded(folder).keep(ids), loaded(both).keep(ids)
    assert exact != short
    assert max(abs(a - b) for a, b in zip(exact, short, strict=True)) < 0.15


@pytest.mark.parametrize("name", ["onnx/model.onnx", "model_quantized.onnx"])
def test_finds_the_graph_where_others_put_it(tmp_path: Path, name: str) -> None:
    assert model.locate(tiny.build(tmp_path, name=name)).graph == tmp_path / name


def test_a_model_of_bert_s_kind_has_all_its_positions_and_types(tmp_path: Path) -> None:
    found = loaded(tiny.build(tmp_path, kind="bert"))

    assert found.window == tiny.POSITIONS - 2
    assert len(found.keep(found.tokens(tiny.WORDS).ids[: found.window])) == found.window


def test_a_model_without_a_config_reads_512_sub_words(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    (tmp_path / "config.json").unlink()

    assert loaded(tmp_path).window == 510


def test_a_model_never_reads_more_than_it_was_trained_on(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    (tmp_path / "config.json").write_text(json.dumps({"max_position_embeddings": 8194}), "utf-8")

    assert loaded(tmp_path).window == 510


def test_a_name_is_looked_for_in_the_local_cache(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    snapshot = tmp_path / "models--acme--lingua" / "snapshots" / ("a" * 40)
    shutil.copytree(folder, snapshot)
    refs = snapshot.parents[1] / "refs"
    refs.mkdir()
    (refs / "main").write_text("a" * 40, "utf-8")

    assert model.locate("acme/lingua").graph == snapshot / "model.onnx"


@pytest.mark.parametrize("name", ["acme/nosuch", "/no/such/folder", "a b", "../x"])
def test_what_is_not_there_is_never_downloaded(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(EngineUnavailable, match=f"{name}' is neither .* hf download {name}"):
        model.locate(name)


def test_a_folder_without_a_graph_says_how_to_convert(tmp_path: Path) -> None:
    with pytest.raises(EngineUnavailable, match="no model_int8.onnx, .* optimum-cli export"):
        model.locate(tmp_path)
    (tmp_path / "model.onnx").write_bytes(b"")
    with pytest.raises(EngineUnavailable, match="no tokenizer.json"):
        model.locate(tmp_path)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("model.onnx", b"x", "model.onnx: is no ONNX graph"),
        ("tokenizer.json", b"{}", "tokenizer.json: cannot be read"),
        ("config.json", b"{}", "config.json: max_position_embeddings: KeyError"),
        ("config.json", b"[", "config.json: max_position_embeddings: JSONDecodeError"),
    ],
)
def test_a_damaged_file_is_named(
    folder: Path, tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    (tmp_path / name).write_bytes(content)

    with pytest.raises(EngineUnavailable, match=message):
        loaded(tmp_path)


def test_a_classifier_of_other_labels_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EngineUnavailable, match="expected a token classifier .* two labels"):
        loaded(tiny.build(tmp_path, labels=3))


def test_missing_packages_are_named_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    there = model.find_spec

    monkeypatch.setattr(model, "find_spec", lambda name: None if name == "numpy" else there(name))

    assert model.missing_packages() == (
        "the engine 'llmlingua' needs numpy: pip install 'tokenpak[ml]'"
    )


def test_the_engine_loads_the_extra_only_when_it_is_made() -> None:
    script = (
        "import sys, tokenpak.engines.llmlingua as it\n"
        "it.LLMLinguaEngine.unavailable()\n"
        "print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert "tokenpak.engines.llmlingua.model" in done.stdout.split()
    assert not {"numpy", "onnxruntime", "tokenizers"} & set(done.stdout.split())
