"""Conversations with their cues, as the stages before hand them over."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bodyworn.domain.finding import Unknown
from bodyworn.domain.progress import no_progress
from bodyworn.domain.span import Span
from bodyworn.engine.stage import Inputs
from bodyworn.findings.artifacts.cues import CueRow
from bodyworn.findings.artifacts.transcript import TimedWord
from bodyworn.findings.artifacts.utterances import Utterance
from bodyworn.findings.stages.derived import STAGE
from tests.findings import contents

#: role, start in seconds, text, kinds
Turn = tuple[str, float, str, tuple[str, ...]]


def said(*turns: Turn) -> tuple[list[Utterance], list[CueRow]]:
    """Utterances of 0.3 s a word and their cue rows."""
    utterances, rows = [], []
    for i, (role, start, text, kinds) in enumerate(turns):
        at = int(start * 1000)
        words = tuple(
            TimedWord(Span(at + n * 300, at + n * 300 + 280), word, 0.9) for n, word in enumerate(text.split())
        )
        span = Span(at, words[-1].span.end_ms)
        utterances.append(Utterance(i, span, f"S-{role}", role, 0.8, text, 0.9, words))
        rows.append(CueRow(i, kinds, dict.fromkeys(kinds, 0.7), {kind: (kind.upper(),) for kind in kinds}))
    return utterances, rows


def derive(tmp_path: Path, *turns: Turn, unknown: Iterable[Unknown] = ()) -> dict[str, list[dict[str, Any]]]:
    """What the stage finds, by kind, as JSON."""
    utterances, rows = said(*turns)
    artifacts = {
        "audio": contents.audio(unknown=unknown),
        "transcript": contents.transcript(),
        "utterances": contents.utterances(utterances),
        "cues": contents.cues(rows),
    }
    made = STAGE.run(Inputs(tmp_path / "none", artifacts, STAGE.defaults, tmp_path), no_progress)
    found: dict[str, list[dict[str, Any]]] = {}
    for finding in made.data["findings"]:
        found.setdefault(finding["kind"], []).append(finding)
    return found
