"""Every setting once: its default, its range, what it does.

Set by ``BODYWORN_<NAME>`` in the environment, or in ``bodyworn.toml`` of the library folder; the environment wins.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from bodyworn.domain.errors import LibraryError

FILE = "bodyworn.toml"

#: Variables of the environment that are no settings of a library: name to default and what it does.
ENVIRONMENT_ONLY: Mapping[str, tuple[str, str]] = {
    "BODYWORN_LIBRARY": ("`library`", "The library folder to use when none is named. In the environment only."),
    "BODYWORN_CONFIG": (
        "by the system",
        "Folder of the agency's signing key and of trusted authorities. In the environment only.",
    ),
    "BODYWORN_KEY_PASSPHRASE": ("none", "Passphrase of the signing key. In the environment only."),
}


def _setting(default: Any, text: str, least: int | None = None, most: int | None = None) -> Any:
    return field(default=default, metadata={"help": text, "least": least, "most": most})


@dataclass(frozen=True)
class Settings:
    """The settings of one library."""

    workers: int = _setting(
        min(2, os.cpu_count() or 1), "Processes that analyze side by side; 0 works in the process itself.", 0, 64
    )
    lease_seconds: int = _setting(60, "How long a job is held for a process on another machine that went silent.", 60)
    rows_per_checkpoint: int = _setting(1000, "Rows of the audit log after which it is sealed within long work.", 1)
    key_file: str = _setting("keys/record.key", "Private key of the audit log; relative to the library, or elsewhere.")
    checkpoints: str = _setting("checkpoints", "Folder of signed checkpoints; relative to the library, or elsewhere.")

    @classmethod
    def load(cls, folder: Path, environment: Mapping[str, str] = os.environ) -> Settings:
        """Settings of the library in ``folder``; :class:`LibraryError` names the one that cannot be used."""
        path = folder / FILE
        try:
            values = tomllib.loads(path.read_text()) if path.is_file() else {}
        except (OSError, ValueError) as error:
            raise LibraryError(
                f"the settings in {path} cannot be read ({error})", "Correct or remove the file"
            ) from None
        known = {setting.name: setting for setting in fields(cls)}
        if unknown := sorted(values.keys() - known.keys()):
            raise LibraryError(f"{path} has no setting {unknown[0]!r}", f"Known are: {', '.join(known)}")
        for name in known:
            if (text := environment.get(f"BODYWORN_{name.upper()}")) is not None:
                values[name] = text
        parsed: dict[str, Any] = {name: _parsed(name, value, known[name]) for name, value in values.items()}
        return cls(**parsed)


def _parsed(name: str, value: Any, setting: Any) -> int | str:
    if setting.type == "str":
        return str(value)
    least, most = setting.metadata["least"], setting.metadata["most"]
    try:
        number = int(value)
    except (TypeError, ValueError):
        number = None
    if number is None or number < least or (most is not None and number > most):
        upper = f"to {most}" if most is not None else "or more"
        raise LibraryError(f"the setting {name} is {value!r}", f"Give a whole number, {least} {upper}")
    return number


def default_library(environment: Mapping[str, str] = os.environ) -> Path:
    """The library to use when none is named: ``BODYWORN_LIBRARY``, else ``library`` in the current folder."""
    return Path(environment.get("BODYWORN_LIBRARY", "library"))
