"""Role accuracy by time on sample encounters: the officer near, the other at 1, 2 and 4 meters, on a noisy road.

Runs the stages that ``analyze`` runs, recognition included. Scripts, seeds and voices are not those the weights were
set with (one voice, ``joe``, is in both). Each instant at which exactly one person talks counts; an instant to which
no role or another one is given is wrong. The same is printed with the words left out and with the sound left out, to
show what each is worth.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bench.report import Out, run_alone, table
from bench.scenes.conversations import Line, Person, Said, Studio, stage_encounter
from bench.scenes.role_scripts import lines_of
from bench.sound.waves import write_mono
from bodyworn.domain.progress import no_progress
from bodyworn.engine.stage import Artifact, Inputs
from bodyworn.findings.stages import audio, probe, speakers, transcript, utterances
from bodyworn.findings.voices import roles

DISTANCES = (1.0, 2.0, 4.0)
TWO_VOICES = ("taillight", "noise", "welfare", "crash", "store")
MORE_VOICES = ("radio_stop", "backup")
CASTS = (("joe", "warm"), ("warm", "thin"), ("elder", "joe"), ("joe", "young"), ("thin", "elder"))
SOUND_CUES = ("PER_DB", "PER_CLARITY_DB", "STEADY", "PRESENT")
ROLE = {"o": "officer", "c": "community", "p": "officer_2", "d": "dispatch"}


@dataclass(frozen=True)
class Heard:
    """One encounter with its truth and what the stages made of it."""

    name: str
    meters: float
    seconds: float
    said: Sequence[Said]
    made: Mapping[str, Artifact]


def listen(sound: np.ndarray) -> dict[str, Artifact]:
    """Run transcript, speakers and utterances on 16 kHz sound."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "encounter.wav"
        write_mono(sound, path)
        made: dict[str, Artifact] = {}
        for stage in (probe.STAGE, audio.STAGE, speakers.STAGE, transcript.STAGE, utterances.STAGE):
            scratch = Path(folder) / stage.name
            scratch.mkdir()
            read = {name: made[name] for name in stage.reads}
            made[stage.makes] = stage.run(Inputs(path, read, stage.defaults, scratch), no_progress)
    return made


def encounters(folder: Path, names: Sequence[str], distances: Sequence[float], seed: int) -> list[Heard]:
    """All scripts at all distances, heard."""
    studio, found = Studio(folder), []
    for number, name in enumerate(names):
        officer, other = CASTS[number % len(CASTS)]
        for meters in distances:
            people = {
                "o": Person(officer, "officer", 0.4),
                "c": Person(other, "community", meters),
                "p": Person("young" if "young" not in (officer, other) else "elder", "officer_2", 1.8),
                "d": Person("plain", "dispatch", None),
            }
            lines = [Line(who, text, -0.5 if cuts else 0.6) for who, text, cuts in lines_of(name)]
            mix_seed = seed + 10 * number + int(meters)
            sound, said = stage_encounter(studio, lines, people, mix_seed)
            found.append(Heard(name, meters, len(sound) / 16_000, said, listen(sound)))
    return found


def again(heard: Heard, **changes: Any) -> dict[str, Any]:
    """The utterances artifact once more, with constants of the role model changed."""
    before = {name: getattr(roles, name) for name in changes}
    try:
        for name, value in changes.items():
            setattr(roles, name, value)
        read = {name: heard.made[name] for name in utterances.STAGE.reads}
        inputs = Inputs(Path(), read, utterances.STAGE.defaults, Path())
        return dict(utterances.STAGE.run(inputs, no_progress).data)
    finally:
        for name, value in before.items():
            setattr(roles, name, value)


