"""Read the weights of a PyTorch checkpoint without PyTorch, and without running anything that stands in it.

A checkpoint is a zip file: ``<folder>/data.pkl`` describes nested dictionaries of tensors, ``<folder>/data/<key>``
holds the numbers of each storage, little-endian. The pickle is read with an unpickler that knows four harmless names;
every other class becomes an inert placeholder, so nothing from the file is ever called.
"""

from __future__ import annotations

import pickle
import zipfile
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from bodyworn.domain.errors import ModelError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Weight = NDArray[np.generic]

_STORAGES = {"FloatStorage": "<f4", "DoubleStorage": "<f8", "HalfStorage": "<f2", "LongStorage": "<i8"}


class _Placeholder:
    """Stands for a class that is not weights: takes any arguments and state, does nothing."""

    def __init__(self, *_args: object, **_kwargs: object) -> None: ...

    def __setstate__(self, _state: object) -> None: ...

    def __call__(self, *_args: object) -> _Placeholder:
        return self


class _Unpickler(pickle.Unpickler):
    """Resolves tensors to NumPy arrays and everything else to :class:`_Placeholder`."""

    def __init__(self, archive: zipfile.ZipFile, folder: str) -> None:
        super().__init__(archive.open(f"{folder}/data.pkl"))
        self._archive = archive
        self._folder = folder

    def find_class(self, module: str, name: str) -> object:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _rebuild
        if module == "torch" and name in _STORAGES:
            return _STORAGES[name]
        return _Placeholder

    def persistent_load(self, pid: tuple[str, str, str, str, int]) -> Weight:
        import numpy as np

        _, dtype, key, *_ = pid
        return np.frombuffer(self._archive.read(f"{self._folder}/data/{key}"), dtype=dtype)


def _rebuild(storage: Weight, offset: int, size: tuple[int, ...], stride: tuple[int, ...], *_: object) -> Weight:
    import numpy as np

    strides = tuple(step * storage.itemsize for step in stride)
    view: Weight = np.lib.stride_tricks.as_strided(storage[offset:], size, strides, writeable=False)
    return view.copy()


def read_weights(path: Path) -> Mapping[str, Weight]:
    """All tensors of the checkpoint at ``path`` by their name, from its ``state_dict`` where it has one.

    Raises :class:`ModelError` if the file is not such a checkpoint.
    """
    import numpy as np

    try:
        with zipfile.ZipFile(path) as archive:
            inside = next(name for name in archive.namelist() if name.endswith("/data.pkl"))
            tree = _Unpickler(archive, inside.rsplit("/", 1)[0]).load()
    except (OSError, zipfile.BadZipFile, pickle.UnpicklingError, StopIteration, KeyError) as error:
        raise ModelError(f"the weights in {path.name} cannot be read", "Install the package again") from error
    tree = tree.get("state_dict", tree)
    return {name: value for name, value in tree.items() if isinstance(value, np.ndarray)}
