"""Train the layer that tells crying by its sound: ``python -m training.sounds [--into FOLDER]``.

Scenes of ten seconds are made of the clips of seven in ten donors (``bench/scenes/sound_scenes.py``), heard by the
recognizer's encoder, and each kind gets a logistic regression on windows of some seconds. Level and calibration come
from windows of donors that the regression did not see (cross-validation by donor). The other three in ten donors are
for ``python -m bench sounds``. Needs nothing that the product does not.
"""

from __future__ import annotations

import argparse
import json
import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from bench.corpora.sounds import BED, CRY, LAUGH, SCREAM, SIREN, SPEECH, clips
from bench.report import table
from bench.scenes.sound_scenes import SECONDS, SoundStudio

from bodyworn.domain.codec import to_json
from bodyworn.findings.speech.encoder import load_encoder
from bodyworn.findings.voices.sound_kinds import SoundLayer, SoundLayers, pooled, windowed
from training import package
from training.sounds import fit

SEED, SCENES = 11, 2000


@dataclass(frozen=True)
class Wanted:
    """What a layer is to tell: its ``name``, the clips it is learned from and those that are neither for nor against,
    the seconds of a window, how many of them the sound must fill, how many windows in a row are asked for, and the
    kind under which it ships (``None``: it is only tried)."""

    name: str
    clips: str
    unsure: tuple[str, ...]
    seconds: int
    least_s: float
    windows: int
    kind: str | None


#: Names of what scenes are of, where more than the kind of their clips is known.
BABY, ADULT = "cries of babies", "sobs of adults"
LAYERS = (
    Wanted("crying", BABY, (ADULT, SCREAM), 3, 1.2, 3, "crying_like"),
    Wanted("sobbing", ADULT, (BABY, SCREAM), 3, 1.2, 2, None),
    Wanted("screaming", SCREAM, (BABY, ADULT), 3, 0.8, 1, None),
)
L2 = 50.0
#: So often an hour may scenes of speech, laughter and traffic be reported that are composed one after another.
FALSE_PER_HOUR = 1.0
ORDINARY = (SPEECH, LAUGH, BED, SIREN)


@dataclass(frozen=True)
class HeardScenes:
    """Scenes as the encoder hears them: ``pools`` ``(scenes, 10, 3, 384)``, kinds, donors, whether a baby cries, and
    how much of each second the event fills, ``(scenes, 10)``."""

    pools: np.ndarray
    kinds: np.ndarray
    donors: np.ndarray
    baby: np.ndarray
    filled: np.ndarray

    def names(self) -> np.ndarray:
        """The kinds, with babies and adults who cry apart."""
        return np.where(self.kinds == CRY, np.where(self.baby, BABY, ADULT), self.kinds)


def hear(numbers: tuple[int, ...], seed: int, held: bool) -> list[tuple[np.ndarray, str, str, bool, list[float]]]:
    """Make and hear the scenes of those numbers."""
    studio, encoder, found = SoundStudio(clips(), held, seed), load_encoder(), []
    for number in numbers:
        scene = studio.drawn(number)
        filled = [
            sum(max(0, min(s.end_ms, at + 1000) - max(s.start_ms, at)) for s in scene.spans) / 1000
            for at in range(0, SECONDS * 1000, 1000)
        ]
        found.append((pooled(encoder.hear(scene.sound)), scene.kind, scene.donor, scene.baby, filled))
    return found


def heard_scenes(count: int, seed: int, held: bool, kept: Path) -> HeardScenes:
    """``count`` scenes of a seed; what was heard before is read from ``kept``."""
    if not kept.is_file():
        parts = [tuple(range(at, min(count, at + 50))) for at in range(0, count, 50)]
        with ProcessPoolExecutor(os.cpu_count()) as pool:
            rows = [row for part in pool.map(hear, parts, [seed] * len(parts), [held] * len(parts)) for row in part]
        pools, kinds, donors, baby, filled = zip(*rows, strict=True)
        kept.parent.mkdir(parents=True, exist_ok=True)
        np.savez(kept, pools=np.stack(pools), kinds=kinds, donors=donors, baby=baby, filled=filled)
    with np.load(kept) as file:
        return HeardScenes(*(file[name] for name in HeardScenes.__dataclass_fields__))


def labels(scenes: HeardScenes, wanted: Wanted) -> np.ndarray:
    """For each window 1, 0, or -1 where it is unsure; ``(scenes, windows)``."""
    filled = np.lib.stride_tricks.sliding_window_view(scenes.filled, wanted.seconds, axis=1).sum(axis=-1)
    own = np.where(filled >= wanted.least_s, 1, np.where(filled > 0.1, -1, 0))
    found = np.where((scenes.names() == wanted.clips)[:, None], own, 0)
    found[np.isin(scenes.names(), wanted.unsure)] = -1
    return found


def layer(scenes: HeardScenes, wanted: Wanted) -> tuple[SoundLayer, dict[str, str]]:
    """The layer, and in how many scenes of donors that it was not fitted on it is reported, by what they are of."""
    x = np.stack([windowed(one, wanted.seconds) for one in scenes.pools])
    count, windows, width = x.shape
    flat, truth = x.reshape(-1, width), labels(scenes, wanted).reshape(-1)
    used = (truth >= 0) & np.tile(np.arange(windows) % 2 == 0, count)
    folds = np.repeat(fit.folds_of([d or str(n) for n, d in enumerate(scenes.donors)]), windows)
    odds = fit.by_fold(flat, truth, used, folds, L2)
    slope, shift = fit.calibration(odds[used], truth[used])
    scores = fit.logistic(slope * odds + shift).reshape(count, windows)
    ordinary = scores[np.isin(scenes.kinds, ORDINARY)]
    level = fit.level_for(ordinary, wanted.windows, FALSE_PER_HOUR * SECONDS / 3600)
    found, names = fit.reported(scores, level, wanted.windows), scenes.names()
    weights, bias = fit.regression(flat[used], truth[used], L2)
    made = SoundLayer(
        kind=wanted.kind or wanted.name,
        seconds=wanted.seconds,
        windows=wanted.windows,
        report=float(np.ceil(level * 1e4) / 1e4),
        bias=round(slope * bias + shift, 5),
        weights=tuple(float(f"{slope * value:.4g}") for value in weights),
    )
    return made, {name: f"{found[names == name].sum()} of {(names == name).sum()}" for name in sorted(set(names))}


def main() -> None:
    """Print what was found across the folds, write weights into ``--out``; with ``--into`` the product gets them."""
    ask = argparse.ArgumentParser(prog="python -m training.sounds", description=__doc__)
    ask.add_argument("--out", type=Path, default=Path("out/sounds"))
    ask.add_argument("--scenes", type=int, default=SCENES)
    package.add_option(ask)
    told = ask.parse_args()
    scenes = heard_scenes(told.scenes, SEED, False, told.out / f"scenes-{SEED}-{told.scenes}.npz")
    made = [(wanted, *layer(scenes, wanted)) for wanted in LAYERS]
    names = sorted(set(scenes.names()))
    print(
        table(("scenes of", *(wanted.name for wanted, _, _ in made)), [(n, *(f[n] for *_, f in made)) for n in names])
    )
    shipped = SoundLayers(tuple(one for wanted, one, _ in made if wanted.kind is not None))
    file = told.out / "weights.json"
    file.write_text(json.dumps(to_json(shipped), separators=(",", ":")) + "\n", "utf-8")
    package.put([file], told.into)


if __name__ == "__main__":
    main()
