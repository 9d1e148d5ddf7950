"""Where a second hearing may find more to hide: windows of speech with doubt, figures, names, or a question for data.

What is left out is ordinary talk, surely understood. Nothing here decides what is hidden.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise

from bodyworn.domain.codec import to_json
from bodyworn.domain.span import Span
from bodyworn.findings.artifacts.transcript import Segment
from bodyworn.redactions.spoken import address_forms, dates, name_words, numbers, tagger
from bodyworn.redactions.spoken.identifiers import CUES
from bodyworn.redactions.spoken.name_shapes import can_be_name, is_unusual
from bodyworn.redactions.spoken.street_words import SUFFIXES
from bodyworn.redactions.spoken.word_forms import is_form
from bodyworn.redactions.spoken.words import SpokenTranscript, transcript_of

#: How sure a line must be (mean confidence of its words, 0..1) to be taken as heard.
SURE = 0.6
#: Fewer words than this a second: some were passed over.
WORDS_PER_SECOND = 0.8
#: What was asked counts for so long.
ASKED_MS = 10_000
_ASKED = (
    name_words.QUESTION,
    name_words.SURE,
    re.compile(rf"\b(my|his|her|your|their) ({'|'.join(sorted(name_words.KIN))})\b"),
    dates.CUE,
    address_forms.WHERE,
    address_forms.PART,
    *CUES.values(),
    re.compile(r"\b(e-?mail|spell|spelled)\b"),
)


def is_doubted(first: Sequence[Segment], window: Span) -> bool:
    """Whether a window of speech should be heard again, by the lines ``first`` of the whole transcript."""
    lines = [line for line in first if line.span.overlap_ms(window) > 0]
    before = [line for line in first if 0 <= window.start_ms - line.span.end_ms < ASKED_MS]
    words = sum(len(line.words) for line in lines)
    if words < WORDS_PER_SECOND * window.length_ms / 1000 or any(line.confidence < SURE for line in lines):
        return True
    if any(_asks(line.text) for line in (*before, *lines)):
        return True
    heard = transcript_of(to_json(line) for line in lines)
    return _has_figures(heard) or _may_have_names(heard, tagger.common_words())


def _asks(text: str) -> bool:
    """Whether data of a person is asked for or announced in any sentence of the text."""
    sentences = re.split(r"[.?!,] *", text.lower().replace("’", "'"))
    said = [*sentences, re.sub(r"[^\w' -]", "", text.lower().replace("’", "'")).strip()]
    return any(pattern.search(part.strip()) for part in said if part.strip() for pattern in _ASKED)


def _has_figures(heard: SpokenTranscript) -> bool:
    """Whether there are figures, two numbers in a row, spelled letters or a street."""
    in_a_row = any(numbers.is_number(a.plain) and numbers.is_number(b.plain) for a, b in pairwise(heard.words))
    return in_a_row or any(
        any(c.isdigit() for c in word.plain)
        or (numbers.is_letter(word) and word.plain not in ("a", "i", "o"))
        or (word.plain in SUFFIXES and word.text[:1].isupper())
        for word in heard.words
    )


def _may_have_names(heard: SpokenTranscript, common: AbstractSet[str]) -> bool:
    """Whether a word has a capital inside a sentence, or is one that English does not know."""
    for word in heard.words:
        inside = word.index > heard.lines[word.line].first and not heard.words[word.index - 1].stop
        written = inside and word.text[:1].isupper() and len(word.plain) > 1 and can_be_name(word.plain)
        if written or (is_unusual(heard, word.index, common) and not is_form(word, common)):
            return True
    return False
