"""E-mail addresses, as said (``t dot smith at mail dot com``) and as written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bodyworn.domain.redaction import Reason
from bodyworn.redactions.spoken import rules
from bodyworn.redactions.spoken.proposal import SpokenProposal
from bodyworn.redactions.spoken.word_lists import listed
from bodyworn.redactions.spoken.words import SpokenTranscript

_ENDINGS = listed("emails.endings")
_PROVIDERS = listed("emails.providers")
_WRITTEN = re.compile(r"\S+@\S+|[\w.-]+\.(com|net|org|edu|gov)\Z")
#: Words that are before an address and not in it.
_BEFORE = listed("emails.before")
_MOST = 7


def emails(heard: SpokenTranscript) -> Iterator[SpokenProposal]:
    """Every address: from its first word to its ending."""
    done = -1
    for word in heard.words:
        if word.index <= done:
            continue
        last = _ending(heard, word.index)
        if last is None:
            continue
        first = _beginning(heard, word.index, done)
        done = last
        spoken_of = bool(re.search(r"\be-?mails?\b", f"{heard.before(first)} {heard.asked(first)}"))
        local = "@" in heard.plain(first, last + 1) or re.search(r"\bat\b", heard.plain(first, last + 1))
        if local or spoken_of:
            rule = rules.EMAIL_SPOKEN_OF if spoken_of else rules.EMAIL_SHAPE
            yield SpokenProposal(first, last, Reason.EMAIL, rule)


def _ending(heard: SpokenTranscript, index: int) -> int | None:
    """The last word of an address whose domain is at ``index``."""
    words, word = heard.words, heard.words[index]
    if _WRITTEN.match(word.plain):
        return index
    if word.plain in _PROVIDERS and index and re.search(r"\bat\b", heard.before(index, 3)):
        after = heard.plain(index + 1, index + 3)
        if after.split()[:1] and after.split()[0] in _ENDINGS:
            return index + 1
        if re.match(r"(dot|period|point) \w+", after):
            return index + 2
        return index
    if word.text.startswith(".") and word.plain in _ENDINGS:
        return index
    if word.plain in ("dot", "period") and index + 1 < len(words) and words[index + 1].plain in _ENDINGS:
        return index + 1
    return None


def _beginning(heard: SpokenTranscript, index: int, done: int) -> int:
    """The first word of the address: back over the ``at`` to a word that only leads in."""
    line = heard.lines[heard.words[index].line]
    if re.match(r"[^@\s]+@", heard.words[index].plain):
        return index
    floor = max(line.first, done + 1, index - 5)
    at = next((i for i in range(index, floor - 1, -1) if heard.words[i].plain == "at"), None)
    first = index if at is None else at
    for i in range(first - 1, max(line.first, done + 1, first - _MOST) - 1, -1):
        if heard.words[i].plain in _BEFORE or (heard.words[i].stop and at is None):
            break
        first = i
    return first
