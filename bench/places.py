"""Where things lie: this checkout, its sources, and the real media and labeled data beside it."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SRC = ROOT / "src"
SHARED = ROOT.parent / "shared"
MEDIA = SHARED / "media"
ENCOUNTERS = SHARED / "benchmark"
