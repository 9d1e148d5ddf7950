"""Ordinary real talk that is hidden though nobody's data is in it: of 100 words, heard once and twice, by which rule.

``python -m bench spoken_talk [--development] [--kept FOLDER]``. Meetings, conversations, reading, a radio and accented
sentences of real people (``corpora/spoken_pii/real_talk.py``), heard with all stages that redactions run. With
``--development`` the half that may be looked at is heard, and every proposal is printed. ``--kept`` reads what was
heard from a folder, and puts it there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.corpora.spoken_pii import real_talk
from bench.report import Out, run_alone, table
from bodyworn.redactions.speech import from_utterances
from bodyworn.redactions.spoken.proposing import propose_words
from bodyworn.redactions.spoken.readings import heard_alike, second_reading
from bodyworn.redactions.spoken.words import transcript_of

KINDS = {
    "bwc": "a radio",
    "diarization": "meetings",
    "ami": "meetings",
    "azure_en-US": "read",
    "libri": "read",
    "azure_chat": "conversation",
    "azure_katiesteve": "conversation",
    "gcp": "conversation",
    "accented": "accented sentences, read",
}


@dataclass
class Hidden:
    """Words of one kind of talk that belong to no name, those hidden heard once and twice, and what hid them."""

    words: int = 0
    once: int = 0
    twice: int = 0
    proposals: int = 0
    right: int = 0
    rules: Counter[str] = field(default_factory=Counter)


def count(heard: Mapping[str, Any], names: Sequence[str], score: Hidden, show: bool) -> None:
    """Add one recording."""
    said, again = heard["utterances"], heard["again"]
    talk = transcript_of(said)
    masks = [from_utterances(said), from_utterances(said, again)]
    for word in talk.words:
        if word.plain.removesuffix("'s") in names:
            continue
        middle = (word.start_ms + word.end_ms) * 500
        once, twice = (any(one.start_us <= middle < one.end_us for one in made) for made in masks)
        score.words += 1
        score.once += once
        score.twice += twice
    known = heard_alike(said, again)
    for reading in (talk, transcript_of(second_reading(said, again))):
        for item in propose_words(reading, known=known):
            words = reading.words[item.first : item.last + 1]
            right = any(word.plain.removesuffix("'s") in names for word in words)
            score.proposals += 1
            score.right += right
            score.rules[item.rule.id] += not right
            if show:
                around = reading.plain(item.first - 4, item.first), reading.plain(item.last + 1, item.last + 5)
                print(f"  {around[0]} [{' '.join(w.text for w in words)}] {around[1]}: {item.rule.id}", flush=True)


def kind_of(name: str) -> str:
    """What kind of talk a recording is."""
    file = name.split("/")[-1]
    return next(kind for start, kind in KINDS.items() if name.startswith(start) or file.startswith(start))


def run(out: Out) -> None:
    """Hear and count; the development half is printed only."""
    development = "--development" in out.words
    kept = Path(out.words[out.words.index("--kept") + 1]) if "--kept" in out.words else None
    name = "development" if development else "reported"
    heard = real_talk.hear(development, kept / f"talk-{name}.json" if kept else None)
    scores: dict[str, Hidden] = {}
    for recording, one in heard.items():
        score = scores.setdefault(kind_of(recording), Hidden())
        count(one, real_talk.NAMES.get(recording, ()), score, development)
    text = told(scores)
    if development:
        print(text)
        return
    out.section("spoken_talk", "Ordinary real talk hidden for nothing", f"{text}\n\n{_HOW}")


_HOW = (
    "Real talk of the shared media in which hardly anybody is named; words of those names are left out. Heard twice: "
    "as redactions do. What was mended was looked at on other recordings and speakers (`--development`)."
)


def told(scores: Mapping[str, Hidden]) -> str:
    """Shares by kind of talk, and the rules behind them."""
    every = Hidden()
    for one in scores.values():
        for name in ("words", "once", "twice", "proposals", "right"):
            setattr(every, name, getattr(every, name) + getattr(one, name))
        every.rules.update(one.rules)
    rows = [
        (kind, one.words, *(f"{100 * part / max(1, one.words):.1f}" for part in (one.once, one.twice)))
        for kind, one in [*scores.items(), ("all", every)]
    ]
    causes = ", ".join(f"{rule} {times}" for rule, times in every.rules.most_common() if times)
    return (
        table(("talk", "words", "of 100 hidden for nothing, heard once", "heard twice"), rows)
        + f"\n\nProposals of both readings that hide a name: {every.right} of {every.proposals}. "
        f"The others by rule: {causes or 'none'}."
    )


if __name__ == "__main__":
    run_alone(run)
