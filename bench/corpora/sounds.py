"""Sounds with a known kind: cries, laughs, screams, shots, sirens and other sounds, by donor, with a part kept apart.

All lie in the shared media; each folder's ``SOURCES.tsv`` says whose they are. The vocal bursts of EmoGator are *asked*
emotions, so only those count as crying, laughter or screams whose sound says so too (the flags of
``emogator_labels.tsv``); the others of these folders are left out, as nobody has listened to them.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import av
import numpy as np

from bench.places import MEDIA

RATE = 16_000
#: This many of ten donors are kept for measuring: no sound of theirs is trained on.
HELD_OF_TEN = 3
CRY, LAUGH, SCREAM, SHOT, SIREN, VOICE, OTHER, SPEECH, BED = (
    "cry", "laugh", "scream", "shot", "siren", "voice", "other", "speech", "bed"
)  # fmt: skip
_FLAGS = {"likely_sob": CRY, "likely_laugh": LAUGH, "likely_scream": SCREAM}
_ASKED = {"Anger": VOICE, "Neutral": VOICE, "Elation": VOICE}
#: Clips of minutes, or of places: what is heard behind, and never has an event of its own.
_BEDS = (
    "rain",
    "mt_wind",
    "wind_on",
    "engine",
    "night",
    "weather",
    "max_train",
    "dashcam",
    "hikers",
    "static",
    "helicopter",
    "typing",
)
_REAL_SPEECH = ("speech_en",)
_HELD_SPEECH = ("speech", "speech_es", "diarization")


@dataclass(frozen=True)
class SoundClip:
    """One recording: its kind, whose it is, and whether it is kept for measuring."""

    path: Path
    kind: str
    donor: str
    held: bool

    @property
    def baby(self) -> bool:
        """Whether it is a baby that cries."""
        return self.path.name.startswith("donateacry")

    def samples(self) -> np.ndarray:
        """The sound at 16 kHz mono, float32 in -1..1."""
        return decoded(self.path)


@cache
def decoded(path: Path) -> np.ndarray:
    """The first sound track of a file at 16 kHz mono, float32."""
    parts = []
    with av.open(str(path)) as container:
        resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
        for frame in container.decode(audio=0):
            parts += [one.to_ndarray()[0] for one in resampler.resample(frame)]
        parts += [one.to_ndarray()[0] for one in resampler.resample(None)]
    return np.concatenate(parts).astype(np.float32) if parts else np.zeros(0, np.float32)


def is_held(donor: str) -> bool:
    """Whether the donor is kept for measuring: by a digest of the name, so that it never changes."""
    return hashlib.sha256(donor.encode()).digest()[0] % 10 < HELD_OF_TEN


def clips() -> list[SoundClip]:
    """All clips of ``media/sounds`` whose kind is known, and speech and noise to put around them."""
    return sorted([*_sounds(), *_speech(), *_noise()], key=lambda clip: (clip.kind, clip.path))


def _sounds() -> Iterator[SoundClip]:
    for folder in ("cry", "laugh", "scream", "shot", "siren", "other"):
        place = MEDIA / "sounds" / folder
        labels = {row["file"]: row for row in _rows(place / "emogator_labels.tsv")}
        for row in _rows(place / "SOURCES.tsv"):
            path = place / row["file"]
            kind = _kind(folder, row["file"], labels)
            if kind is not None and path.is_file():
                donor = _donor(row)
                yield SoundClip(path, kind, donor, is_held(donor))


def _kind(folder: str, file: str, labels: Mapping[str, Mapping[str, str]]) -> str | None:
    """The kind of a file; ``None`` for bursts whose asked emotion the sound does not bear out."""
    label = labels.get(file)
    if label is not None:
        return _FLAGS.get(label["flag"]) or (_ASKED.get(label["asked_emotion"]) if not label["flag"] else None)
    if file.startswith("emogator") or (folder == "scream" and file.startswith("freedoom")):
        return None
    if folder == "other" and any(word in file for word in _BEDS):
        return BED
    return folder


def _donor(row: Mapping[str, str]) -> str:
    name = row["file"]
    if name.startswith("donateacry_"):
        return name[len("donateacry_") :][:36].lower()
    if name.startswith("emogator_"):
        return "emogator-" + row["author"].split()[-1]
    return row["author"].strip() or name


def _speech() -> Iterator[SoundClip]:
    for folder in (*_REAL_SPEECH, *_HELD_SPEECH):
        for path in sorted((MEDIA / folder).iterdir()):
            if path.suffix in (".wav", ".flac", ".opus"):
                donor = path.stem[:10] if path.stem.startswith("so762") else path.stem
                yield SoundClip(path, SPEECH, donor, folder in _HELD_SPEECH or is_held(donor))


def _noise() -> Iterator[SoundClip]:
    for path in sorted((MEDIA / "noise").glob("noise*.wav")):
        yield SoundClip(path, BED, path.stem, path.stem in ("noise4", "noise5"))


def responses(held: bool) -> list[np.ndarray]:
    """Room responses, of which two are kept for measuring."""
    kept = {"rir3", "rir4"}
    return [decoded(path) for path in sorted((MEDIA / "noise").glob("rir*.wav")) if (path.stem in kept) == held]


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))
