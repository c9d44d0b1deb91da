"""The real Gemini CLI works through the proxy: Google's format as its own client speaks it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.e2e import agents
from tests.e2e.answers import Turn
from tests.e2e.process import serve
from tests.e2e.upstream import Upstream

SETTINGS = {
    "security": {"auth": {"selectedType": "gemini-api-key"}},
    "privacy": {"usageStatisticsEnabled": False},
    "telemetry": {"enabled": False},
    "general": {"disableAutoUpdate": True, "disableUpdateNag": True},
}


def test_gemini_cli_works_through_the_proxy(upstream: Upstream, tmp_path: Path) -> None:
    gemini = agents.executable("gemini", "@google/gemini-cli")
    folder = agents.workspace(tmp_path / "work")
    long, short = str(folder / "src" / "decoder.py"), str(folder / "src" / "answer.py")
    edit = {"file_path": short, "old_string": "41", "new_string": "42", "instruction": "correct"}
    upstream.script.turns = [
        Turn(tool="read_file", arguments={"file_path": long}),
        Turn(tool="grep_search", arguments={"pattern": "def "}),
        Turn(tool="read_file", arguments={"file_path": long}),
        Turn(tool="read_file", arguments={"file_path": short}),
        Turn(tool="replace", arguments=edit),
        Turn(tool="read_file", arguments={"file_path": long}),
        Turn(text="Edited: the answer is 42 now."),
    ]
    settings = tmp_path / "home" / ".gemini" / "settings.json"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps(SETTINGS), encoding="utf-8")
    with serve(tmp_path / "tokenpak", upstream.url) as proxy:
        said = agents.run(
            # A model by its name, else another one is asked first which to take.
            [gemini, "-m", "gemini-2.5-pro", "-p", "Correct it.", "--yolo", "--skip-trust"],
            folder,
            tmp_path / "home",
            GOOGLE_GEMINI_BASE_URL=proxy.url,
            GEMINI_API_KEY="AIza-e2e",
        )
        asked = upstream.asked(":streamGenerateContent")
        contents = [each["contents"] for each in agents.bodies(asked)]

        assert said.strip().endswith("Edited: the answer is 42 now.")
        assert (folder / "src" / "answer.py").read_text() == "ANSWER = 42\n"
        assert len(contents) == len(upstream.script.turns)
        agents.assert_prefix_kept(contents)
        parts = [part for content in contents[-1] for part in content["parts"]]
        called = [part["functionCall"]["id"] for part in parts if "functionCall" in part]
        responses = [part["functionResponse"] for part in parts if "functionResponse" in part]
        assert [each["id"] for each in responses] == called
        assert {each.fields[b"x-goog-api-key"] for each in asked} == {b"AIza-e2e"}
        agents.assert_saved(proxy, "gemini-cli", [each["response"]["output"] for each in responses])
