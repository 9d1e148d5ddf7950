"""``bodyworn doctor``: is everything there that the work needs, and is the library sound?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bodyworn.cli.options import JsonOption, LibraryOption, opened

PACKAGES = ("av", "faster-whisper", "ctranslate2", "onnxruntime", "opencv-python-headless", "numpy", "SQLAlchemy")
CODECS = ("h264", "hevc", "mpeg4", "mjpeg", "aac", "mp3", "pcm_s16le", "opus")
LOW_DISK_BYTES = 5 << 30


@dataclass(frozen=True)
class DoctorCheck:
    """What was examined, whether it is well (``None``: nothing to say either way), and what was found."""

    name: str
    well: bool | None
    found: str


def doctor(library: LibraryOption = None, json_to: JsonOption = None) -> None:
    """Check packages, models, disk, database and audit log."""
    from bodyworn.cli.screen import give, show_table
    from bodyworn.domain.codec import to_json
    from bodyworn.domain.errors import BodywornError
    from bodyworn.settings import default_library

    folder = library or default_library()
    checks = [*_program(), *_models(), *_codecs(), *_decoders(), *_disk(folder), *_library(folder)]
    signs = {True: "ok", False: "FAULT", None: "-"}
    rows = [(signs[one.well], one.name, one.found) for one in checks]
    give(json_to, [to_json(one) for one in checks], lambda: show_table(None, ("", "check", "found"), rows), lines=True)
    if bad := [one.name for one in checks if one.well is False]:
        raise BodywornError(f"problems found: {', '.join(bad)}", "The list above says what was found")


def _program() -> Iterator[DoctorCheck]:
    import platform
    from importlib.metadata import PackageNotFoundError, version

    from bodyworn import __version__

    yield DoctorCheck("bodyworn", True, f"{__version__}, Python {platform.python_version()}, {platform.system()}")
    for package in PACKAGES:
        try:
            yield DoctorCheck(f"package {package}", True, version(package))
        except PackageNotFoundError:
            yield DoctorCheck(f"package {package}", False, "not installed")


def _models() -> Iterator[DoctorCheck]:
    from bodyworn.domain.errors import ModelError
    from bodyworn.models.registry import MODELS, locate

    for name, model in MODELS.items():
        try:
            locate(name)
            yield DoctorCheck(
                f"model {name}", True, f"{model.task}, {model.license}, SHA-256 {model.sha256[:12]} as pinned"
            )
        except ModelError as error:
            yield DoctorCheck(f"model {name}", False, error.what)


def _codecs() -> Iterator[DoctorCheck]:
    from bodyworn.media.codecs import decoders, version

    there = decoders()
    missing = [codec for codec in CODECS if codec not in there]
    reads = f"cannot read {', '.join(missing)}" if missing else "all read"
    yield DoctorCheck("FFmpeg in PyAV", not missing, f"{version()}; {reads}")


def _decoders() -> Iterator[DoctorCheck]:
    from bodyworn.domain.errors import BodywornError
    from bodyworn.media.sandbox import confinement_here

    try:
        found = confinement_here()
    except BodywornError as error:
        yield DoctorCheck("decoders", False, error.what)
        return
    words = {True: "confined", False: "not confined on this system"}
    told = f"files {words[found.files]}; network and system calls {words[found.calls]}"
    yield DoctorCheck("decoders", True if found.files and found.calls else None, told)


def _disk(folder: Path) -> Iterator[DoctorCheck]:
    import shutil

    place = next(parent for parent in (folder.absolute(), *folder.absolute().parents) if parent.exists())
    free = shutil.disk_usage(place).free
    yield DoctorCheck("free disk", free > LOW_DISK_BYTES, f"{free / (1 << 30):.1f} GiB at {place}")


def _library(folder: Path) -> Iterator[DoctorCheck]:
    from bodyworn.cli.screen import one_bar
    from bodyworn.domain.errors import BodywornError, LibraryMissing

    try:
        with opened(folder, examine=True) as chosen, one_bar("custody") as progress:
            complaints = chosen.database.integrity()
            yield DoctorCheck("database", not complaints, "; ".join(complaints) or "sound")
            verdict = chosen.verify(progress)
            what = "; ".join(map(str, verdict.faults)) or f"holds: {verdict.rows} rows, {verdict.files} stored files"
            yield DoctorCheck("audit log", verdict.holds, what)
    except LibraryMissing as error:
        yield DoctorCheck("library", None, error.what)
    except BodywornError as error:
        yield DoctorCheck("library", False, str(error))
