"""Words reported over a minute of noise or silence: none were said, so none may be reported.

``python -m bench hallucination [--noise DIR] [--peer COMMAND] [--seed N] [--dry]``

White, pink and brown noise at three levels, mains hum, clicks, a swept tone, digital silence, codec residue and every
``noise*.wav`` of ``--noise`` looped; 60 s each. Beside it whisper-ctranslate2 with the same model and its VAD on.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np

from bench.measures.transcript import ours, peer
from bench.places import MEDIA
from bench.report import Out, run_alone, table
from bench.scores import wording
from bench.sound import mixing

SECONDS = 60


def colored(rng: np.random.Generator, slope: float) -> mixing.Sound:
    """Noise whose power falls with frequency to the ``slope``: 0 white, 1 pink, 2 brown; root mean square 1."""
    size = SECONDS * mixing.RATE
    spectrum = np.fft.rfft(rng.standard_normal(size))
    spectrum /= np.maximum(np.arange(len(spectrum)), 20) ** (slope / 2)
    sound = np.fft.irfft(spectrum, size)
    return np.asarray(sound / sound.std())


def sounds(noise: Path, seed: int) -> dict[str, mixing.Sound]:
    """Sounds by name in which nobody speaks."""
    rng = np.random.default_rng(seed)
    size = SECONDS * mixing.RATE
    t = np.arange(size) / mixing.RATE
    made: dict[str, mixing.Sound] = {"digital silence": np.zeros(size)}
    made["codec residue"] = rng.integers(-2, 3, size) / 32768
    for name, slope in (("white", 0.0), ("pink", 1.0), ("brown", 2.0)):
        for level in (-60, -35, -15):
            made[f"{name} noise, {level} dB"] = colored(rng, slope) * 10 ** (level / 20)
    made["mains hum"] = 0.1 * sum(np.sin(2 * np.pi * 60 * k * t) / k for k in range(1, 8)) + 1e-3 * colored(rng, 0)
    clicks = np.zeros(size)
    clicks[rng.integers(0, size, 90)] = rng.uniform(-0.8, 0.8, 90)
    made["clicks"] = clicks + 1e-3 * colored(rng, 1)
    made["swept tone"] = 0.2 * np.sin(2 * np.pi * np.cumsum(600 + 400 * np.sin(2 * np.pi * 0.5 * t)) / mixing.RATE)
    made["gusts"] = colored(rng, 2) * 0.1 * (1 + np.sin(2 * np.pi * 0.3 * t + rng.uniform(0, 6)))
    for path in sorted(noise.glob("noise*.wav")):
        made[f"{path.stem}, looped"] = mixing.looped(mixing.read(path), size, seed)
    return made


def run(out: Out) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--noise", type=Path, default=MEDIA / "noise")
    parser.add_argument("--peer", default="whisper-ctranslate2")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    asked = parser.parse_args(out.words)
    with tempfile.TemporaryDirectory() as folder:
        names, files = [], []
        for number, (name, sound) in enumerate(sounds(asked.noise, asked.seed).items()):
            names.append(name)
            files.append(mixing.write(Path(folder) / f"{number}.wav", sound))
        cpu, said = ours(files, asked.threads)
        peer_cpu, peer_said = peer(asked.peer, files, asked.threads) if asked.peer else (0.0, [""] * len(files))
    counts = [[len(wording.words(text)) for text in texts] for texts in (said, peer_said)]
    rows = [[name, a, b] for name, a, b in zip(names, *counts, strict=True)]
    rows.append(["all", sum(counts[0]), sum(counts[1])])
    text = table(("60 s of", "words, bodyworn", "words, whisper-ctranslate2"), rows)
    text += f"\n\nCPU s: {cpu:.1f} and {peer_cpu:.1f}. Seed {asked.seed}."
    if any(said):
        print([line for line in said if line])
    out.section("hallucination", "Words reported where nobody spoke", text)


if __name__ == "__main__":
    run_alone(run)
