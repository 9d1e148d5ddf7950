"""Two body-worn cameras that hear one talk from two places: who is near one is far from the other, noise is each one's.

Half of the scenes are invented talk by synthetic voices (two officers wear the cameras, a radio may speak), half are
sentences by real speakers. Sound comes later, fainter and with more of the room from farther away; each camera has
noise of its own and now and then cloth that rubs over its microphone. Both run throughout, so nothing is won by having
been there. Scenes to tune with and those that are ``held`` to report share no text, no noise, no seed, and of the
voices only ``joe``.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import numpy as np

from bench.corpora.sounds import BED, SPEECH, clips, decoded
from bench.places import ENCOUNTERS, MEDIA
from bench.scenes.conversations import WEARER_DBFS, WEARER_M, Studio
from bench.scenes.role_scripts import lines_of
from bodyworn.demo import acoustics
from bodyworn.demo.voices import RATE

OUT_RATE, SOUND_SPEED = 16_000, 343.0
#: Voices by who speaks: the first wearer, the second, two members of the community, dispatch.
CASTS = {
    True: {"o": "warm", "p": "joe", "c": "thin", "e": "elder", "d": "plain"},
    False: {"o": "low", "p": "joe", "c": "middle", "e": "bright", "d": "plain"},
}
SCRIPTS = ("backup", "fence", "overdose", "radio_stop", "parking_lot", "store")
#: Decibels of a wearer's own voice above the noise of the camera; two by chance.
OWN_VOICE_DB = (32.0, 27.0, 22.0, 17.0)
LEAD_S, TAIL_S = 4.0, 2.0


@dataclass(frozen=True)
class Spoken:
    """Something said: by whom, the words, the dry sound at :data:`RATE`, and the pause before."""

    who: str
    text: str
    dry: np.ndarray
    pause_s: float


@dataclass(frozen=True)
class TwoListeners:
    """What two cameras recorded at 16 kHz, and the words by start; ``offset_s`` is when the second one began."""

    name: str
    kind: str
    sounds: tuple[np.ndarray, np.ndarray]
    offset_s: float
    said: tuple[tuple[float, str], ...]
    own_voice_db: tuple[float, float]


def scenes(count: int, *, held: bool, folder: Path) -> list[TwoListeners]:
    """``count`` scenes, invented talk and real speakers in turn; ``folder`` keeps what synthetic voices spoke."""
    studio, half = Studio(folder), count // 2
    invented = [("invented talk", *_invented(studio, number, held)) for number in range(count - half)]
    real = [("real speakers", f"sentences {number + 1}", one) for number, one in enumerate(_real(half, held))]
    every = [one for pair in zip_longest(invented, real) for one in pair if one]
    return [_filmed(name, kind, lines, (77 if held else 11, at)) for at, (kind, name, lines) in enumerate(every)]


def _invented(studio: Studio, number: int, held: bool) -> tuple[str, list[Spoken]]:
    if held:
        name = SCRIPTS[number % len(SCRIPTS)]
        rows = lines_of(name)
    else:
        name, rows = _training_talk(number)
    spoken = [
        Spoken(who, text, studio.speak(CASTS[held][who], text), -0.4 if cuts else 0.5) for who, text, cuts in rows
    ]
    return name, spoken


def _training_talk(number: int) -> tuple[str, list[tuple[str, str, bool]]]:
    """The first turns of an encounter to train cues on; every third turn of an officer is the second one's."""
    whole = json.loads((ENCOUNTERS / "train-c.jsonl").read_text().splitlines()[2 + 3 * number])
    rows, officers = [], 0
    for turn in whole["turns"][:15]:
        who = {"officer": "o", "community": "c", "dispatch": "d"}.get(turn["speaker"].split("_")[0], "e")
        if who == "o":
            officers += 1
            who = "p" if officers % 3 == 0 else "o"
        rows.append((who, turn["text"], False))
    return whole["id"], rows


