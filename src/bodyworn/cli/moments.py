"""The table of moments: when, which words, who, what kind, how sure, and on request what proposed it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bodyworn.cli.screen import is_narrow, show, show_table
from bodyworn.domain.finding import UnknownState
from bodyworn.domain.how_sure import how_sure
from bodyworn.domain.kind_words import KIND_MEANS
from bodyworn.domain.language import UNDETERMINED, language_name
from bodyworn.domain.measure import measured
from bodyworn.domain.span import clock

if TYPE_CHECKING:
    from bodyworn.findings.changes import AnalysisChanges

COLUMNS = ("time", "words", "role", "kind", "score")
#: Which stage and model proposed it; it takes much of a narrow screen.
MADE_BY = "made by"


def show_moments(*documents: Mapping[str, Any], verbose: bool = False) -> None:
    """Print the findings of each analysis and what could not be judged; ``verbose`` names what proposed them."""
    for document in documents:
        _show(document, verbose)


def _show(document: Mapping[str, Any], verbose: bool) -> None:
    recording = document["recording"]
    made_by = [(str(finding["made_by"]),) if verbose else () for finding in document["findings"]]
    rows = [(*moment_row(finding, verbose), *by) for finding, by in zip(document["findings"], made_by, strict=True)]
    title = f"{recording['name']}   {clock(recording['facts']['duration_ms'] or 0)}   {recording['id']}"
    if rows:
        show_table(title, (*COLUMNS, MADE_BY) if verbose else COLUMNS, _said_once(rows) if is_narrow() else rows)
    else:
        show(title)
        show("\nNo findings were proposed.")
    for span in document["unknown"]:
        show(f"unknown  {clock(span['start_ms'])} to {clock(span['end_ms'])}  {_state(span)}")
    for stage, why in document["not_made"].items():
        show(f"not made  {stage}: {why}")
    show("All findings are proposals of a machine until a person confirms them.")


def _state(span: Mapping[str, Any]) -> str:
    """``unintelligible``, ``not searched: Spanish``, ``unintelligible: another language (Vietnamese)``."""
    state, language = str(span["state"]).replace("_", " "), span.get("language")
    if not language:
        return state
    name = language_name(str(language))
    if span["state"] == UnknownState.NOT_SEARCHED:
        return f"{state}: {name}"
    return f"{state}: another language ({name})" if language != UNDETERMINED else f"{state}: {name}"


def show_changes(changed: AnalysisChanges, *, verbose: bool = False) -> None:
    """Print which roles and findings a correction changed."""
    from bodyworn.domain.codec import to_json

    for one in changed.roles:
        show(f"{one.speaker}: {one.before or 'not a speaker'} before, {one.after or 'not a speaker'} now")
    marked = [("new", changed.new), ("gone", changed.gone), ("now", changed.moved)]
    rows = [(word, *moment_row(to_json(finding), verbose)) for word, some in marked for finding in some]
    if rows:
        show_table(None, ("", *COLUMNS), sorted(rows, key=lambda row: (len(row[1]), row[1])))
    if not (rows or changed.roles):
        show("nothing changed")


def moment_row(finding: Mapping[str, Any], verbose: bool) -> tuple[str, ...]:
    """Time, words, role, kind and score of a finding as JSON."""
    evidence = finding["evidence"]
    kind = str(finding["kind"])
    words = str(evidence.get("quote") or "; ".join(evidence.get("words", ())))
    if not words:
        words = _measures(evidence.get("measures", {})) if verbose else f"({KIND_MEANS.get(kind, '').rstrip('.')})"
    return (
        clock(finding["start_ms"]),
        _answered(evidence) + words,
        str(finding["role"]),
        kind.replace("_", " "),
        score_and_word(kind, float(finding["score"])),
    )


def score_and_word(kind: str, score: float) -> str:
    """``0.72 likely``; the number alone for kinds whose scores only sort."""
    word = how_sure(kind, score)
    return f"{score:.2f}" if word is None else f"{score:.2f} {word.value}"


def _said_once(rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The rows without time and words where they are those of the row above, as on a narrow screen."""
    before = [("", ""), *(row[:2] for row in rows)]
    return [("", "", *row[2:]) if row[:2] == above else row for row, above in zip(rows, before, strict=False)]


def _answered(evidence: Mapping[str, Any]) -> str:
    """How long a need waited for its answer, or that none was heard; empty for findings that measure neither."""
    measures = evidence.get("measures", {})
    if "answer" in measures:
        return f"[{measures['answer']}] "
    return f"[after {measures['delay_ms'] / 1000:.1f} s] " if "delay_ms" in measures else ""


def _measures(measures: Mapping[str, Any]) -> str:
    """``louder_db: 7.5`` as ``louder 7.5 dB``."""
    return ", ".join(f"{name} {value}" for name, value in measured(measures))
