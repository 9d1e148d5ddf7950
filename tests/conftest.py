"""Fixtures that many tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def shared_media() -> Path:
    """Folder of real media beside the checkout; skips where it is absent."""
    folder = SHARED / "media"
    if not folder.is_dir():
        pytest.skip("real media are not beside the checkout (../shared/media)")
    return folder


@pytest.fixture(scope="session")
def shared_benchmark() -> Path:
    """Folder of labeled transcripts beside the checkout; skips where it is absent."""
    folder = SHARED / "benchmark"
    if not folder.is_dir():
        pytest.skip("labeled data are not beside the checkout (../shared/benchmark)")
    return folder
