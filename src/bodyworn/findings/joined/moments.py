"""Pieces of several recordings that are one moment of talk: they share words, or are heard at the same time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bodyworn.findings.joined.by_words import shift_by_words
from bodyworn.findings.joined.groups import Groups, at_once
from bodyworn.findings.joined.matching import same_words
from bodyworn.findings.joined.pieces import PlacedWord, TalkPiece
from bodyworn.findings.joined.voices import SameVoices, same_voices

#: Pieces are one moment if so many of the words of the shorter one are the other's, or so much of its time.
_SHARED_WORDS, _SHARED_TIME = 0.3, 0.5

WordPair = tuple[PlacedWord, PlacedWord]


@dataclass(frozen=True)
class Matches:
    """Words that two recordings both have, and the pairs of recordings of which only words tell, not times."""

    pairs: Sequence[WordPair]
    piece_of: Mapping[PlacedWord, TalkPiece]
    by_words_only: frozenset[frozenset[int]] = frozenset()

    def of_pieces(self) -> Counter[tuple[TalkPiece, TalkPiece]]:
        """How many words each two pieces share."""
        return Counter((self.piece_of[one], self.piece_of[other]) for one, other in self.pairs)

    def voices(self) -> SameVoices:
        """Which speakers are believed to be one."""
        return same_voices((self.piece_of[one], self.piece_of[other]) for one, other in self.pairs)


@dataclass(frozen=True)
class Moment:
    """Pieces of one or several recordings that are one moment of talk, and the words that they share."""

    pieces: tuple[TalkPiece, ...]
    pairs: Sequence[WordPair] = field(default=())

    @property
    def cameras(self) -> list[int]:
        """The recordings that hear it."""
        return sorted({one.camera for one in self.pieces})

    def of(self, camera: int) -> list[TalkPiece]:
        """The pieces of a recording, by start."""
        return [one for one in self.pieces if one.camera == camera]

    def words_of(self, camera: int) -> list[PlacedWord]:
        """The words of a recording."""
        return [word for piece in self.of(camera) for word in piece.words]


def matches_of(pieces: Mapping[int, Sequence[TalkPiece]], by_clock: frozenset[int]) -> Matches:
    """The words that each two recordings share; those whose place only a clock tells are compared by words alone."""
    words = {camera: [word for piece in some for word in piece.words] for camera, some in pieces.items()}
    piece_of = {word: piece for some in pieces.values() for piece in some for word in piece.words}
    pairs: list[WordPair] = []
    unsure: set[frozenset[int]] = set()
    cameras = sorted(pieces)
    for at, one in enumerate(cameras):
        for other in cameras[at + 1 :]:
            shift = 0
            if {one, other} & by_clock:
                unsure.add(frozenset((one, other)))
                told = shift_by_words(words[one], words[other])
                if told is None:
                    continue
                shift = told
            found = same_words(words[one], words[other], shift_ms=shift)
            pairs += [(words[one][a], words[other][b]) for a, b in found]
    return Matches(pairs, piece_of, frozenset(unsure))


def moments(pieces: Mapping[int, Sequence[TalkPiece]], matches: Matches, voices: SameVoices) -> list[Moment]:
    """All pieces in moments, by start."""
    every = sorted((piece for some in pieces.values() for piece in some), key=lambda piece: (piece.span, piece.camera))
    groups = Groups(every)
    for (one, other), shared in matches.of_pieces().items():
        if shared >= _SHARED_WORDS * min(len(one.words), len(other.words)):
            groups.join(one, other)
    for one, other in at_once(every, _SHARED_TIME):
        if one.camera == other.camera or frozenset((one.camera, other.camera)) in matches.by_words_only:
            continue
        if not voices.differ(one.speaker, other.speaker):
            groups.join(one, other)
    pairs_of: dict[TalkPiece, list[WordPair]] = defaultdict(list)
    for pair in matches.pairs:
        pairs_of[groups.first_of(matches.piece_of[pair[0]])].append(pair)
    return [Moment(tuple(some), tuple(pairs_of[groups.first_of(some[0])])) for some in groups.all()]
