"""Crying found, and false findings per hour, beside the rule of rhythm that was there before.

Donors, speakers and places that nothing was trained on (``bench/corpora/sounds.py``). Recordings as they are, with a
second of faint noise between them, stand apart from scenes that are composed of them. The rule gets the same sound and
is told that there are no words, which can only help it to find.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bench.corpora.sounds import (
    BED,
    CRY,
    LAUGH,
    OTHER,
    RATE,
    SCREAM,
    SHOT,
    SIREN,
    SPEECH,
    VOICE,
    SoundClip,
    clips,
)
from bench.peers.sob_rhythm import join_rows, sobs_of
from bench.report import Out, run_alone, table
from bench.scenes.sound_scenes import SECONDS, SoundStudio
from bodyworn.findings.voices.prosody import prosody
from bodyworn.findings.voices.sound_kinds import sounds_of
from bodyworn.findings.voices.wave_file import Wave

SEED, COMPOSED, ROW = 77, 160, 5
CRYING, RHYTHM = "crying_like", "rhythm"
BABIES, ADULTS = "cries of babies", "sobs of adults"
NAMES = {
    SPEECH: "speech and meetings",
    LAUGH: "laughs",
    BED: "traffic, rain, wind, engines",
    SIREN: "sirens",
    VOICE: "angry, elated and plain bursts of voice",
    OTHER: "animals, doors, glass, radio, coughs",
    SHOT: "shots",
    SCREAM: "screams",
}


@dataclass(frozen=True)
class Tally:
    """Recordings of one kind: how many, seconds, in how many each kind was found and how many findings there were."""

    count: int
    seconds: float
    found: dict[str, int]
    findings: dict[str, int]


def tally(sounds: Iterable[np.ndarray]) -> Tally:
    """What is found in sounds, each by itself."""
    rows, seconds = [], 0.0
    for sound in sounds:
        by_rhythm = sobs_of(prosody(sound.astype(np.float32)), [], [])
        rows.append({CRYING: len(sounds_of(Wave(sound), _no_progress)), RHYTHM: len(join_rows(by_rhythm))})
        seconds += len(sound) / RATE
    kinds = (CRYING, RHYTHM)
    found = {kind: sum(row[kind] > 0 for row in rows) for kind in kinds}
    return Tally(len(rows), seconds, found, {kind: sum(row[kind] for row in rows) for kind in kinds})


def _no_progress(done: int) -> None:
    pass


def as_they_are(clips_of_one_kind: Sequence[SoundClip]) -> Iterator[np.ndarray]:
    """Recordings in a row, a second of faint noise between them, a minute and a half at most in each."""
    chance, row = np.random.default_rng(3), list[np.ndarray]()
    for clip in clips_of_one_kind:
        row += [chance.normal(0, 3e-4, RATE).astype(np.float32), clip.samples()]
        if sum(map(len, row)) > 90 * RATE:
            yield np.concatenate(row)
            row = []
    if row:
        yield np.concatenate([*row, chance.normal(0, 3e-4, RATE).astype(np.float32)])


def composed(kinds: Sequence[str]) -> dict[str, list[np.ndarray]]:
    """Scenes by kind; of kinds that are only heard for false findings, a minute of scenes in a row each."""
    studio, scenes = SoundStudio(clips(), True, SEED), dict[str, list[np.ndarray]]()
    for number in range(COMPOSED):
        kind = kinds[number % len(kinds)]
        studio.chance = np.random.default_rng((SEED, number))
        scene = studio.scene(kind)
        name = kind if kind != CRY else BABIES if scene.baby else ADULTS
        scenes.setdefault(name, []).append(scene.sound)
    return {
        name: own
        if name in (BABIES, ADULTS)
        else [np.concatenate(own[at : at + ROW]) for at in range(0, len(own), ROW)]
        for name, own in scenes.items()
    }


def share(hits: int, count: int) -> str:
    """The share with its 95 % interval (Wilson)."""
    if not count:
        return "none"
    part, z = hits / count, 1.96
    middle = (part + z * z / (2 * count)) / (1 + z * z / count)
    reach = z * math.sqrt(part * (1 - part) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return f"{hits} of {count}: {part:.2f} ({max(0.0, middle - reach):.2f}–{min(1.0, middle + reach):.2f})"


def per_hour(findings: int, seconds: float) -> str:
    """Findings per hour with the 95 % interval of a Poisson count."""
    hours = seconds / 3600
    low = next((m / 100 for m in range(100 * findings, -1, -1) if _at_least(findings, m / 100) < 0.025), 0.0)
    high = next(m / 100 for m in range(100 * findings, 100 * findings + 10_000) if _at_most(findings, m / 100) < 0.025)
    return f"{findings / hours:.1f} ({low / hours:.1f}–{high / hours:.1f})"


def _at_most(count: int, mean: float) -> float:
    return sum(math.exp(-mean) * mean**k / math.factorial(k) for k in range(count + 1))


def _at_least(count: int, mean: float) -> float:
    return 1 - _at_most(count - 1, mean) if count else 1.0


def _recall_rows(real: Mapping[str, Tally], made: Mapping[str, Tally]) -> list[tuple[object, ...]]:
    rows = [*((f"{name}, as recorded", one) for name, one in real.items())]
    rows += [(f"{name}, composed", one) for name, one in made.items()]
    return [(name, *(share(one.found[kind], one.count) for kind in (CRYING, RHYTHM))) for name, one in rows]


def _false_rows(tallies: Mapping[str, Tally], how: str) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = [
        (f"{NAMES[kind]}, {how}", f"{one.seconds / 60:.1f}", one.findings[CRYING], one.findings[RHYTHM])
        for kind, one in tallies.items()
    ]
    ordinary = [one for kind, one in tallies.items() if kind in (SPEECH, LAUGH, BED, SIREN)]
    seconds = sum(one.seconds for one in ordinary)
    sums = [sum(one.findings[name] for one in ordinary) for name in (CRYING, RHYTHM)]
    rows.append((f"speech, laughs, traffic, sirens, {how}: per hour", f"{seconds / 60:.1f}",
                 *(per_hour(count, seconds) for count in sums)))  # fmt: skip
    return rows


def run(out: Out) -> None:
    """Hear everything, write the section."""
    held = [clip for clip in clips() if clip.held]
    cries = [clip for clip in held if clip.kind == CRY]
    groups = {BABIES: [c for c in cries if c.baby], ADULTS: [c for c in cries if not c.baby]}
    real = {name: tally(next(as_they_are([clip])) for clip in own) for name, own in groups.items()}
    began = time.process_time()
    spoken = [*as_they_are([clip for clip in held if clip.kind == SPEECH])]
    for sound in spoken:
        sounds_of(Wave(sound), _no_progress)
    cost = (time.process_time() - began) / (sum(map(len, spoken)) / RATE)
    false = {kind: tally(as_they_are([c for c in held if c.kind == kind])) for kind in NAMES}
    scenes = composed((CRY, SPEECH, CRY, LAUGH, CRY, BED, OTHER, LAUGH))
    made = {name: tally(scenes.pop(name)) for name in (BABIES, ADULTS)}
    false_made = {kind: tally(own) for kind, own in scenes.items()}
    text = "\n\n".join(
        (
            "Donors, speakers and places that nothing was trained on. The rule of rhythm is what told `crying_like` "
            "before; it is told that there are no words. Adults sobbed because they were asked to.",
            table(("found in", "encoder and layer", "rule of rhythm"), _recall_rows(real, made)),
            "Findings where no one cries. Target: at most 1 per hour of speech, laughter, traffic.",
            table(
                ("sound", "minutes", "encoder and layer", "rule of rhythm"),
                [*_false_rows(false, "as recorded"), *_false_rows(false_made, "composed")],
            ),
            f"Processor time: {1000 * cost * SECONDS:.0f} ms for ten seconds, {100 * cost:.1f} % of their length.",
        )
    )
    out.section("sounds", "Crying by its sound", text)


if __name__ == "__main__":
    run_alone(run)
