"""Encounters heard by the stages that ``analyze`` runs, and how much of the talk is given its right role."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bench.scenes.conversations import Line, Person, Said, Studio, stage_encounter
from bench.sound.waves import write_mono
from bodyworn.domain.progress import no_progress
from bodyworn.engine.stage import Artifact, Inputs
from bodyworn.findings.stages import audio, probe, speakers, transcript, utterances
from bodyworn.findings.voices import roles

#: Who is who in the scripts; ``e`` is a second member of the community.
ROLE = {"o": "officer", "c": "community", "e": "community", "p": "officer_2", "d": "dispatch"}
#: The stages that hear, in their order.
STAGES = (probe.STAGE, audio.STAGE, speakers.STAGE, transcript.STAGE, utterances.STAGE)


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
        for stage in STAGES:
            scratch = Path(folder) / stage.name
            scratch.mkdir()
            read = {name: made[name] for name in stage.reads}
            made[stage.makes] = stage.run(Inputs(path, read, stage.defaults, scratch), no_progress)
    return made


def hear(studio: Studio, name: str, lines: Sequence[Line], people: dict[str, Person], seed: int) -> Heard:
    """The encounter made and heard; its distance is that of ``c``."""
    sound, said = stage_encounter(studio, lines, people, seed)
    return Heard(name, people["c"].meters or 0.0, len(sound) / 16_000, said, listen(sound))


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


def taken_for(heard: Heard, verdicts: Mapping[str, Any]) -> Counter[tuple[str, str]]:
    """Of all 10 ms instants at which one person talks: who that is, and the role given (empty: none).

    Where two members of the community talk, which of them is first and which second does not count.
    """
    two = any(said.who == "e" for said in heard.said)
    frames = round(heard.seconds * 100)
    truth, talking = np.full(frames, "", object), np.zeros(frames, int)
    for said in heard.said:
        here = slice(round(said.start_s * 100), round(said.end_s * 100))
        truth[here] = ROLE[said.who]
        talking[here] += 1
    given = np.full(frames, "", object)
    for turn in heard.made["speakers"].data["turns"]:
        role = verdicts[turn["speaker"]]["role"]
        given[turn["start_ms"] // 10 : turn["end_ms"] // 10] = "community" if two and role == "community_2" else role
    one = talking == 1
    return Counter(zip(truth[one], given[one], strict=True))


def accuracy(heard: Heard, verdicts: Mapping[str, Any]) -> tuple[int, int]:
    """Right and all 10 ms instants at which one person talks, by the turns and the roles of their speakers."""
    counts = taken_for(heard, verdicts)
    return sum(count for (truth, given), count in counts.items() if truth == given), sum(counts.values())
