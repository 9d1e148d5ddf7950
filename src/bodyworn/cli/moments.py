"""The table of moments: when, who, what kind, which words, how sure, and what proposed it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bodyworn.cli.screen import show, show_table
from bodyworn.domain.measure import measured
from bodyworn.domain.span import clock

COLUMNS = ("time", "role", "kind", "words", "score", "made by")


def show_moments(*documents: Mapping[str, Any]) -> None:
    """Print the findings of each analysis, and plainly what could not be judged."""
    for document in documents:
        _show(document)


def _show(document: Mapping[str, Any]) -> None:
    recording = document["recording"]
    rows = [_row(finding) for finding in document["findings"]]
    title = f"{recording['name']}   {clock(recording['facts']['duration_ms'] or 0)}   {recording['id']}"
    if rows:
        show_table(title, COLUMNS, rows)
    else:
        show(title)
        show("\nNo findings were proposed.")
    for span in document["unknown"]:
        show(f"unknown  {clock(span['start_ms'])} to {clock(span['end_ms'])}  {span['state'].replace('_', ' ')}")
    for stage, why in document["not_made"].items():
        show(f"not made  {stage}: {why}")
    show("All findings are proposals of a machine until a person confirms them.")


def _row(finding: Mapping[str, Any]) -> tuple[str, ...]:
    evidence = finding["evidence"]
    words = str(
        evidence.get("quote") or "; ".join(evidence.get("words", ())) or _measures(evidence.get("measures", {}))
    )
    return (
        clock(finding["start_ms"]),
        str(finding["role"]),
        str(finding["kind"]).replace("_", " "),
        _answered(evidence) + words,
        f"{finding['score']:.2f}",
        str(finding["made_by"]),
    )


def _answered(evidence: Mapping[str, Any]) -> str:
    """How long a need waited for its answer, or that none was heard; empty for findings that measure neither."""
    measures = evidence.get("measures", {})
    if "answer" in measures:
        return f"[{measures['answer']}] "
    return f"[after {measures['delay_ms'] / 1000:.1f} s] " if "delay_ms" in measures else ""


def _measures(measures: Mapping[str, Any]) -> str:
    """``louder_db: 7.5`` as ``louder 7.5 dB``."""
    return ", ".join(f"{name} {value}" for name, value in measured(measures))
