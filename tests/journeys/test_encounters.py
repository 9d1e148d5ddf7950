"""Two cameras at one stop, with sidecars and dispatch records: from files to one encounter that says what is known."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.media_makers import tone, wav_pcm

Run = Callable[..., subprocess.CompletedProcess[str]]

SIDECAR = """format = "json"
[fields]
started_at = "start"
dispatch_number = "cad"
unit = "car"
[clock]
times = ["started_at"]
"""
DISPATCH = """format = "csv"
[fields]
number = "Incident"
reason = "Nature"
outcome = "Disposition"
"""


def test_two_cameras_of_one_stop_become_one_encounter(bodyworn: Run, tmp_path: Path) -> None:
    (tmp_path / "side.toml").write_text(SIDECAR)
    for name, second, car in (("front", "00", "12"), ("rear", "01", "14")):
        wav_pcm(tmp_path / f"{name}.wav", [tone(3.0, hertz=300.0 if name == "front" else 500.0)])
        stated = {"start": f"2026-03-01T14:00:{second}-07:00", "cad": "26-0193", "car": car}
        (tmp_path / f"{name}.json").write_text(json.dumps(stated))
        sidecar = ("--sidecar", tmp_path / f"{name}.json", "--mapping", tmp_path / "side.toml")
        bodyworn("recordings", "add", tmp_path / f"{name}.wav", *sidecar)
    assert "because both have the dispatch number 26-0193" in bodyworn("encounters", "list").stdout
    bodyworn("encounters", "join", "front.wav", "rear.wav")
    (tmp_path / "calls.csv").write_text("Incident,Nature,Disposition\n26-0193,SPEEDING,warning\n26-0194,=1+1,none\n")
    (tmp_path / "calls.toml").write_text(DISPATCH)
    importing = ("encounters", "import", tmp_path / "calls.csv", "--mapping", tmp_path / "calls.toml")
    assert "formula" in bodyworn(*importing, fails=2).stdout
    bodyworn("encounters", "edit", "rear.wav", "--outcome", "citation", "--why", "the signed copy")
    shown = json.loads(bodyworn("encounters", "show", "front.wav", "--json", "-").stdout)
    assert [one["name"] for one in shown["members"]] == ["front.wav", "rear.wav"]
    assert {fact["value"] for fact in shown["facts"] if fact["kind"] == "unit"} == {"12", "14"}
    assert {fact["value"] for fact in shown["facts"] if fact["kind"] == "outcome"} == {"warning", "citation"}
    assert shown["disagree"] == ["outcome"]
    bodyworn("encounters", "split", "front.wav", "rear.wav", "--why", "two stops after all")
    assert "proposed" not in bodyworn("encounters", "list").stdout
    bodyworn("custody", "verify")
