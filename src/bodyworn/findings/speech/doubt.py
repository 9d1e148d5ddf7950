"""Lines that were not said, and lines that cannot be relied on.

A recognizer that must write something writes what its training ended in when there is nothing to hear: thanks for
watching, a lone "you", the same words over and over. Nothing is dropped on its wording alone: a line goes only if the
sound under it also says that there was no voice, or if the line goes round in circles; every one is kept as
*suppressed*, with the reason.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bodyworn.findings.speech.recognizer import DecodeResult, RecognizedSpeech

#: Lines that recognizers write over silence, music and noise, and that people also say (normalized).
COMMON_PHRASES = frozenset(
    {
        "you",
        "bye",
        "bye bye",
        "oh",
        "so",
        "the",
        "i",
        "a",
        "okay",
        "mm",
        "hmm",
        "yeah",
        "thank you",
        "thank you very much",
        "gracias",
        "sí",
    }
)
#: Lines from the ends of films and videos.
SILENCE_PHRASES = frozenset(
    {
        "thank you for watching",
        "thanks for watching",
        "thank you for your time",
        "please subscribe",
        "see you next time",
        "subtitles by the amara org community",
        "well be right back",
        "i will see you in the next video",
        "ill see you in the next video",
        "ill see you next time",
        "gracias por ver el video",
        "gracias por ver",
        "suscríbete",
        "suscríbete al canal",
        "subtítulos realizados por la comunidad de amaraorg",
        "subtítulos por la comunidad de amaraorg",
    }
)
#: A run of the same one to six words said more often than this is a loop.
MOST_REPEATS = 3
LOOP_COMPRESSION = 2.4
#: Mean log probability per token under which a window is heard again at full length.
UNSURE = -0.5


@dataclass(frozen=True)
class Bounds:
    """Limits of doubt: probabilities 0..1, mean log probabilities per token, level over the noise floor in dB."""

    speech: float = 0.5
    phrase_speech: float = 0.85
    common_speech: float = 0.6
    log_probability: float = -1.0
    no_speech: float = 0.6
    hopeless: float = -1.6
    above_floor_db: float = 3.0


def plain(text: str) -> str:
    """Lower case, letters, numerals and single spaces only: what two lines are compared by."""
    return " ".join(re.sub(r"[^\w ]|_", "", text.lower().replace("-", " ")).split())


@dataclass(frozen=True)
class Unrepeated:
    """Words that are kept, and words that only repeat them."""

    kept: tuple[RecognizedSpeech, ...]
    repeated: tuple[RecognizedSpeech, ...]


def unrepeated(words: tuple[RecognizedSpeech, ...]) -> Unrepeated:
    """The words without loops: a run of one to six words repeated more than three times in a row is kept once."""
    said = [plain(word.text) for word in words]
    keep = [True] * len(words)
    index = 0
    while index < len(words):
        size, times = _loop_at(said, index)
        if times > MOST_REPEATS:
            for position in range(index + size, index + size * times):
                keep[position] = False
            index += size * times
        else:
            index += 1
    return Unrepeated(
        kept=tuple(word for word, stays in zip(words, keep, strict=True) if stays),
        repeated=tuple(word for word, stays in zip(words, keep, strict=True) if not stays),
    )


def _loop_at(said: list[str], index: int) -> tuple[int, int]:
    """The longest loop that begins at ``index``: its length in words and how often it is said."""
    best = (1, 1)
    for size in range(1, 7):
        unit = said[index : index + size]
        times = 1
        while unit and said[index + times * size : index + (times + 1) * size] == unit:
            times += 1
        if times > MOST_REPEATS and size * times > best[0] * best[1]:
            best = (size, times)
    return best


def failed(hearing: DecodeResult, seconds: float) -> bool:
    """Whether a hearing should be tried again: it repeats, it is unsure, or it has more words than can be said."""
    crowded = len(hearing.words) > 6.0 * seconds + 3
    return crowded or repeats(hearing) or hearing.mean_log_probability < UNSURE


def repeats(hearing: DecodeResult) -> bool:
    """Whether three or more words stand twice in a row. People do that too: so it is only a reason to listen again."""
    said = [plain(word.text) for word in hearing.words]
    doubled = any(
        said[at : at + size] == said[at + size : at + 2 * size]
        for size in range(3, len(said) // 2 + 1)
        for at in range(len(said) - 2 * size + 1)
    )
    return doubled or hearing.compression > LOOP_COMPRESSION


def surest(hearings: list[DecodeResult]) -> DecodeResult:
    """The hearing to go by: one that does not loop before one that does, one without repeats, then the surest."""
    return max(hearings, key=lambda h: (h.compression <= LOOP_COMPRESSION, not repeats(h), h.mean_log_probability))


def why_not_said(line: str, hearing: DecodeResult, speech: float, above_floor_db: float, bounds: Bounds) -> str | None:
    """The reason to suppress ``line``, or ``None``.

    ``speech`` is the mean probability of the voice activity detector under the line, ``above_floor_db`` its loudest
    100 ms over the noise floor of the recording.
    """
    text = plain(line)
    if not text:
        return "no words"
    unsure = hearing.mean_log_probability < bounds.log_probability
    if hearing.compression > LOOP_COMPRESSION and unsure:
        return "goes round in circles"
    if hearing.mean_log_probability < bounds.hopeless:
        return "the recognizer was guessing"
    needed = bounds.phrase_speech if text in SILENCE_PHRASES else bounds.common_speech
    typical = text in SILENCE_PHRASES or text in COMMON_PHRASES
    if typical and (speech < needed or above_floor_db < bounds.above_floor_db):
        return "a line recognizers write over silence, and no clear voice under it"
    if speech < bounds.speech and (unsure or hearing.no_speech > bounds.no_speech):
        return "no voice in the sound under it"
    return None
