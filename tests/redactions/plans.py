"""Plans, stages and words that tests of redactions share."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from bodyworn.domain.codec import Json
from bodyworn.domain.progress import Progress
from bodyworn.domain.recording import Recording
from bodyworn.domain.redaction import HiddenClass, Reason, SoundAction, SoundSpan
from bodyworn.domain.redaction_plan import Plan, PlanSource
from bodyworn.domain.track import Box, Track
from bodyworn.engine.stage import Artifact, Inputs
from tests.engine.fake_stages import Echo, Roles

#: What the stand-in for speech hears. The name and the number are what must never be written down.
SAID = (("S1", "officer", "What is your name?"), ("S2", "community", "My name is Marisol Vega."))
SECRETS = ("marisol", "vega")
SECOND_US = 1_000_000


def plan_of(recording: Recording, *, tracks: int = 1) -> Plan:
    """A plan for ``recording`` with tracks of the first second and a bleep."""
    found = tuple(
        Track(f"face-{i + 1}", HiddenClass.FACE, (Box(0, 8 * i, 8, 16, 16),), SECOND_US, Reason.FACE, "test@1")
        for i in range(tracks)
    )
    bleep = SoundSpan("speech-1", 100_000, 400_000, SoundAction.BLEEP, Reason.NAME, "test@1")
    source = PlanSource(recording.sha256, 320, 240, recording.duration_ms * 1000)
    return Plan(source, tracks=found, sound=(bleep,))


def utterances() -> list[dict[str, object]]:
    """:data:`SAID` as the stage ``utterances`` has it: 300 ms a word from 0.2 s on."""
    at, rows = 200, []
    for i, (speaker, role, text) in enumerate(SAID):
        words = []
        for word in text.split():
            words.append({"start_ms": at, "end_ms": at + 280, "text": word, "confidence": 0.9})
            at += 300
        place = {"start_ms": words[0]["start_ms"], "end_ms": words[-1]["end_ms"]}
        rows.append({"i": i, **place, "speaker": speaker, "role": role, "text": text, "words": words})
    return rows


@dataclass(frozen=True)
class Heard(Roles):
    """Stands for speech; counts in the folder ``tally`` how often it is run."""

    tally: str = ""
    name: str = "utterances"
    defaults: dict[str, Json] = field(default_factory=dict)

    def run(self, inputs: Inputs, progress: Progress) -> Artifact:
        folder = Path(self.tally)
        folder.mkdir(exist_ok=True)
        (folder / str(len(list(folder.iterdir())))).touch()
        return Artifact(self.makes, {"utterances": utterances(), "roles": {}})


def speech_stages(tally: Path) -> tuple[Echo, ...]:
    """Stages in which only speech does something, and one that reads it."""
    heard = Heard(reads=("audio",), needs=("audio",), tally=str(tally))
    return (
        Echo("probe"),
        Echo("audio", reads=("probe",), needs=("audio",)),
        heard,
        Echo("cues", reads=("utterances",)),
    )
