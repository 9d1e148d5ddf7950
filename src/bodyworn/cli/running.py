"""Ingesting and analyzing with progress on the screen, for the commands that do both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bodyworn.bootstrap import Library
    from bodyworn.domain.errors import BodywornError
    from bodyworn.domain.recording import Recording


@dataclass(frozen=True)
class IngestedFiles:
    """Recordings in the order of their files, each once, and what was refused."""

    recordings: tuple[Recording, ...]
    errors: tuple[BodywornError, ...]


@dataclass(frozen=True)
class AnalysisRun:
    """The published form of an analysis, and why it is not complete if it is not."""

    document: Mapping[str, Any]
    error: BodywornError | None = None


def refuse_nothing(paths: Sequence[Path]) -> None:
    """Raise an error where not one file is there, before a library is made for it."""
    from bodyworn.domain.errors import InputError, UnreadableInput
    from bodyworn.domain.recording import shown_name
    from bodyworn.recordings.service import media_files

    if any(path.exists() and media_files(path) for path in paths):
        return
    missing = next((path for path in paths if not path.exists()), None)
    if missing is not None:
        raise UnreadableInput(f"{shown_name(missing.name)}: there is no such file", "Check the path")
    raise InputError(f"there is no file in {shown_name(paths[0].name)}", "Name a folder with recordings in it")


def ingest_all(
    library: Library, paths: Sequence[Path], sidecar: Path | None = None, mapping: Path | None = None
) -> IngestedFiles:
    """Ingest every file, and those of folders; what is refused is said and kept, the others go on."""
    from bodyworn.cli.exits import GOES_ON, when_stopped
    from bodyworn.cli.screen import complain, one_bar, say
    from bodyworn.domain.errors import InputError
    from bodyworn.recordings.service import media_files

    when_stopped(GOES_ON)
    found: dict[str, Recording] = {}
    errors: list[BodywornError] = []
    for path in [file for named in paths for file in media_files(named)]:
        try:
            with one_bar("ingest") as progress:
                recording = library.recordings.ingest(path, sidecar=sidecar, mapping=mapping, progress=progress)
        except InputError as error:
            errors.append(error)
            if len(paths) > 1 or path not in paths:
                complain(f"refused: {error}")
            continue
        found[recording.id] = recording
        when = f"in custody since {recording.taken_in_at:%Y-%m-%d %H:%M} UTC" if recording.again else "ingested"
        say(f"{recording.name}: {when} as {recording.id}, SHA-256 {recording.sha256[:16]}…")
    return IngestedFiles(tuple(found.values()), tuple(errors))


def analyze_one(
    library: Library, recording: Recording, model: str | None = None, role_of_wearer: str | None = None
) -> AnalysisRun:
    """Run the remaining stages with a bar each; where one fails, the rest of the analysis is given."""
    from bodyworn.cli.exits import GOES_ON, when_stopped
    from bodyworn.cli.screen import stage_bars
    from bodyworn.domain.errors import InputError, StageError

    when_stopped(GOES_ON)
    failed = None
    try:
        with stage_bars() as reporter:
            library.findings.run(recording, model=model, role_of_wearer=role_of_wearer, reporter=reporter)
    except (StageError, InputError) as error:
        failed = error
    library.recordings.viewed(recording, "findings")
    return AnalysisRun(library.findings.document(recording), failed)


def finish(errors: Iterable[BodywornError | None], asked: int) -> None:
    """Leave with the first error if there was any; of several files, say how many were not done in full."""
    from bodyworn.cli.screen import complain

    met = [error for error in errors if error is not None]
    if len(met) > 1 or (met and asked > 1):
        complain(f"{len(met)} of the files could not be used or analyzed in full; the others are done")
    if met:
        raise met[0]
