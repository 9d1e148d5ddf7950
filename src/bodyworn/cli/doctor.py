"""``bodyworn doctor``: is everything there that the work needs, and is the library sound?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bodyworn.cli.options import LibraryOption, opened

PACKAGES = ("av", "faster-whisper", "ctranslate2", "onnxruntime", "opencv-python-headless", "numpy", "SQLAlchemy")
CODECS = ("h264", "hevc", "mpeg4", "mjpeg", "aac", "mp3", "pcm_s16le", "opus")
LOW_DISK_BYTES = 5 << 30

#: What was looked at, whether it is well (``None``: nothing to say either way), and what was found.
Finding = tuple[str, bool | None, str]


def doctor(library: LibraryOption = None) -> None:
    """Check packages, models, disk, database and record."""
    from bodyworn.cli.screen import show_table
    from bodyworn.domain.errors import BodywornError
    from bodyworn.settings import default_library

    folder = library or default_library()
    found = [*_program(), *_models(), *_codecs(), *_disk(folder), *_library(folder)]
    signs = {True: "ok", False: "FAULT", None: "-"}
    show_table(None, ("", "looked at", "what"), [(signs[well], name, what) for name, well, what in found])
    if bad := [name for name, well, _ in found if well is False]:
        raise BodywornError(f"not well: {', '.join(bad)}", "The table above says what was found")


def _program() -> Iterator[Finding]:
    import platform
    from importlib.metadata import PackageNotFoundError, version

    from bodyworn import __version__

    yield "bodyworn", True, f"{__version__}, Python {platform.python_version()}, {platform.system()}"
    for package in PACKAGES:
        try:
            yield f"package {package}", True, version(package)
        except PackageNotFoundError:
            yield f"package {package}", False, "not installed"


def _models() -> Iterator[Finding]:
    from bodyworn.domain.errors import ModelError
    from bodyworn.models.registry import MODELS, locate

    for name, model in MODELS.items():
        try:
            locate(name)
            yield f"model {name}", True, f"{model.task}, {model.license}, SHA-256 {model.sha256[:12]} as pinned"
        except ModelError as error:
            yield f"model {name}", False, error.what


def _codecs() -> Iterator[Finding]:
    from bodyworn.media.codecs import decoders, version

    there = decoders()
    missing = [codec for codec in CODECS if codec not in there]
    yield (
        "FFmpeg in PyAV",
        not missing,
        f"{version()}; " + (f"cannot read {', '.join(missing)}" if missing else "all read"),
    )


def _disk(folder: Path) -> Iterator[Finding]:
    import shutil

    place = next(parent for parent in (folder.absolute(), *folder.absolute().parents) if parent.exists())
    free = shutil.disk_usage(place).free
    yield "free disk", free > LOW_DISK_BYTES, f"{free / (1 << 30):.1f} GiB at {place}"


def _library(folder: Path) -> Iterator[Finding]:
    from bodyworn.cli.screen import one_bar
    from bodyworn.domain.errors import BodywornError, LibraryMissing

    try:
        with opened(folder) as chosen, one_bar("custody") as progress:
            complaints = chosen.database.integrity()
            yield "database", not complaints, "; ".join(complaints) or "sound"
            verdict = chosen.verify(progress)
            what = "; ".join(map(str, verdict.faults)) or f"holds: {verdict.rows} rows, {verdict.files} stored files"
            yield "record", verdict.holds, what
    except LibraryMissing as error:
        yield "library", None, error.what
    except BodywornError as error:
        yield "library", False, str(error)
