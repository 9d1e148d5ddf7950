"""Small stages that do what real ones do: read, take a while, write a file, crash. For tests of what runs them."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path

from bodyworn.domain.codec import JsonObject, from_json, to_json
from bodyworn.domain.errors import DamagedMedia
from bodyworn.domain.progress import Progress
from bodyworn.engine.stage import Artifact, Inputs
from bodyworn.findings.artifacts.utterances import AssignedRole, UtterancesArtifact
from bodyworn.findings.stages.utterances import UtterancesParams


@dataclass(frozen=True)
class Echo:
    """Makes a digest of all it was given, and a file; takes ``seconds``."""

    name: str
    reads: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    seconds: float = 0.0
    version: str = "1"
    model: str | None = None
    defaults: JsonObject = field(default_factory=dict)

    @property
    def makes(self) -> str:
        return self.name

    def run(self, inputs: Inputs, progress: Progress) -> Artifact:
        steps = 20
        for step in range(steps if self.seconds else 0):
            time.sleep(self.seconds / steps)
            progress(step + 1, steps, "echoing")
        state = hashlib.sha256(inputs.source.read_bytes())
        for name, artifact in sorted(inputs.artifacts.items()):
            state.update(json.dumps(artifact.data, sort_keys=True).encode())
            for path in artifact.files.values():
                state.update(name.encode() + path.read_bytes())
        file = inputs.scratch / f"{self.name}.bin"
        file.write_bytes(state.digest() * 1000)
        finding = {
            "kind": "command",
            "family": "control",
            "start_ms": 0,
            "end_ms": 1000,
            "role": "officer",
            "speaker": None,
            "score": 0.5,
            "evidence": {"quote": self.name, "words": [self.name]},
            "made_by": f"{self.name}@{self.version}",
        }
        data = {"digest": state.hexdigest(), "params": dict(inputs.params), "findings": [finding]}
        return Artifact(self.makes, data, {file.name: file})


@dataclass(frozen=True)
class Roles(Echo):
    """Stands for utterances: speakers and their roles, as corrected."""

    name: str = "utterances"
    defaults: JsonObject = field(default_factory=lambda: to_json(UtterancesParams()))

    def run(self, inputs: Inputs, progress: Progress) -> Artifact:
        params = from_json(UtterancesParams, inputs.params)
        same = {name: other for name, other in params.corrections.items() if other in ("S1", "S2")}
        roles = {"S1": params.role_of_wearer, "S2": "community", **params.corrections}
        assigned = {name: AssignedRole(role, 1.0, ("a test",)) for name, role in roles.items() if name not in same}
        return Artifact(self.makes, to_json(UtterancesArtifact((), assigned, same)))


@dataclass(frozen=True)
class Killed(Echo):
    """Its process is killed, the first ``times`` times; ``tally`` is a folder that counts."""

    times: int = 1
    tally: str = ""

    def run(self, inputs: Inputs, progress: Progress) -> Artifact:
        done = len(list(Path(self.tally).iterdir()))
        if done < self.times:
            (Path(self.tally) / str(done)).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return super().run(inputs, progress)


@dataclass(frozen=True)
class Wrong(Echo):
    """Raises: a bug, or an error that it means."""

    meant: bool = False

    def run(self, inputs: Inputs, progress: Progress) -> Artifact:
        if self.meant:
            raise DamagedMedia("the sound breaks off", "Copy it again")
        raise ZeroDivisionError("a bug")


@dataclass(frozen=True)
class Greedy(Echo):
    """Writes until the disk is full."""

    def run(self, inputs: Inputs, progress: Progress) -> Artifact:
        with (inputs.scratch / "greedy.bin").open("wb", buffering=0) as file:
            while True:
                file.write(bytes(1 << 16))


FAST = (
    Echo("probe"),
    Echo("audio", reads=("probe",), needs=("audio",), seconds=0.3),
    Echo("sight", reads=("probe",), needs=("video",), seconds=0.4),
    Roles(reads=("audio",), needs=("audio",)),
    Echo("cues", reads=("utterances",), needs=("audio",), seconds=0.2),
    Echo("derived", reads=("utterances", "cues"), needs=("audio",)),
)
