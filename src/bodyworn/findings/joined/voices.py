"""Which speakers of two recordings are believed to be one person: those who say the same words at the same time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bodyworn.findings.joined.pieces import TalkPiece

#: Who speaks: number of the recording and name of the speaker there.
VoiceIn = tuple[int, str]
#: So many words at least must both recordings hear of a voice, and of all such words of either speaker this share.
LEAST_WORDS, LEAST_SHARE = 6, 0.6


@dataclass(frozen=True)
class VoicePair:
    """Two speakers of two recordings, and how many words both recordings hear of them at the same time."""

    one: VoiceIn
    other: VoiceIn
    words: int


@dataclass(frozen=True)
class SameVoices:
    """What is believed of the speakers of all recordings. Nothing of the sound of a voice is compared or kept."""

    pairs: Sequence[VoicePair]
    group_of: Mapping[VoiceIn, int]

    def differ(self, one: VoiceIn | None, other: VoiceIn | None) -> bool:
        """Whether both are known and believed to be two persons."""
        if one is None or other is None or one not in self.group_of or other not in self.group_of:
            return False
        return self.group_of[one] != self.group_of[other]


def same_voices(heard_twice: Iterable[tuple[TalkPiece, TalkPiece]]) -> SameVoices:
    """What follows from pairs of pieces, one pair for each word that both have."""
    together: Counter[tuple[VoiceIn, VoiceIn]] = Counter()
    for one, other in heard_twice:
        if one.speaker is not None and other.speaker is not None:
            together[one.speaker, other.speaker] += 1
    pairs = [VoicePair(one, other, count) for (one, other), count in together.items() if _is_one(one, other, together)]
    groups: dict[VoiceIn, int] = {}
    for pair in sorted(pairs, key=lambda pair: -pair.words):
        _join(pair, groups)
    return SameVoices(pairs, groups)


def _is_one(one: VoiceIn, other: VoiceIn, together: Counter[tuple[VoiceIn, VoiceIn]]) -> bool:
    shared = together[one, other]
    alike = [(a, b, count) for (a, b), count in together.items() if (a[0], b[0]) == (one[0], other[0])]
    ofs = (sum(n for a, _, n in alike if a == one), sum(n for _, b, n in alike if b == other))
    return shared >= LEAST_WORDS and shared >= LEAST_SHARE * max(ofs)


def _join(pair: VoicePair, groups: dict[VoiceIn, int]) -> None:
    """Put both into one group, unless that would make one person of two speakers of one recording."""
    mine, other = groups.get(pair.one), groups.get(pair.other)
    fresh = max(groups.values(), default=-1) + 1
    ours = {voice for voice, group in groups.items() if group in (mine, other)} | {pair.one, pair.other}
    if len({camera for camera, _ in ours}) == len(ours):
        groups |= dict.fromkeys(ours, fresh)