def accuracy(heard: Heard, verdicts: Mapping[str, Any]) -> tuple[int, int]:
    """Right and all 10 ms instants at which one person talks, by the turns and the roles of their speakers."""
    frames = round(heard.seconds * 100)
    truth, talking = np.full(frames, "", object), np.zeros(frames, int)
    for said in heard.said:
        here = slice(round(said.start_s * 100), round(said.end_s * 100))
        truth[here] = ROLE[said.who]
        talking[here] += 1
    given = np.full(frames, "", object)
    for turn in heard.made["speakers"].data["turns"]:
        given[turn["start_ms"] // 10 : turn["end_ms"] // 10] = verdicts[turn["speaker"]]["role"]
    one = talking == 1
    return int((given[one] == truth[one]).sum()), int(one.sum())


def by_utterance(heard: Heard, rows: Sequence[Mapping[str, Any]]) -> list[tuple[bool, float, float]]:
    """For each utterance: whether its role is that of who talks most in it, its confidence, its seconds."""
    judged = []
    for row in rows:
        start, end = row["start_ms"] / 1000, row["end_ms"] / 1000
        shared = {s: min(end, s.end_s) - max(start, s.start_s) for s in heard.said}
        best = max(shared, key=lambda s: shared[s])
        if shared[best] > 0:
            judged.append((ROLE[best.who] == row["role"], row["role_confidence"], end - start))
    return judged


def calibration(judged: Sequence[tuple[bool, float, float]]) -> str:
    """Share right among utterances of low, middle and high confidence."""
    rows = []
    for low, high in ((0.0, 0.6), (0.6, 0.8), (0.8, 0.95), (0.95, 1.01)):
        inside = [(right, sure) for right, sure, _ in judged if low <= sure < high]
        if inside:
            right = sum(right for right, _ in inside) / len(inside)
            sure = sum(sure for _, sure in inside) / len(inside)
            rows.append((f"{low:.2f} to {min(high, 1):.2f}", len(inside), f"{sure:.2f}", f"{right:.2f}"))
    return table(("confidence", "utterances", "mean confidence", "right"), rows)


def _share(pairs: Sequence[tuple[int, int]]) -> str:
    return f"{sum(right for right, _ in pairs) / max(1, sum(all_ for _, all_ in pairs)):.3f}"


def figures(found: Sequence[Heard]) -> list[tuple[str, ...]]:
    """One row per distance: as shipped, without words, without sound, as one guess for all."""
    rows = []
    groups = [(f"{m:g} m", [h for h in found if h.meters == m]) for m in sorted({h.meters for h in found})]
    for name, group in [*groups, ("all", list(found))]:
        shipped = [accuracy(h, h.made["utterances"].data["roles"]) for h in group]
        no_words = [accuracy(h, again(h, WORDS=0.0)["roles"]) for h in group]
        no_sound = [accuracy(h, again(h, **dict.fromkeys(SOUND_CUES, 0.0))["roles"]) for h in group]
        guess = [accuracy(h, {s: {"role": "officer"} for s in h.made["speakers"].data["speakers"]}) for h in group]
        minutes = sum(h.seconds for h in group) / 60
        rows.append((name, str(len(group)), f"{minutes:.1f}", *map(_share, (shipped, no_words, no_sound, guess))))
    return rows


def run(out: Out) -> None:
    """Make, listen, score, write the section."""
    folder = Path(tempfile.gettempdir()) / "bodyworn-bench-lines"
    began = time.process_time()
    two = encounters(folder, TWO_VOICES, DISTANCES, 500)
    more = encounters(folder, MORE_VOICES, (2.0,), 900)
    head = ("distance", "encounters", "minutes", "role accuracy", "without words", "without sound", "all 'officer'")
    judged = [item for h in two for item in by_utterance(h, h.made["utterances"].data["utterances"])]
    extra = [(h.name, _share([accuracy(h, h.made["utterances"].data["roles"])])) for h in more]
    spoken = sum(seconds for _, _, seconds in judged)
    right = sum(seconds for hit, _, seconds in judged if hit) / spoken
    text = "\n\n".join(
        (
            "Two synthetic voices, five scripts, three distances, road noise; by time, no turn counts as wrong.",
            table(head, figures(two)),
            f"By time of utterances: {right:.3f}. Confidence against truth:",
            calibration(judged),
            "With a third voice (radio; a further officer at 1.8 m), at 2 m:",
            table(("script", "role accuracy"), extra),
        )
    )
    out.section("roles", "Role accuracy on sample encounters", text)
    print(f"{time.process_time() - began:.0f} s of processor time")


if __name__ == "__main__":
    run_alone(run)
