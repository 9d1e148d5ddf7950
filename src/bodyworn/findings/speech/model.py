"""Where the model is that turns speech into words."""

from __future__ import annotations

from pathlib import Path

from bodyworn.domain.errors import Code, ModelError
from bodyworn.models import registry

#: How the tasks of models begin that can be named here.
_TASK = "speech to text"


def model_folder(name: str) -> Path:
    """The folder of a model: a speech model of the registry, or a folder with ``model.bin`` and ``tokenizer.json``."""
    if name in registry.MODELS:
        known = [one for one, model in registry.MODELS.items() if model.task.startswith(_TASK)]
        if name not in known:
            raise ModelError(f"{name!r} is no speech model", f"The installed ones are: {', '.join(known)}")
        return registry.locate(name).parent
    folder = Path(name)
    missing = [file for file in ("model.bin", "config.json", "tokenizer.json") if not (folder / file).is_file()]
    if missing:
        raise ModelError(
            f"{name!r} is neither a known model nor a folder with a CTranslate2 Whisper ({missing[0]} is missing)",
            "Name an installed model, or a folder made by ct2-transformers-converter",
            Code.MODEL_UNKNOWN,
        )
    return folder
