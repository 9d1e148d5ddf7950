"""The disguised voice: are the words still understood, and is the voice still known?

Ten sentences by two people (shared/media/speech), each disguised with a secret of its own, several times over. Words:
the word error rate of the recognizer that ships, before and after. Voice: the embedding by which the product tells
voices apart within a recording, here between recordings and only for this measure. A sentence is compared with the
other sentences: the mean cosine to those of its own speaker and to those of the other, and how often its own speaker is
the nearer one (0.5 is chance). Against somebody who knows the trick it is compared with sentences disguised likewise.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from bench.measures.transcript import ours
from bench.places import MEDIA
from bench.report import Out, run_alone, table
from bench.scores.wording import errors, words
from bench.sound.waves import read_sound, write_mono
from bodyworn.findings.voices.embedding import load_embedder, log_mel
from bodyworn.redactions.voice_disguise import Disguise

RATE = 16_000
Sounds = Mapping[str, np.ndarray]


def voices_of(sounds: Sounds) -> dict[str, np.ndarray]:
    """The embedding of each sound."""
    embedder = load_embedder()
    return {name: embedder.run(log_mel(sound)[None])[0] for name, sound in sounds.items()}


def told(asked: Mapping[str, np.ndarray], known: Mapping[str, np.ndarray]) -> tuple[int, int]:
    """How often the speaker of an asked sentence is nearer than the other, among known sentences that are others."""
    right = total = 0
    for name, voice in asked.items():
        near: dict[str, list[float]] = {}
        for other, heard in known.items():
            if other != name:
                near.setdefault(other[:4], []).append(float(voice @ heard))
        best = max(near, key=lambda speaker: float(np.mean(near[speaker])))
        right += best == name[:4]
        total += 1
    return right, total


def cosines(asked: Mapping[str, np.ndarray], known: Mapping[str, np.ndarray]) -> str:
    """Mean cosine to other sentences of the same speaker, and of the other: ``0.70 / 0.06``."""
    pairs = [(a[:4] == b[:4], float(asked[a] @ known[b])) for a in asked for b in known if a != b]
    own, other = (float(np.mean([cosine for same, cosine in pairs if same is own])) for own in (True, False))
    return f"{own:.2f} / {other:.2f}"


def wrong(sounds: Sounds, said: Mapping[str, str], folder: Path) -> tuple[int, int]:
    """Wrong words and words."""
    files = []
    for name, sound in sounds.items():
        files.append(folder / f"{name}.wav")
        write_mono(sound, files[-1])
    _, heard = ours(files, 2)
    pairs = [(words(said[name]), words(text)) for name, text in zip(sounds, heard, strict=True)]
    return sum(errors(one, other) for one, other in pairs), sum(len(one) for one, _ in pairs)


def share(counts: Sequence[tuple[int, int]]) -> str:
    """``0.55 (11/20)``."""
    part, whole = (sum(numbers) for numbers in zip(*counts, strict=True))
    return f"{part / whole:.2f} ({part}/{whole})"


def run(out: Out) -> None:
    """Disguise, listen, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=6)
    times = parser.parse_args(out.words).times
    said = json.loads((MEDIA / "speech" / "transcripts.json").read_text())
    plain = {name: read_sound(MEDIA / "speech" / f"{name}.wav") for name in sorted(said)}
    known = voices_of(plain)
    rows, spent = [], 0.0
    with tempfile.TemporaryDirectory() as folder:
        rows.append(
            [
                "as it is",
                share([wrong(plain, said, Path(folder))]),
                cosines(known, known),
                share([told(known, known)]),
                "",
            ]
        )
        heard, open_told, same_told = [], [], []
        for _ in range(times):
            start = time.process_time()
            strange = {name: Disguise()(sound[None], 0, RATE)[0] for name, sound in plain.items()}
            spent += time.process_time() - start
            heard.append(wrong(strange, said, Path(folder)))
            voices = voices_of(strange)
            last = cosines(voices, known)
            open_told.append(told(voices, known))
            same_told.append(told(voices, voices))
        rows.append(["disguised", share(heard), last, share(open_told), share(same_told)])
    seconds = sum(len(sound) for sound in plain.values()) / RATE * times
    head = [
        "speech",
        "word error rate",
        "cosine to own / other voice",
        "speaker told, against open speech",
        "against speech disguised likewise",
    ]
    text = table(head, rows) + (
        f"\n\n{1000 * spent / seconds:.0f} ms of processor for a second of speech at 16 kHz. Two speakers only, whose "
        "voices lie far apart. Cosines of the last round.\n"
    )
    out.section("disguise", "The disguised voice", text)


if __name__ == "__main__":
    run_alone(run)
