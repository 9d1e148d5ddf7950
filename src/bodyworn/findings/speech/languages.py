"""Which language is spoken where: told by Whisper base for each stretch of one voice.

English is what is expected, and what the recognizer writes best: another language counts only where it is sure and
English is not plausible. A stretch too short to be sure of goes by what the same voice speaks around it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Protocol

from bodyworn.domain.language import ENGLISH, SPANISH, UNDETERMINED
from bodyworn.domain.span import Span, clipped, merge, minus
from bodyworn.findings.artifacts.speakers import VoiceTurn

#: Voice of one speaker is told together up to this length, over pauses up to the second.
UNIT_MS, PAUSE_MS = 7_000, 1_200
#: A change of speaker cuts a voice only if both parts are this long.
SHORTEST_MS = 500
#: What is heard around a stretch, where nobody else speaks.
AROUND_MS = 200
#: The model listens to 8 s at first, and to the full 30 s, at ten times the cost, where that speaks against English.
QUICK_S, WHOLE_S = 8.0, 30.0
#: English by this much needs no second look, nor does Spanish by this much.
ENGLISH_ENOUGH, SURELY_SPANISH = 0.25, 0.7
#: A stretch counts beside its neighbors of the same voice as if these had been heard for so long (ms), if within reach.
NEIGHBORS_MS, REACH_MS = 1_500, 60_000
#: Spanish is taken for spoken from this probability on, if no language has more and English at most the second.
LEAST_SPANISH, MOST_ENGLISH = 0.4, 0.2
#: So little is enough where English is out and only these, which synthetic and unclear Spanish is told as, have more.
PERHAPS_SPANISH, NEAR_SPANISH = 0.25, frozenset({SPANISH, "gl", "ca", "it", "la"})
#: A language that has no lines is named from this probability on, with English at most the second: accents that the
#: model knows little of are told as other languages, though never so surely.
NAMED, HARDLY_ENGLISH = 0.8, 0.1
#: With English less likely than this and no language sure, it is another one, whichever.
NOT_ENGLISH = 0.02
#: From so much voice on a language without lines is believed: shorter sounds, cries and names are told as anything.
LEAST_OTHER_MS = 3_000
#: Languages that the model takes Spanish for; nobody speaks them here who does not speak it too.
LIKE_SPANISH = ("gl", "ca")
#: Languages that have lines of their own, besides English.
WRITTEN = (SPANISH,)

Probabilities = Mapping[str, float]


class TellsLanguages(Protocol):
    """What tells the languages of a stretch of the recording."""

    def tell(self, span: Span, seconds: float) -> Probabilities:
        """The probability of each language in ``span``, as heard in the first ``seconds`` of it."""
        ...


@dataclass(frozen=True)
class VoiceStretch:
    """Voice of one speaker (``None`` where no turn is near) without a long pause."""

    span: Span
    speaker: str | None
    voiced_ms: int


@dataclass(frozen=True)
class LanguageStretch:
    """Speech in another language than English; ``language`` is its code, ``und`` where it is only sure to be none."""

    span: Span
    language: str


def foreign_speech(
    ear: TellsLanguages, voices: Sequence[Span], turns: Sequence[VoiceTurn], speech: Sequence[Span]
) -> list[LanguageStretch]:
    """Where another language than English is spoken; ``voices`` are unpadded, ``speech`` is padded."""
    found = stretches(voices, turns)
    return foreign(found, told(found, ear), speech)


def stretches(voices: Sequence[Span], turns: Sequence[VoiceTurn]) -> list[VoiceStretch]:
    """Voice (in order, unpadded) cut where the speaker changes, and joined again for each speaker up to 7 s."""
    pieces = [piece for voice in voices for piece in _by_speaker(voice, turns)]
    joined: list[VoiceStretch] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if (
            last is not None
            and last.speaker == piece.speaker
            and piece.span.start_ms - last.span.end_ms <= PAUSE_MS
            and piece.span.end_ms - last.span.start_ms <= UNIT_MS
        ):
            span = Span(last.span.start_ms, piece.span.end_ms)
            joined[-1] = VoiceStretch(span, last.speaker, last.voiced_ms + piece.voiced_ms)
        else:
            joined.append(piece)
    return joined


def _by_speaker(voice: Span, turns: Sequence[VoiceTurn]) -> list[VoiceStretch]:
    """One voice in parts of one speaker and at most 7 s."""
    near = [turn for turn in turns if turn.span.overlap_ms(voice) > 0]
    edges = {edge for turn in near for edge in (turn.span.start_ms, turn.span.end_ms)}
    cuts = [voice.start_ms]
    for edge in sorted(edges):
        if min(edge - cuts[-1], voice.end_ms - edge) < SHORTEST_MS:
            continue
        if _speaker(Span(cuts[-1], edge), near) != _speaker(Span(edge, voice.end_ms), near):
            cuts.append(edge)
    parts = []
    for start, end in zip(cuts, [*cuts[1:], voice.end_ms], strict=True):
        count = max(1, -(-(end - start) // UNIT_MS))
        edges_here = [start + (end - start) * number // count for number in range(count + 1)]
        parts += [Span(a, b) for a, b in pairwise(edges_here)]
    return [VoiceStretch(part, _speaker(part, near), part.length_ms) for part in parts]


def _speaker(span: Span, turns: Iterable[VoiceTurn]) -> str | None:
    shared: dict[str, int] = {}
    for turn in turns:
        shared[turn.speaker] = shared.get(turn.speaker, 0) + turn.span.overlap_ms(span)
    best = max(shared, key=lambda name: shared[name], default=None)
    return best if best is not None and shared[best] > 0 else None


def told(found: Sequence[VoiceStretch], ear: TellsLanguages) -> list[str]:
    """The language of each stretch: English unless another is sure and English is not plausible."""
    heard = [_heard(stretch, ear) for stretch in found]
    return [_decided(stretch, _pooled(number, found, heard)) for number, stretch in enumerate(found)]


def _heard(stretch: VoiceStretch, ear: TellsLanguages) -> Probabilities:
    """What is heard in the stretch alone: a quick look, and the mean with a whole one where that leaves it open."""
    span = Span(max(0, stretch.span.start_ms - AROUND_MS), stretch.span.end_ms + AROUND_MS)
    quick = ear.tell(span, QUICK_S)
    settled = quick.get(ENGLISH, 0.0) >= ENGLISH_ENOUGH or quick.get(SPANISH, 0.0) >= SURELY_SPANISH
    if settled:
        return quick
    whole = ear.tell(span, WHOLE_S)
    return {name: (share + whole.get(name, 0.0)) / 2 for name, share in quick.items()}


def _pooled(number: int, found: Sequence[VoiceStretch], heard: Sequence[Probabilities]) -> Probabilities:
    """The stretch's own probabilities, with those of the same voice around it where it is short."""
    one = found[number]
    around = [
        (other.voiced_ms, heard[at])
        for at, other in enumerate(found)
        if at != number
        and other.speaker == one.speaker is not None
        and abs(other.span.start_ms - one.span.start_ms) <= REACH_MS
    ]
    weight = sum(voiced for voiced, _ in around)
    pooled = min(NEIGHBORS_MS, weight)
    total = one.voiced_ms + pooled
    mixed = {name: one.voiced_ms * share / total for name, share in heard[number].items()}
    for voiced, shares in around:
        for name, share in shares.items():
            mixed[name] = mixed.get(name, 0.0) + pooled * voiced / weight * share / total
    return mixed


