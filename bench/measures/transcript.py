"""Word error rate and processor time of the transcript stage beside whisper-ctranslate2, same model, VAD on in both.

``python -m bench transcript [--speech DIR] [--noise DIR] [--peer COMMAND] [--seed N] [--dry]``

``--speech`` holds 16 kHz WAV files and ``transcripts.json`` (name: words), ``--noise`` holds ``noise*.wav`` and
``rir*.wav``. Every sentence is heard alone, with 0.6 s before and after, and all together in one file, 1.5 s apart;
clean, and through a room with noise at 15, 5 and 0 dB. ``--peer`` is the command of whisper-ctranslate2 (from an
environment of its own). ``--dry`` prints and leaves ``RESULTS.md`` as it is.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from bench.places import MEDIA
from bench.report import Out, run_alone, table
from bench.scores import wording
from bench.sound import mixing

LEVELS: tuple[float | None, ...] = (None, 15.0, 5.0, 0.0)
MARGIN, BETWEEN = 0.6, 1.5
MODEL = "whisper-tiny.en"


def name_of(level: float | None) -> str:
    return "clean" if level is None else f"{level:.0f} dB"


def make(speech: Path, noise: Path, folder: Path, first: int = 0) -> dict[str, list[tuple[Path, list[str]]]]:
    """Files by level: each sentence alone, then one with all; with the words said in each."""
    said: dict[str, str] = json.loads((speech / "transcripts.json").read_text())
    noises = [mixing.read(path) for path in sorted(noise.glob("noise*.wav"))]
    rooms = [mixing.read(path) for path in sorted(noise.glob("rir*.wav"))]
    made: dict[str, list[tuple[Path, list[str]]]] = {}
    for level in LEVELS:
        singles = []
        for number, (name, text) in enumerate(sorted(said.items())):
            sound = mixing.read(speech / f"{name}.wav")
            seed = first + number
            mixed = _mixed([sound], level, rooms[seed % len(rooms)], noises[seed % len(noises)], seed)
            path = folder / f"{name_of(level).replace(' ', '')}-{name}.wav"
            singles.append((mixing.write(path, mixed), wording.words(text)))
        sounds = [mixing.read(speech / f"{name}.wav") for name in sorted(said)]
        for number in range(0, len(sounds), 10):
            seed = first + 100 + number
            noise_here = noises[first % len(noises)]
            mixed = _mixed(sounds[number : number + 10], level, rooms[seed % len(rooms)], noise_here, seed)
            path = folder / f"{name_of(level).replace(' ', '')}-joined{number}.wav"
            words = [w for name in sorted(said)[number : number + 10] for w in wording.words(said[name])]
            singles.append((mixing.write(path, mixed), words))
        made[name_of(level)] = singles
    return made


def _mixed(sounds: list[Any], level: float | None, room: Any, noise: Any, seed: int) -> Any:
    rate = mixing.RATE
    parts, voiced = [np.zeros(int(MARGIN * rate))], [np.zeros(int(MARGIN * rate), bool)]
    for number, sound in enumerate(sounds):
        pause = int((MARGIN if number + 1 == len(sounds) else BETWEEN) * rate)
        parts += [sound, np.zeros(pause)]
        voiced += [np.ones(len(sound), bool), np.zeros(pause, bool)]
    dry, where = np.concatenate(parts), np.concatenate(voiced)
    if level is None:
        return dry
    return mixing.with_noise(mixing.in_room(dry, room), mixing.looped(noise, len(dry), seed), level, where)


def timed(command: list[str], threads: int) -> tuple[float, str]:
    """Processor seconds (user and system) of a command, and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    env = {**os.environ, "OMP_NUM_THREADS": str(threads), "HF_HUB_OFFLINE": "1"}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{command[0]} failed:\n{done.stderr[-2000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


def ours(files: list[Path], threads: int) -> tuple[float, list[str]]:
    """Probe, audio, speakers and transcript stages over the files in one process."""
    command = [sys.executable, "-m", "bench.measures.transcript", "--hear", *map(str, files)]
    cpu, printed = timed(command, threads)
    return cpu, json.loads(printed.splitlines()[-1])


def peer(command: str, files: list[Path], threads: int, more: tuple[str, ...] = ()) -> tuple[float, list[str]]:
    """whisper-ctranslate2 with its own defaults, the same model folder, int8 and its VAD filter on."""
    from bodyworn.models.registry import locate

    with tempfile.TemporaryDirectory() as out:
        arguments = ["--model_directory", str(locate(MODEL).parent), "--language", "en", "--vad_filter", "True"]
        arguments += ["--device", "cpu", "--compute_type", "int8", "--threads", str(threads), "--verbose", "False"]
        arguments += ["--output_format", "json", "--output_dir", out, *more]
        cpu, _ = timed([command, *map(str, files), *arguments], threads)
        texts = [json.loads((Path(out) / f"{file.stem}.json").read_text())["text"] for file in files]
    return cpu, texts


def hear(files: list[str]) -> None:
    """What the child does: run the stages and print the texts as one JSON line."""
    from bodyworn.domain.progress import no_progress
    from bodyworn.engine.stage import Artifact, Inputs
    from bodyworn.findings.stages import audio, probe, speakers, transcript

    texts = []
    for file in files:
        artifacts: dict[str, Artifact] = {}
        with tempfile.TemporaryDirectory() as scratch:
            for stage in (probe.STAGE, audio.STAGE, speakers.STAGE, transcript.STAGE):
                folder = Path(scratch) / stage.name
                folder.mkdir()
                read = {name: artifacts[name] for name in stage.reads}
                artifacts[stage.makes] = stage.run(Inputs(Path(file), read, stage.defaults, folder), no_progress)
        texts.append(" ".join(segment["text"] for segment in artifacts["transcript"].data["segments"]))
    print(json.dumps(texts))


def run(out: Out) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--hear", nargs="+")
    parser.add_argument("--speech", type=Path, default=MEDIA / "speech")
    parser.add_argument("--noise", type=Path, default=MEDIA / "noise")
    parser.add_argument("--peer", default="whisper-ctranslate2")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--show", action="store_true")
    asked = parser.parse_args(out.words)
    if asked.hear:
        hear(asked.hear)
        return
    with tempfile.TemporaryDirectory() as folder:
        text = compare(make(asked.speech, asked.noise, Path(folder), asked.seed), asked)
    out.section("transcript", "Words: error rate and processor time", text)


def compare(made: dict[str, list[tuple[Path, list[str]]]], asked: argparse.Namespace) -> str:
    rows = []
    runs: dict[str, Callable[[list[Path]], tuple[float, list[str]]]] = {
        "bodyworn": lambda files: ours(files, asked.threads),
        "whisper-ctranslate2": lambda files: peer(asked.peer, files, asked.threads),
    }
    for level, files in made.items():
        for name, run in runs.items():
            cpu, texts = run([file for file, _ in files])
            heard = [wording.words(text) for text in texts]
            wrong = [wording.errors(words, h) for (_, words), h in zip(files, heard, strict=True)]
            if asked.show:
                for (file, words), h, bad in zip(files, heard, wrong, strict=True):
                    print(f"{name[:14]:14} {file.stem:22} {bad:3} of {len(words):3}: {' '.join(h)[:400]}", flush=True)
            alone = [i for i, (file, _) in enumerate(files) if "joined" not in file.stem]
            joined = [i for i in range(len(files)) if i not in alone]
            rows.append([level, name, _rate(files, wrong, alone), _rate(files, wrong, joined), f"{cpu:.1f}"])
            print(rows[-1], flush=True)
    head = ("level", "recognizer", "WER, sentences alone", "WER, ten in one file", "CPU s")
    note = (
        f"{len(made['clean'])} files a level. Same model ({MODEL}, int8), Silero VAD in both, "
        f"{asked.threads} thread(s); "
        "CPU is user and system time of the whole process with its children, loading included; ours includes probe, "
        "audio and speakers stages and the telling of languages. The peer runs with its own defaults and "
        f"`--vad_filter True`. Rooms, noises and their offsets by seed {asked.seed}. {wording.DESCRIPTION} The "
        "reference text of two of the sentences is not what is said in them; that counts alike against both."
    )
    return table(head, rows) + "\n\n" + note


def _rate(files: list[tuple[Path, list[str]]], wrong: list[int], which: list[int]) -> str:
    total = sum(len(files[i][1]) for i in which)
    return f"{sum(wrong[i] for i in which) / max(1, total):.3f} ({sum(wrong[i] for i in which)}/{total})"


if __name__ == "__main__":
    run_alone(run)
