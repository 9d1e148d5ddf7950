"""``timeline.json`` as it goes over the wire: times, and why each finding was proposed, in tables.

There may be thousands of rows, so a row is an array; its columns are named once, and ``pages/encounter/decode.js``
makes objects of them. A column is added here, and read by its name there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bodyworn.domain.codec import Json
from bodyworn.domain.finding import Family
from bodyworn.web import wording
from bodyworn.web.findings.document import UtteranceEntry
from bodyworn.web.findings.queries import AnalysisSnapshot
from bodyworn.web.recordings import cards, encounter, media, transcript, unknowns


@dataclass(frozen=True)
class WireTable:
    """Rows of values in the order of ``columns``."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Json, ...], ...]


@dataclass(frozen=True)
class Timeline:
    """All that the timeline, the transcript and the cards need besides the page itself.

    Times are milliseconds. ``words`` of an utterance are triples: start, length, number of characters; those of a
    finding are what it rests on. ``means`` says of each kind that was found what it means, by its name.
    """

    duration_ms: int
    frame_ms: float
    families: tuple[str, ...]
    utterances: WireTable
    findings: WireTable
    means: Mapping[str, str]
    unknown: WireTable
    peaks_step_ms: int | None
    thumbnails: Json


def encoded(timeline: Timeline) -> bytes:
    """As JSON in UTF-8. Rows hold JSON values already, so only the shapes around them are turned into objects."""
    return json.dumps(timeline, default=vars, ensure_ascii=False, separators=(",", ":")).encode()


def timeline_of(snapshot: AnalysisSnapshot) -> Timeline:
    """The times of one recording; findings stand in time order, with the card that shows them."""
    document = snapshot.document
    length = encounter.duration_ms(snapshot.recording, document)
    kinds = sorted({one["kind"] for one in document["findings"]})
    audio, sight = snapshot.artifact("audio"), snapshot.artifact("sight")
    peaks = audio.data.get("peaks") if audio is not None else None
    return Timeline(
        duration_ms=length,
        frame_ms=media.frame_ms(snapshot.recording),
        families=tuple(family.value for family in Family),
        utterances=_utterances(document["utterances"]),
        findings=_findings(cards.cards(document)),
        means={wording.kind_name(kind): wording.kind_means(kind) for kind in kinds},
        unknown=_unknown(unknowns.summarize(document["unknown"], length)),
        peaks_step_ms=peaks["step_ms"] if peaks else None,
        thumbnails=sight.data["thumbnails"] if sight is not None and "thumbnails.jpg" in sight.files else None,
    )


def _utterances(said: Sequence[UtteranceEntry]) -> WireTable:
    return WireTable(
        ("i", "start", "end", "role", "words"),
        tuple(
            (one["i"], one["start_ms"], one["end_ms"], wording.role_name(one["role"]), transcript.timing(one))
            for one in said
        ),
    )


def _findings(shown: Sequence[cards.Card]) -> WireTable:
    rows = sorted(((one, card) for card in shown for one in card.proposals), key=lambda row: row[0].n)
    return WireTable(
        ("start", "end", "family", "score", "kind", "role", "card", "words", "measures", "made"),
        tuple(
            (
                one.start_ms,
                one.end_ms,
                one.family,
                one.score,
                wording.kind_name(one.kind),
                wording.role_name(one.role) if one.role else "",
                card.n,
                one.carried,
                one.measures,
                one.made_by,
            )
            for one, card in rows
        ),
    )


def _unknown(summary: unknowns.Summary) -> WireTable:
    return WireTable(
        ("start", "end", "words", "unheard"),
        tuple((span.start_ms, span.end_ms, span.words, span.unheard) for span in summary.spans),
    )
