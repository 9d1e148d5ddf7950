"""Words of a recording in one row, with who said them and what they read as."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bodyworn.domain.language import ENGLISH, SPANISH
from bodyworn.redactions.spoken.spanish_words import as_read
from bodyworn.redactions.spoken.word_lists import listed

_OUTER = re.compile(r"^[^\w#@+]+|[^\w]+$")
#: Words that do not end what is being said when the other speaker puts them in between.
_NODS = listed("speech.nods")


@dataclass(frozen=True)
class SpokenWord:
    """One recognized word: ``text`` as written, ``plain`` in lower case without punctuation around it.

    ``index`` counts over the whole recording, ``line`` is the utterance, ``stop`` says that a sentence ends here.
    ``confidence`` is the recognizer's (0..1), 1 where it gave none.
    """

    index: int
    start_ms: int
    end_ms: int
    text: str
    plain: str
    line: int
    role: str
    stop: bool
    confidence: float


@dataclass(frozen=True)
class SpokenUtterance:
    """One utterance: words ``[first, last)`` of the row, and the language they are said in."""

    role: str
    first: int
    last: int
    language: str = ENGLISH


@dataclass(frozen=True)
class SpokenTranscript:
    """All words of a recording and their utterances, in order of time."""

    words: tuple[SpokenWord, ...]
    lines: tuple[SpokenUtterance, ...]

    def plain(self, first: int, last: int) -> str:
        """Words ``[first, last)`` as one plain string."""
        return " ".join(word.plain for word in self.words[max(first, 0) : max(last, 0)])

    def before(self, index: int, most: int = 14) -> str:
        """What the same speaker said just before word ``index``, one utterance back at most if it follows closely."""
        line = self.lines[self.words[index].line]
        first = line.first
        if index - first < 4 and self.words[index].line:
            earlier = self.lines[self.words[index].line - 1]
            close = self.words[index].start_ms - self.words[earlier.last - 1].end_ms < 4000
            if earlier.role == line.role and close:
                first = earlier.first
        return self.plain(max(first, index - most), index)

    def after(self, index: int, most: int = 6) -> str:
        """What the same utterance goes on with from word ``index``."""
        if index >= len(self.words):
            return ""
        return self.plain(index, min(index + most, self.lines[self.words[index].line].last))

    def asked(self, index: int, within_ms: int = 15_000) -> str:
        """What other speakers said last before the utterance of word ``index``: its question, if there was one."""
        word = self.words[index]
        number = word.line - 1
        steps = 0
        while number >= 0 and steps < 4:
            line = self.lines[number]
            if word.start_ms - self.words[line.last - 1].end_ms > within_ms:
                return ""
            said = self.plain(line.first, line.last)
            if line.role != word.role and not is_nod(said):
                return said
            number, steps = number - 1, steps + 1
        return ""


def is_nod(said: str) -> bool:
    """Whether an utterance only tells that one listens."""
    words = said.split()
    return len(words) <= 3 and all(word in _NODS for word in words)


def plain(text: str) -> str:
    """Lower case, straight apostrophes, nothing but the word; a sign of percent on its own is one."""
    if text.strip().rstrip(".,?!") == "%":
        return "percent"
    return _OUTER.sub("", text.strip().lower().replace("’", "'"))


def transcript_of(utterances: Iterable[Mapping[str, Any]]) -> SpokenTranscript:
    """The row of words of utterances or of a transcript's segments (whose speakers are unknown).

    An utterance without timed words counts as words spread evenly over its time.
    """
    words: list[SpokenWord] = []
    lines: list[SpokenUtterance] = []
    for utterance in utterances:
        role, first = str(utterance.get("role", "unknown")), len(words)
        language = str(utterance.get("language", ENGLISH))
        items = [item for item in utterance.get("words") or _spread(utterance) if plain(item["text"])]
        plains = [plain(item["text"]) for item in items]
        for item, read in zip(items, as_read(plains) if language == SPANISH else plains, strict=True):
            stop = item["text"].strip()[-1] in ".?!"
            sure = float(item.get("confidence", 1.0))
            place = (len(words), int(item["start_ms"]), max(int(item["end_ms"]), int(item["start_ms"]) + 1))
            words.append(SpokenWord(*place, item["text"].strip(), read, len(lines), role, stop, sure))
        if len(words) > first:
            lines.append(SpokenUtterance(role, first, len(words), language))
    return SpokenTranscript(tuple(words), tuple(lines))


def _spread(utterance: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    texts = utterance["text"].split()
    start, length = utterance["start_ms"], utterance["end_ms"] - utterance["start_ms"]
    return [
        {
            "text": text,
            "start_ms": start + length * number // len(texts),
            "end_ms": start + length * (number + 1) // len(texts),
        }
        for number, text in enumerate(texts)
    ]
