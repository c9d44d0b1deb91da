"""What each form is worth on recorded conversations, alone and in the pipeline.

    python benchmarks/forms.py FOLDER [--json]

FOLDER as in `packing.py`. `alone` is the share of all tokens of the conversations (as they stand at
their last turn) that the form saves by itself, `in pack` what it saves there beside the others,
`ms/MB` the time of its `apply` over the tool results, measured in the same run.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from packing import request_of

from tokenpak.canonical import Part
from tokenpak.compression.packer import Packer
from tokenpak.compression.select import Plan, plan
from tokenpak.forms import FORMS
from tokenpak.settings import load
from tokenpak.wire import get_adapter

PACK = plan(load({}), Path("/raw"))
REFERENCES = "references"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    totals: Counter[str] = Counter()
    alone: Counter[str] = Counter()
    together: Counter[str] = Counter()
    seconds: Counter[str] = Counter()
    for file in sorted(Path(options.folder).glob("*.json")):
        parts = _parts(json.loads(file.read_text(encoding="utf-8")))
        totals["tokens"] += Packer().tokens(parts)
        totals["bytes"] += sum(len(p.text) for p in parts if p.kind == "tool_result")
        together.update(Packer().pack(parts, PACK).saved_by)
        for name in FORMS:
            alone[name] += Packer().pack(parts, Plan("pack", (name,), False, 4500)).saved_tokens
            started = time.perf_counter()
            for part in parts:
                if part.kind == "tool_result":
                    FORMS[name].apply(part.text, part)
            seconds[name] += time.perf_counter() - started
        alone[REFERENCES] += Packer().pack(parts, Plan("pack", (), True, 4500)).saved_tokens
    if options.json:
        print(json.dumps({"totals": totals, "alone": alone, "in_pack": together}))
        return
    print(f"{'':12} {'alone':>8} {'in pack':>8} {'ms/MB':>7}   ({totals['tokens']:,} tokens)")
    for name in sorted(alone | together, key=lambda each: -max(alone[each], together[each])):
        shares = [100 * each[name] / totals["tokens"] for each in (alone, together)]
        pace = f"{seconds[name] * 1e9 / totals['bytes']:7.1f}" if name in seconds else ""
        print(f"{name:12} {shares[0]:7.2f}% {shares[1]:7.2f}% {pace}")


def _parts(session: dict[str, object]) -> Sequence[Part]:
    wire = "anthropic" if session["format"] == "anthropic" else "openai_chat"
    return get_adapter(wire).decode_request(request_of(session)).parts


if __name__ == "__main__":
    main()
