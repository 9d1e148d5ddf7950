"""Voices that are lost under another: someone speaks, and none of the words that were understood are theirs.

The recognizer writes down one voice at a time. Where two speak at once and the words are one's, nothing is known of
what the other said, which is not silence. The same holds where two probably speak and only one could be told.
"""

from __future__ import annotations

from collections.abc import Sequence

from bodyworn.domain.span import Span, in_all, merge, minus
from bodyworn.findings.artifacts.speakers import SpeakersArtifact, VoiceTurn
from bodyworn.findings.voices.joining import Joined

#: Shorter than this, a voice without words is a breath, a laugh or "mhm".
SHORTEST_MS = 600
#: Where only one voice could be told, the second is less sure, and needs this long.
SHORTEST_UNTOLD_MS = 1_000
#: Word times are good to about this.
_REACH_MS = 300


def lost_voices(heard: SpeakersArtifact, joined: Sequence[Joined]) -> list[Span]:
    """Where a voice is lost under another, in order of time."""
    untold = minus(heard.together, heard.overlap)
    lost = [span for span in untold if span.length_ms >= SHORTEST_UNTOLD_MS and _of_one(span, heard.turns)]
    for name in heard.speakers:
        words = [word.span for item in joined if item.speaker == name for word in item.words]
        near = merge([Span(max(0, word.start_ms - _REACH_MS), word.end_ms + _REACH_MS) for word in words])
        covered = in_all([[turn.span for turn in heard.turns if turn.speaker == name], heard.overlap])
        lost += [span for span in minus(covered, near) if span.length_ms >= SHORTEST_MS]
    return merge(lost)


def _of_one(span: Span, turns: Sequence[VoiceTurn]) -> bool:
    """Whether only one speaker was told there: where one hands over to another, both have words of their own."""
    return len({turn.speaker for turn in turns if turn.span.overlap_ms(span)}) == 1