def _decided(stretch: VoiceStretch, shares: Probabilities) -> str:
    english = shares.get(ENGLISH, 0.0)
    spanish = shares.get(SPANISH, 0.0) + sum(shares.get(name, 0.0) for name in LIKE_SPANISH)
    other = max((name for name in shares if name not in (ENGLISH, SPANISH, *LIKE_SPANISH)), key=shares.__getitem__)
    if spanish >= max(LEAST_SPANISH, shares[other]) and english <= MOST_ENGLISH:
        return SPANISH
    stranger = max((share for name, share in shares.items() if name not in NEAR_SPANISH), default=0.0)
    if spanish >= max(PERHAPS_SPANISH, stranger) and english <= HARDLY_ENGLISH:
        return SPANISH
    if stretch.voiced_ms < LEAST_OTHER_MS:
        return ENGLISH
    if english <= HARDLY_ENGLISH and shares[other] >= NAMED:
        return other
    return UNDETERMINED if english <= NOT_ENGLISH else ENGLISH


def foreign(found: Sequence[VoiceStretch], languages: Sequence[str], speech: Sequence[Span]) -> list[LanguageStretch]:
    """Where another language is spoken: runs of stretches, out to the middle of the pauses around them.

    Between a stretch of English and one of another language the border lies half way; otherwise the speech around a
    stretch (``speech`` is padded) belongs to it.
    """
    runs = [list(run) for _, run in groupby(zip(found, languages, strict=True), key=lambda pair: pair[1])]
    made: list[LanguageStretch] = []
    for number, run in enumerate(runs):
        language, first, last = run[0][1], run[0][0].span, run[-1][0].span
        if language == ENGLISH:
            continue
        before = runs[number - 1][-1][0].span.end_ms if number else 0
        after = runs[number + 1][0][0].span.start_ms if number + 1 < len(runs) else max(span.end_ms for span in speech)
        start = (before + first.start_ms) // 2 if number else 0
        end = (last.end_ms + after) // 2 if number + 1 < len(runs) else after
        made += [LanguageStretch(part, language) for part in clipped(merge(list(speech)), Span(start, max(start, end)))]
    return made


def without(spans: Sequence[Span], taken: Sequence[LanguageStretch]) -> list[Span]:
    """``spans`` less what is spoken in another language."""
    return minus(list(spans), merge([stretch.span for stretch in taken])) if taken else list(spans)


def within(spans: Sequence[Span], taken: Sequence[LanguageStretch], language: str) -> list[Span]:
    """The parts of ``spans`` in ``language``."""
    return [part for stretch in taken if stretch.language == language for part in clipped(list(spans), stretch.span)]
