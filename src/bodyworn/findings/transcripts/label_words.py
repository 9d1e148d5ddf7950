"""Words of which labels of speakers are made, and what they say about the role; from ``label_words.toml``."""

from __future__ import annotations

import tomllib
from pathlib import Path

_READ: dict[str, dict[str, str]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


def _listed(name: str) -> frozenset[str]:
    return frozenset(_READ["lists"][name].split())


#: What a word of a label says: a role, ``other`` for a trade that is none of them, ``anyone`` for nothing.
ROLE_OF = {word: role for role, words in _READ["roles"].items() for word in words.split()}
#: Ranks: what follows directly is a name, even if it is a word for somebody.
RANKS = _listed("ranks")
#: Beside one of these, a word of rank is no police officer's.
OTHER_TRADES = _listed("other_trades")
#: Words that no label holds: what somebody says before a colon.
SAID = _listed("said")
#: Small words inside labels: ``Mother of Officer Hale``, ``Officer over radio``.
LINKS = _listed("links")
#: Descriptions of people in lower case that stand in labels.
DESCRIBING = _listed("describing")
#: Nouns of sounds: ``[police siren]`` is no speaker.
SOUNDS = _listed("sounds")
