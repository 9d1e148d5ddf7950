"""From what each recording heard to the one transcript of their encounter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from bodyworn.domain.span import Span
from bodyworn.findings.joined.choosing import best_of, left_over
from bodyworn.findings.joined.moments import Moment, matches_of, moments
from bodyworn.findings.joined.pieces import PlacedWord, RecordingHeard, TalkPiece, pieces_of
from bodyworn.findings.joined.transcript import JoinedUtterance, JoinedVoice, OtherHearing, VoiceName
from bodyworn.findings.joined.voices import SameVoices, VoiceIn

#: More voices are hardly at once.
_MOST_AT_ONCE = 4


@dataclass(frozen=True)
class JoinedTalk:
    """What is said, by time, and by whom."""

    utterances: tuple[JoinedUtterance, ...]
    voices: tuple[JoinedVoice, ...]


@dataclass(frozen=True)
class _Taken:
    """A piece that stands in the transcript, and the pieces of other recordings that it stands for."""

    piece: TalkPiece
    others: tuple[TalkPiece, ...] = ()


def join_talk(recordings: Sequence[RecordingHeard]) -> JoinedTalk:
    """The one transcript of recordings that lie in one time: no words twice, none lost that one recording alone heard.

    The recordings are compared by the words that they share and by when they are said. Those that only a clock places
    are compared by words alone, and only where several sentences tell how far the clocks are apart.
    """
    pieces = {camera: pieces_of(camera, one) for camera, one in enumerate(recordings)}
    by_clock = frozenset(camera for camera, one in enumerate(recordings) if one.placed.by_clock)
    matches = matches_of(pieces, by_clock)
    same = matches.voices()
    clarity = _clarity(pieces)
    taken = [one for moment in moments(pieces, matches, same) for one in _taken(moment, clarity)]
    voices = voices_of(recordings, same)
    named = {member: voice.name for voice, members in voices for member in members}
    rows = (_utterance(i, run, recordings, named) for i, run in enumerate(_in_a_row(taken)))
    return JoinedTalk(tuple(rows), tuple(voice for voice, _ in voices))


def _clarity(pieces: Mapping[int, Sequence[TalkPiece]]) -> dict[tuple[int, str | None], float]:
    """The mean confidence of the words of each speaker of each recording."""
    sums: dict[tuple[int, str | None], list[float]] = defaultdict(list)
    for camera, some in pieces.items():
        for piece in some:
            sums[camera, piece.utterance.speaker] += [one.word.confidence for one in piece.words]
    return {key: sum(found) / len(found) for key, found in sums.items()}


def _taken(moment: Moment, clarity: Mapping[tuple[int, str | None], float]) -> Iterable[_Taken]:
    """What of a moment stands in the transcript."""
    chosen = best_of(moment, clarity)
    own = left_over(moment, chosen)
    for piece in own:
        yield _Taken(piece)
    gone = {word for piece in own for word in piece.words}
    others = [_without(piece, gone) for piece in moment.pieces if piece.camera != chosen]
    for number, piece in enumerate(moment.of(chosen)):
        yield _Taken(piece, tuple(one for one in others if one.words and _nearest(one, moment.of(chosen)) == number))


def _without(piece: TalkPiece, gone: Set[PlacedWord]) -> TalkPiece:
    return TalkPiece(piece.camera, piece.utterance, tuple(word for word in piece.words if word not in gone))


def _nearest(piece: TalkPiece, chosen: Sequence[TalkPiece]) -> int:
    """The number of the chosen piece that shares most time with it, or lies nearest."""
    middle = piece.words[len(piece.words) // 2].middle_ms

    def apart(number: int) -> tuple[int, int]:
        span = chosen[number].span
        return -piece.span.overlap_ms(span), max(span.start_ms - middle, middle - span.end_ms)

    return min(range(len(chosen)), key=apart)


def _in_a_row(taken: Iterable[_Taken]) -> list[list[_Taken]]:
    """By time; pieces of one utterance are together again, unless somebody else has the word in the pause between."""
    runs: list[list[_Taken]] = []
    for one in sorted(taken, key=lambda one: (one.piece.span, one.piece.camera)):
        before = _run_of(one.piece, runs)
        if before is None:
            runs.append([one])
        else:
            before.append(one)
    return runs


def _run_of(piece: TalkPiece, runs: Sequence[list[_Taken]]) -> list[_Taken] | None:
    """The run that a piece goes on with: of the same utterance, and what begins between is said at the same time."""
    between: list[TalkPiece] = []
    for run in reversed(runs[-_MOST_AT_ONCE:]):
        last = run[-1].piece
        if last.camera == piece.camera and last.utterance is piece.utterance:
            return run if all(_at_once(other, last, piece) for other in between) else None
        between += [one.piece for one in run]
    return None


def _at_once(piece: TalkPiece, *others: TalkPiece) -> bool:
    return sum(piece.span.overlap_ms(other.span) for other in others) * 2 >= piece.span.length_ms


def _utterance(
    i: int, run: Sequence[_Taken], recordings: Sequence[RecordingHeard], named: Mapping[VoiceIn, str]
) -> JoinedUtterance:
    first, words = run[0].piece, [word for one in run for word in one.piece.words]
    utterance = first.utterance
    others: dict[int, list[TalkPiece]] = defaultdict(list)
    for one in run:
        for piece in one.others:
            others[piece.camera].append(piece)
    return JoinedUtterance(
        i=i,
        span=Span(words[0].span.start_ms, max(word.span.end_ms for word in words)),
        recording=recordings[first.camera].recording,
        at=_at(words),
        from_utterance=utterance.i,
        voice=named.get((first.camera, utterance.speaker or "")),
        speaker=utterance.speaker,
        role=utterance.role,
        role_confidence=utterance.role_confidence,
        text=_text(words),
        confidence=_confidence(words),
        also=tuple(_other(recordings[camera], pieces) for camera, pieces in sorted(others.items())),
        language=utterance.language,
    )


def _other(heard: RecordingHeard, pieces: Sequence[TalkPiece]) -> OtherHearing:
    words = [word for piece in pieces for word in piece.words]
    most = max(pieces, key=lambda piece: len(piece.words)).utterance
    return OtherHearing(
        recording=heard.recording,
        span=_at(words),
        from_utterances=tuple(sorted({piece.utterance.i for piece in pieces})),
        speaker=most.speaker,
        role=most.role,
        text=_text(words),
        confidence=_confidence(words),
    )


def _at(words: Sequence[PlacedWord]) -> Span:
    """When they are said in their recording."""
    spans = [word.word.span for word in words]
    return Span(min(span.start_ms for span in spans), max(span.end_ms for span in spans))


def _text(words: Sequence[PlacedWord]) -> str:
    return " ".join(word.word.text.strip() for word in words)


def _confidence(words: Sequence[PlacedWord]) -> float:
    """As of an utterance: the mean over its time."""
    lengths = [max(1, word.span.length_ms) for word in words]
    weighted = sum(word.word.confidence * length for word, length in zip(words, lengths, strict=True))
    return round(weighted / sum(lengths), 4)


def voices_of(recordings: Sequence[RecordingHeard], same: SameVoices) -> list[tuple[JoinedVoice, list[VoiceIn]]]:
    """The voices of the encounter, with who they are in the recordings."""
    groups: dict[object, list[VoiceIn]] = defaultdict(list)
    for camera, heard in enumerate(recordings):
        for speaker in heard.roles:
            groups[same.group_of.get((camera, speaker), (camera, speaker))].append((camera, speaker))
    found = []
    for number, members in enumerate(groups.values(), 1):
        called = tuple(_name(recordings[camera], speaker) for camera, speaker in members)
        shared = [pair.words for pair in same.pairs if {pair.one, pair.other} <= set(members)]
        found.append((JoinedVoice(f"V{number}", called, min(shared, default=0)), members))
    return found


def _name(heard: RecordingHeard, speaker: str) -> VoiceName:
    role = heard.roles[speaker]
    return VoiceName(heard.recording, speaker, role.role, role.confidence)
