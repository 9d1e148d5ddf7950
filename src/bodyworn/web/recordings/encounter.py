"""All that the encounter page shows, computed once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bodyworn.domain.recording import Recording
from bodyworn.web.findings.document import Document
from bodyworn.web.findings.queries import AnalysisSnapshot, StageRow
from bodyworn.web.recordings import media, transcript, unknowns
from bodyworn.web.recordings.cards import Card, Fact, cards, counts, facts


@dataclass(frozen=True)
class VoiceRow:
    """One voice: the role it was given, how sure that is, why, and how many lines of the transcript it speaks."""

    speaker: str
    role: str
    confidence: float
    because: tuple[str, ...]
    lines: int


@dataclass(frozen=True)
class EncounterPage:
    """What ``encounter.html`` shows. ``failed`` are the stages that did not make it, ``pending`` those still to run.

    ``heard`` is false where the file has no sound, ``silent`` is true where nothing of it could be heard.
    """

    duration_ms: int
    playable: media.Playable
    poster: bool
    summary: unknowns.Summary
    lines: tuple[transcript.TranscriptRow | transcript.TranscriptGap, ...]
    cards: tuple[Card, ...]
    counts: Mapping[str, int | None]
    facts: tuple[Fact, ...]
    voices: tuple[VoiceRow, ...]
    recorded_at: str | None
    failed: tuple[StageRow, ...]
    pending: tuple[StageRow, ...]
    heard: bool
    silent: bool
    spoken: bool
    proposals: int
    not_made: Mapping[str, str]


def ready(steps: Sequence[StageRow]) -> bool:
    """Whether there is something to show: words or pictures are analyzed and nothing is at work any more."""
    states = {step.stage: step.state for step in steps}
    shown = any(states.get(stage) == "done" for stage in ("utterances", "sight"))
    return shown and "running" not in states.values()


def duration_ms(recording: Recording, document: Document) -> int:
    """Length of the recording; where the container does not say, the end of the last thing found in it."""
    known = int(recording.facts.get("duration_ms") or 0)
    rows = [*document.get("utterances", ()), *document.get("findings", ()), *document.get("unknown", ())]
    return known or max((row["end_ms"] for row in rows), default=0)


def encounter(snapshot: AnalysisSnapshot, original: Path) -> EncounterPage:
    """Everything of one recording for its page; ``original`` is its file."""
    recording, document = snapshot.recording, snapshot.document
    length = duration_ms(recording, document)
    summary = unknowns.summarize(document.get("unknown", ()), length)
    shown = tuple(cards(document))
    sight = snapshot.artifact("sight")
    playable = media.playable(snapshot, original)
    return EncounterPage(
        duration_ms=length,
        playable=playable,
        poster=sight is not None and "poster.jpg" in sight.files,
        summary=summary,
        lines=tuple(transcript.lines(document, summary.spans)),
        cards=shown,
        counts=counts(document.get("findings", ()), document.get("made_by", {}), summary, length),
        facts=tuple(facts(shown)),
        voices=_voices(document),
        recorded_at=recording.facts.get("recorded_at"),
        failed=tuple(step for step in snapshot.steps if step.state == "failed"),
        pending=tuple(step for step in snapshot.steps if step.state in ("ready", "running", "waiting")),
        heard=playable.has_audio,
        silent=unknowns.all_of_it(summary.unheard_ms, length),
        spoken=bool(document.get("utterances")),
        proposals=len(document.get("findings", ())),
        not_made=document.get("not_made", {}),
    )


def _voices(document: Document) -> tuple[VoiceRow, ...]:
    lines = Counter(one.get("speaker") for one in document.get("utterances", ()))
    return tuple(
        VoiceRow(speaker, told["role"], told["confidence"], tuple(told.get("because") or ()), lines[speaker])
        for speaker, told in sorted((document.get("speakers") or {}).items())
    )