def _real(count: int, held: bool) -> list[list[Spoken]]:
    """Sentences of real speakers, dealt out to ``count`` scenes; each speaker stands where chance puts him."""
    there = {clip.path.name for clip in clips() if clip.kind == SPEECH and clip.held == held}
    with (MEDIA / "speech_en" / "transcripts.tsv").open(encoding="utf-8", newline="") as file:
        rows = [(MEDIA / "speech_en" / name, text) for name, text in csv.reader(file, delimiter="\t") if name in there]
    if held:
        said = json.loads((MEDIA / "speech" / "transcripts.json").read_text())
        rows += [(MEDIA / "speech" / f"{name}.wav", text) for name, text in said.items()]
    rng = np.random.default_rng(5 if held else 3)
    dealt = [rows[int(at)] for at in rng.permutation(len(rows)) if not rows[int(at)][0].name.startswith("azure")]
    each = min(10, len(dealt) // max(1, count))
    return [
        [
            Spoken("opce"[int(rng.integers(4))], text, _at_rate(decoded(path)), 0.45)
            for path, text in dealt[number * each : (number + 1) * each]
        ]
        for number in range(count)
    ]


def _at_rate(sound: np.ndarray) -> np.ndarray:
    """16 kHz as :data:`RATE`, trimmed of silence, by the spectrum."""
    loud = np.flatnonzero(np.abs(sound) > 0.02 * np.abs(sound).max())
    cut = sound[max(0, loud[0] - 800) : loud[-1] + 800]
    return np.asarray(np.fft.irfft(np.fft.rfft(cut), len(cut) * 3 // 2) * 1.5, np.float32)


def _filmed(name: str, kind: str, lines: Sequence[Spoken], seed: tuple[int, int]) -> TwoListeners:
    rng = np.random.default_rng(seed)
    meters = _places(rng)
    starts, at = list[float](), LEAD_S
    for line in lines:
        starts.append(at + line.pause_s if starts else at)
        at = max(at, starts[-1] + len(line.dry) / RATE)
    beds = [clip for clip in clips() if clip.kind == BED and clip.held == (seed[0] == 77)]
    chosen = rng.choice(len(beds), 2, replace=False)
    own = tuple(float(one) for one in rng.choice(OWN_VOICE_DB, 2, replace=False))
    loudness = rng.normal(0, 2.0, len(lines))
    offset, sounds = float(rng.uniform(0.2, 2.5)), []
    for camera in range(2):
        dry = _heard(lines, starts, at + TAIL_S, {who: pair[camera] for who, pair in meters.items()}, loudness, rng)
        noise = _going_round(beds[int(chosen[camera])].samples(), len(dry), rng)
        level = 10 ** ((WEARER_DBFS - own[camera]) / 20)
        sounds.append(dry + noise * np.float32(level / max(1e-6, float(np.sqrt((noise**2).mean())))))
    second = sounds[1][round(offset * OUT_RATE) :]
    said = tuple((start, line.text) for start, line in zip(starts, lines, strict=True))
    clipped = (np.clip(sounds[0], -1, 1), np.clip(second, -1, 1))
    return TwoListeners(name, kind, clipped, offset, said, (own[0], own[1]))


def _places(rng: np.random.Generator) -> dict[str, tuple[float, float]]:
    """Meters from each person to both cameras: the wearers 2.5 to 6 m apart, others where they stand; a radio on the
    first wearer's shoulder."""
    first, second = np.zeros(2), np.array([rng.uniform(2.5, 6), 0.0])
    found = {"o": (WEARER_M, float(second[0])), "p": (float(second[0]), WEARER_M), "d": (0.3, float(second[0]))}
    for who, beside in (("c", first), ("e", second)):
        angle, away = rng.uniform(0, 2 * np.pi), rng.uniform(0.9, 2.2)
        stands = beside + away * np.array([np.cos(angle), np.sin(angle)])
        found[who] = tuple(max(0.6, float(np.hypot(*(stands - camera)))) for camera in (first, second))  # type: ignore[assignment]
    return found


def _heard(
    lines: Sequence[Spoken],
    starts: Sequence[float],
    seconds: float,
    meters: dict[str, float],
    loudness: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """All lines as one camera hears them, at 16 kHz, with cloth that rubs about every 20 s."""
    mix = np.zeros(round(seconds * RATE) + RATE, np.float32)
    rooms = {who: _room(away, rng) for who, away in meters.items()}
    for line, start, louder in zip(lines, starts, loudness, strict=True):
        away = meters[line.who]
        dry = acoustics.radio(line.dry, np.random.default_rng(len(line.dry))) if line.who == "d" else line.dry
        fall = 20 * np.log10(max(away, WEARER_M) / WEARER_M) + (7.0 if line.who == "d" else 0.0)
        wet = acoustics.level(acoustics.convolve(dry, rooms[line.who]), WEARER_DBFS - fall + float(louder))
        first = round((start + away / SOUND_SPEED) * RATE)
        piece = wet[: len(mix) - first]
        mix[first : first + len(piece)] += piece
    for _ in range(int(seconds / 20)):
        rub = acoustics.level(acoustics.rustle(rng, 1.5), -30.0)
        first = int(rng.integers(0, len(mix) - len(rub)))
        mix[first : first + len(rub)] += rub
    count = round(seconds * OUT_RATE)
    whole = mix[: round(seconds * RATE)]
    return np.asarray(np.fft.irfft(np.fft.rfft(whole)[: count // 2 + 1], count) * (2 / 3), np.float32)


def _room(away: float, rng: np.random.Generator) -> np.ndarray:
    return acoustics.room_response(rng, 0.15 + 0.07 * min(away, 5), min(2.5, 0.03 + 0.22 * away**1.2))


def _going_round(bed: np.ndarray, length: int, rng: np.random.Generator) -> np.ndarray:
    return np.resize(np.roll(bed, -int(rng.integers(len(bed)))), length)
