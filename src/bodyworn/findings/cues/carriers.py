"""Which words carried a kind.

The model scores a kind from the mean over an utterance's tokens of one number a token, so each token's share in the
score is exact, not estimated. A word's share is the sum over its tokens.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_WORD = re.compile(r"[\w'’-]*\w")
MOST_WORDS = 6
#: A word carries a kind if its share is at least this part of the largest share.
LEAST_PART = 0.55
#: Words that say nothing by themselves; named only where nothing else carried.
_BARE_WORDS = """
a an and are as at be but by for from had has have he her him his i in is it its me my of on or she so that the them
then there they this to uh um us was we were will with you your
"""
_BARE = frozenset(_BARE_WORDS.split())


def carried_by(text: str, spans: Sequence[tuple[int, int]], shares: Sequence[float]) -> list[str]:
    """Words of ``text`` with the largest shares, in the order said, without punctuation.

    ``spans`` are the tokens' character spans in ``text``, ``shares`` their shares. At most six words; at least one
    wherever ``text`` has a word.
    """
    words = [(match.group(), *match.span()) for match in _WORD.finditer(text)]
    if not words:
        return []
    total = [0.0] * len(words)
    for (start, end), share in zip(spans, shares, strict=True):
        for number, (_, first, last) in enumerate(words):
            if start < last and end > first:
                total[number] += share
                break
    telling = [n for n, (word, _, _) in enumerate(words) if word.lower() not in _BARE] or list(range(len(words)))
    telling.sort(key=lambda n: -total[n])
    least = total[telling[0]] * LEAST_PART
    chosen = [telling[0], *(n for n in telling[1:MOST_WORDS] if total[n] >= least and total[n] > 0)]
    return [words[n][0] for n in sorted(chosen)]
