from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bodyworn.findings import plan
from tests.engine.fake_stages import FAST


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


Run = Callable[..., Ended]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs ``bodyworn`` with small stages in this process, on a library of the test."""
    monkeypatch.setattr(plan, "STAGES", tuple(replace(stage, seconds=0.0) for stage in FAST))
    monkeypatch.setenv("BODYWORN_WORKERS", "0")
    monkeypatch.setenv("BODYWORN_LIBRARY", str(tmp_path / "library"))
    monkeypatch.setenv("COLUMNS", "200")

    def ran(*arguments: object) -> Ended:
        from bodyworn.cli import main

        monkeypatch.setattr(sys, "argv", ["bodyworn", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            main()
        out, err = capsys.readouterr()
        return Ended(int(end.value.code or 0), out, err)

    return ran
