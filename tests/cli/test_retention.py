"""The commands of retention, holds and disposals, as they are typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bodyworn.bootstrap import open_library
from bodyworn.cli.reference.json_shapes import SHAPES
from tests.makers.cameras import filmed
from tests.makers.commands import CommandRunner
from tests.retention.test_rules import rule


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "rules.toml"
    path.write_text(rule("*", "warning", 1, 'counted_from = "recorded"'))
    return path


@pytest.fixture
def two(tmp_path: Path, run: CommandRunner) -> tuple[str, str]:
    assert run
    with open_library(tmp_path / "library", create=True) as library:
        return filmed(library, "old", outcome="warning").id, filmed(library, "front", after_s=9).id


def test_from_rules_to_a_certificate(run: CommandRunner, rules: Path, two: tuple[str, str], tmp_path: Path) -> None:
    old, kept = two
    assert "no rule is for any category" in run.well("retention", "check", rules).out
    shown = run.well("retention", "plan", "--rules", rules).out
    assert f"would go  {old}" in shown
    assert f"kept      {kept}" in shown
    assert "no rule covers" in shown
    hold = json.loads(
        run.well("holds", "place", "old.wav", "--reason", "Case 26", "--holder", "Court", "--json", "-").out
    )
    assert "Court: Case 26" in run.well("retention", "plan", "--rules", rules).out
    refused = run("disposals", "propose", "old.wav", "--rules", rules)
    assert refused.code == 7
    assert "under legal hold" in refused.err
    run.well("holds", "release", hold["id"], "--why", "closed")
    assert "closed" in run.well("holds", "list").out
    made = json.loads(run.well("disposals", "propose", "--rules", rules, "--json", "-").out)
    disposal = made["id"]
    assert [item["recording"] for item in made["items"]] == [old]
    early = run("disposals", "execute", disposal)
    assert "Two different people have to approve it: bodyworn disposals approve" in early.err
    run.well("disposals", "approve", disposal, "--as", "Ana Reyes")
    assert "has approved" in run("disposals", "approve", disposal, "--as", "ana  reyes").err
    run.well("disposals", "approve", disposal, "--as", "Bo Lind", "--note", "looked")
    assert "approved" in run.well("disposals", "list").out
    assert "certificate" in run.well("disposals", "execute", disposal).out
    assert "left a tombstone" in run.well("disposals", "show", disposal).out
    run.well("disposals", "certificate", disposal, "--out", tmp_path / "out")
    text = (tmp_path / "out" / f"{disposal}.txt").read_text()
    assert "Ana Reyes" in text
    assert "Bo Lind" in text
    assert json.loads((tmp_path / "out" / f"{disposal}.json").read_text())["proof"]["checkpoint"]
    assert old not in run.well("recordings", "list", "--verbose").out
    assert disposal in run.well("recordings", "list", "--disposed").out
    gone = run("recordings", "show", old)
    assert "was disposed of on" in gone.err
    assert f"bodyworn disposals show {disposal}" in gone.err
    assert "The audit log holds" in run.well("custody", "verify").out


@pytest.mark.parametrize("command", [one for one in SHAPES if one.startswith(("retention", "holds", "disposals"))])
def test_the_json_has_the_documented_keys(run: CommandRunner, rules: Path, two: tuple[str, str], command: str) -> None:
    assert two
    hold = json.loads(run.well("holds", "place", two[1], "--reason", "a", "--holder", "b", "--json", "-").out)["id"]
    disposal = json.loads(run.well("disposals", "propose", "--rules", rules, "--json", "-").out)["id"]
    if command.endswith(("execute", "certificate")):
        for who in ("Ana", "Bo"):
            run.well("disposals", "approve", disposal, "--as", who)
    if command.endswith("certificate"):
        run.well("disposals", "execute", disposal)
    asked: dict[str, tuple[object, ...]] = {
        "retention check": (rules,),
        "retention plan": ("--rules", rules),
        "holds place": (two[0], "--reason", "a", "--holder", "b"),
        "holds release": (hold, "--why", "c"),
        "disposals propose": ("--rules", rules),
        "disposals withdraw": (disposal, "--why", "c"),
    }
    given = asked.get(command, () if command.endswith("list") else (disposal,))
    text = run.well(*command.split(), *given, "--json", "-").out
    document = json.loads(text.splitlines()[0] if SHAPES[command].lines else text)
    assert set(document) == set(SHAPES[command].keys)
