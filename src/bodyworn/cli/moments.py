"""The table of moments: when, who, what kind, which words, how sure, and what proposed it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bodyworn.cli.screen import show_table
from bodyworn.domain.span import clock

COLUMNS = ("time", "role", "kind", "words", "score", "made by")


def show_moments(document: Mapping[str, Any]) -> None:
    """Print the findings of one analysis, and plainly what could not be judged."""
    recording = document["recording"]
    rows = [_row(finding) for finding in document["findings"]]
    title = f"{recording['name']}   {clock(recording['facts']['duration_ms'] or 0)}   {recording['id']}"
    show_table(title, COLUMNS, rows)
    if not rows:
        print("No findings were proposed.")
    for span in document["unknown"]:
        print(f"unknown  {clock(span['start_ms'])} to {clock(span['end_ms'])}  {span['state'].replace('_', ' ')}")
    for stage, why in document["not_made"].items():
        print(f"not made  {stage}: {why}")
    print("All findings are proposals of a machine until a person has looked.")


def _row(finding: Mapping[str, Any]) -> tuple[str, ...]:
    evidence = finding["evidence"]
    words = str(
        evidence.get("quote") or "; ".join(evidence.get("words", ())) or _measures(evidence.get("measures", {}))
    )
    return (
        clock(finding["start_ms"]),
        str(finding["role"]),
        str(finding["kind"]).replace("_", " "),
        words,
        f"{finding['score']:.2f}",
        str(finding["made_by"]),
    )


def _measures(measures: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in measures.items())
