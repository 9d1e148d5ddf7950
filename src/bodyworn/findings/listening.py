"""The sound of recordings, for encounters: they lie below findings and are handed it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bodyworn.access.access import Access
from bodyworn.domain.errors import DamagedMedia, NotMedia
from bodyworn.domain.progress import Progress, part_of
from bodyworn.domain.recording import Recording
from bodyworn.findings.artifacts.audio import MONO, AudioArtifact
from bodyworn.findings.service import Findings, thing_of
from bodyworn.recordings.service import Recordings

if TYPE_CHECKING:
    from bodyworn.encounters.alignment.envelopes import Samples


class Listening:
    """Opens the 16 kHz mono sound of recordings: that of the analysis, or decoded for as long as it is needed."""

    def __init__(self, findings: Findings, recordings: Recordings, access: Access, scratch: Path) -> None:
        self._findings, self._recordings, self._access, self._scratch = findings, recordings, access, scratch

    @contextmanager
    def open(self, recordings: Sequence[Recording], progress: Progress) -> Iterator[Mapping[str, Samples]]:
        """The samples by id, mapped from files; without those that have no sound or that the actor may not hear."""
        self._scratch.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="sound-", dir=self._scratch) as folder:
            found = dict[str, "Samples"]()
            for one in recordings:
                path = self._sound_of(one, Path(folder) / one.id, progress)
                if path is not None:
                    found[one.id] = _samples(path)
            yield found

    def _sound_of(self, recording: Recording, folder: Path, progress: Progress) -> Path | None:
        if not recording.has("audio") or not self._access.may("findings.artifact", thing_of(recording)).allowed:
            return None
        artifact = self._findings.artifact(recording, AudioArtifact.ARTIFACT)
        if artifact is not None:
            return artifact.files[MONO]
        folder.mkdir()
        try:
            return self._decoded(recording, folder, progress)
        except (DamagedMedia, NotMedia):
            return None

    def _decoded(self, recording: Recording, folder: Path, progress: Progress) -> Path:
        """Decode it as the stage ``audio`` does, in a child process with limits."""
        from bodyworn.findings.soundtrack import mixdown, samples
        from bodyworn.media.audio import decode_audio

        told = part_of(progress, f"Decoding the sound of {recording.name}")
        decoded = decode_audio(self._recordings.file_of(recording), folder, recording.media, told)
        paths = [folder / channel.file for channel in decoded.channels]
        mixdown.mix(paths, folder / MONO, recording.duration_ms * samples.RATE // 1000)
        return folder / MONO


def _samples(path: Path) -> Samples:
    from bodyworn.findings.voices.wave_file import open_wave

    return open_wave(path).samples
