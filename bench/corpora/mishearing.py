"""Makes text look misheard: the word-level noise of a speech recognizer, drawn from a seeded random source.

A share ``rate`` of the words is hit. A word that is hit is, by chance,

- replaced by a word that sounds alike (55 %): same coarse sound key (voiced and unvoiced consonants merged, vowels
  merged), or, where there is none, the same key with one sound changed or lost,
- dropped (20 %),
- split in two pieces (8 %),
- merged with the next word (9 %),
- said twice, or led in by a filler such as "uh" (8 %).

With ``plain`` the utterance also loses its case and punctuation, as many recognizers write it.
The lexicon is a list of words, most frequent first; nearer the front is likelier.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict

_GROUPS = [
    ("ph", "f"),
    ("gh", ""),
    ("ck", "k"),
    ("sh", "S"),
    ("ch", "S"),
    ("th", "T"),
    ("wh", "w"),
    ("kn", "n"),
    ("wr", "r"),
    ("qu", "kw"),
    ("ng", "n"),
    ("dge", "S"),
    ("tion", "Sn"),
    ("ce", "se"),
    ("ci", "si"),
    ("x", "ks"),
]
_CLASS = {
    "b": "p",
    "p": "p",
    "d": "t",
    "t": "t",
    "g": "k",
    "k": "k",
    "c": "k",
    "q": "k",
    "f": "f",
    "v": "f",
    "s": "s",
    "z": "s",
    "j": "S",
    "S": "S",
    "T": "t",
    "m": "n",
    "n": "n",
    "l": "l",
    "r": "r",
    "w": "w",
    "h": "",
    "y": "a",
    "a": "a",
    "e": "a",
    "i": "a",
    "o": "a",
    "u": "a",
}
_FILLERS = ("uh", "um", "like", "you know", "i mean", "okay")


def sound_key(word: str) -> str:
    """A coarse key of how an English word sounds: equal keys are easily misheard for one another."""
    text = re.sub("[^a-z]", "", word.lower())
    if len(text) > 3 and text.endswith("e"):
        text = text[:-1]
    for old, new in _GROUPS:
        text = text.replace(old, new)
    key = ""
    for letter in text:
        sound = _CLASS.get(letter, "")
        if sound and not (key and key[-1] == sound):
            key += sound
    return key


class Mishearing:
    """Noise for utterances. ``lexicon``: words, most frequent first."""

    def __init__(self, lexicon: list[str], seed: int) -> None:
        self._random = random.Random(seed)
        self._by_key: dict[str, list[str]] = defaultdict(list)
        for word in lexicon:
            if word.isalpha() and word.isascii() and (len(word) > 1 or word in {"a", "i"}):
                bucket = self._by_key[sound_key(word)]
                if len(bucket) < 12:
                    bucket.append(word)

    def _sounds_like(self, word: str) -> str:
        key = sound_key(word)
        bare = re.sub("[^a-z']", "", word.lower())
        near = [w for w in self._by_key.get(key, []) if w != bare]
        if not near or self._random.random() < 0.25:
            for _ in range(6):
                at = self._random.randrange(max(1, len(key)))
                changed = key[:at] + self._random.choice(["", *"ptkfsnlrwa"]) + key[at + 1 :]
                near = [w for w in self._by_key.get(changed, []) if w != bare] or near
        if not near:
            return bare[:-1] if len(bare) > 3 else bare
        return near[min(int(self._random.expovariate(0.5)), len(near) - 1)]

    def words(self, words: list[str], rate: float) -> list[str]:
        """The words as misheard: about ``rate`` of them changed."""
        out: list[str] = []
        at = 0
        while at < len(words):
            word = words[at]
            at += 1
            if self._random.random() >= rate:
                out.append(word)
                continue
            draw = self._random.random()
            if draw < 0.55:
                out.append(self._sounds_like(word))
            elif draw < 0.75:
                continue
            elif draw < 0.83 and len(word) > 4:
                cut = self._random.randrange(2, len(word) - 1)
                out += [word[:cut], word[cut:]]
            elif draw < 0.92 and at < len(words):
                out.append(word.rstrip(".,?!;:") + words[at].lower())
                at += 1
            elif self._random.random() < 0.5:
                out += [word, word]
            else:
                out += [self._random.choice(_FILLERS), word]
        return out

    def text(self, text: str, rate: float = 0.15, plain: bool = False) -> str:
        """An utterance as misheard; never empty if it was not."""
        heard = self.words(text.split(), rate) or text.split()[:1]
        out = " ".join(heard)
        return plain_text(out) if plain else out


def plain_text(text: str) -> str:
    """Lower case and no punctuation, as many recognizers write."""
    return " ".join(re.sub(r"[^\w' ]", " ", text.lower()).split())
