"""Ordinary real talk as the product hears it twice: meetings, conversations, read and accented speech, a radio.

Half of the files are for looking at (``development``), the other half for reporting; speakers of the accented sentences
are split too. Hardly anything in them is personal data: who is named is listed in :data:`NAMES`, and of the accented
sentences those are left out that name somebody. Nothing of the recordings is kept here: they lie in the shared media
and are heard anew, or read from ``kept``.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bench.corpora.sounds import decoded, is_held
from bench.places import MEDIA
from bench.sound.waves import write_mono

RATE = 16_000
DEVELOPMENT = (
    "diarization/dev00.wav",
    "diarization/trn01.wav",
    "diarization/trn03.wav",
    "speech_en/ami_trn01.opus",
    "speech_en/azure_chat_input_2.flac",
    "speech_en/azure_en-US_general_training_audio2.flac",
    "speech_en/gcp_commercial_mono.flac",
    "speech_en/libri_198-209-0000.flac",
)
REPORTED = (
    "bwc/nasa_apollo11_radio.flac",
    "diarization/sample.wav",
    "diarization/trn02.wav",
    "speech_en/ami_dev01.opus",
    "speech_en/ami_trn05.opus",
    "speech_en/azure_chat_input_1.flac",
    "speech_en/azure_en-US_general_testing_audio.flac",
    "speech_en/azure_katiesteve.flac",
    "speech_en/libri_5703-47212-0000.flac",
)
#: Who is named in them, as the recognizers may write it; words that belong to a name are not hidden for nothing.
NAMES = {
    "diarization/dev00.wav": ("andrew", "adam", "juggard", "ebenezer", "demisoy"),
    "speech_en/libri_198-209-0000.flac": ("allen", "catherine", "chatherin", "tilney"),
    "speech_en/azure_katiesteve.flac": ("katie", "steve"),
}
#: Names in the accented sentences.
_PEOPLE = """
alisa ann annie april betty billy cathy cindy david diver henny jack jackie jayme jaymie jim john layla leek
lilly lily linda lisa lowen lucy lynda mandy mark mary mike peter sandy steve steven tina tom tony
"""
PEOPLE = frozenset(_PEOPLE.split())
#: So many accented sentences at most, in rows of so many.
ACCENTED, ROW = 48, 12


def sounds(development: bool) -> dict[str, np.ndarray]:
    """The sound of each file or row of sentences, by name."""
    found = {name: decoded(MEDIA / name) for name in (DEVELOPMENT if development else REPORTED)}
    own = [path for path in sentences() if is_held(path.stem[:10]) != development][:ACCENTED]
    pause = np.zeros(RATE * 6 // 10, np.float32)
    for at in range(0, len(own), ROW):
        row = [part for path in own[at : at + ROW] for part in (pause, decoded(path))]
        found[f"accented sentences {at // ROW + 1}"] = np.concatenate([*row, pause])
    return found


def sentences() -> list[Path]:
    """The accented sentences in which nobody is named."""
    folder = MEDIA / "speech_en"
    rows = [row.split("\t")[:2] for row in (folder / "transcripts.tsv").read_text("utf-8").splitlines()]
    said = {row[0]: set(row[1].lower().replace("'s", "").split()) for row in rows if len(row) == 2}
    return [folder / name for name in sorted(said) if name.startswith("so762") and not said[name] & PEOPLE]


def hear(development: bool, kept: Path | None = None) -> dict[str, dict[str, Any]]:
    """Utterances and what was heard again of each sound; from and into the file ``kept``, if one is named."""
    heard: dict[str, dict[str, Any]] = {}
    if kept is not None and kept.is_file():
        heard = json.loads(kept.read_text("utf-8"))
    for name, sound in sounds(development).items():
        if name not in heard:
            with tempfile.TemporaryDirectory() as folder:
                heard[name] = _heard(sound, Path(folder))
            print(f"{name} heard", file=sys.stderr, flush=True)
        if kept is not None:
            kept.write_text(json.dumps(heard), "utf-8")
    return heard


def _heard(sound: np.ndarray, folder: Path) -> dict[str, Any]:
    from bodyworn.domain.progress import no_progress
    from bodyworn.engine.stage import Artifact, Inputs
    from bodyworn.findings.stages import audio, probe, speakers, transcript, utterances
    from bodyworn.redactions import second_hearing

    path = folder / "talk.wav"
    write_mono(sound, path)
    made: dict[str, Artifact] = {}
    stages: Sequence[Any] = (
        probe.STAGE, audio.STAGE, speakers.STAGE, transcript.STAGE, utterances.STAGE, second_hearing.STAGE
    )  # fmt: skip
    for stage in stages:
        scratch = folder / stage.name
        scratch.mkdir()
        read = {name: made[name] for name in stage.reads}
        made[stage.makes] = stage.run(Inputs(path, read, stage.defaults, scratch), no_progress)
    return {"utterances": made["utterances"].data["utterances"], "again": made["second_hearing"].data["heard"]}
