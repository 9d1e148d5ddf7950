"""E-mail addresses, as said (``t dot smith at mail dot com``) and as written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bodyworn.redactions.spoken.proposal import SpokenProposal
from bodyworn.redactions.spoken.rules import RULES
from bodyworn.redactions.spoken.words import SpokenTranscript, word_list

_ENDINGS = word_list("email.endings")
_PROVIDERS = word_list("email.providers")
_WRITTEN = re.compile(r"\S+@\S+|[\w.-]+\.(com|net|org|edu|gov)\Z")
#: Words that are before an address and not in it.
_BEFORE = word_list("email.before")
_MOST = 7


def emails(talk: SpokenTranscript) -> Iterator[SpokenProposal]:
    """Every address: from its first word to its ending."""
    done = -1
    for word in talk.words:
        if word.index <= done:
            continue
        last = _ending(talk, word.index)
        if last is None:
            continue
        first = _beginning(talk, word.index, done)
        done = last
        spoken_of = bool(re.search(r"\be-?mails?\b", f"{talk.before(first)} {talk.asked(first)}"))
        local = "@" in talk.plain(first, last + 1) or re.search(r"\bat\b", talk.plain(first, last + 1))
        if local or spoken_of:
            yield RULES["email.spoken_of" if spoken_of else "email.form"].propose(first, last)


def _ending(talk: SpokenTranscript, index: int) -> int | None:
    """The last word of an address whose domain is at ``index``."""
    words, word = talk.words, talk.words[index]
    if _WRITTEN.match(word.plain):
        return index
    if word.plain in _PROVIDERS and index and re.search(r"\bat\b", talk.before(index, 3)):
        after = talk.plain(index + 1, index + 3)
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


def _beginning(talk: SpokenTranscript, index: int, done: int) -> int:
    """The first word of the address: back over the ``at`` to a word that only leads in."""
    line = talk.lines[talk.words[index].line]
    floor = max(line.first, done + 1, index - 5)
    at = next((i for i in range(index, floor - 1, -1) if talk.words[i].plain == "at"), None)
    first = index if at is None else at
    for i in range(first - 1, max(line.first, done + 1, first - _MOST) - 1, -1):
        if talk.words[i].plain in _BEFORE or (talk.words[i].stop and at is None):
            break
        first = i
    return first
