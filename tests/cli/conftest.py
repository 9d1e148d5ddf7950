from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bodyworn.findings import plan
from tests.engine.fake_stages import FAST
from tests.makers.commands import CommandRunner


@pytest.fixture
def run(run_command: CommandRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandRunner:
    """Runs ``bodyworn`` with small stages in this process, on a library of the test and a wide screen."""
    monkeypatch.setattr(plan, "STAGES", tuple(replace(stage, seconds=0.0) for stage in FAST))
    monkeypatch.setenv("BODYWORN_WORKERS", "0")
    monkeypatch.setenv("BODYWORN_LIBRARY", str(tmp_path / "library"))
    monkeypatch.setenv("COLUMNS", "200")
    return run_command
