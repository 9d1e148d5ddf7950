"""Every setting once: its default, its range, what it does.

Set by ``BODYWORN_<NAME>`` in the environment, or in ``bodyworn.toml`` of the library folder; the environment wins.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path

from bodyworn.domain.errors import LibraryError

FILE = "bodyworn.toml"
#: Settings that say where parts of a library lie.
PLACES = ("key_file", "checkpoints", "database")

#: Variables of the environment that are no settings of a library: name to default and what it does.
ENVIRONMENT_ONLY: Mapping[str, tuple[str, str]] = {
    "BODYWORN_LIBRARY": ("`library` in the current folder", "The library folder to use when none is named."),
    "BODYWORN_CONFIG": (
        "where the system keeps settings",
        "Folder of the agency's signing key and of trusted authorities.",
    ),
    "BODYWORN_KEY_PASSPHRASE": ("none", "Passphrase of the agency's signing key."),
    "BODYWORN_STYLEGUIDE": ("off", "`1` adds a page with every part of the pages, for their developers."),
    "NO_COLOR": ("off", "If it is set, output has no colors or styles."),
    "COLUMNS": ("the width of the terminal", "Width of tables. In a pipe without it, each row is one line."),
}


def _about(text: str, least: int | None = None, most: int | None = None) -> Mapping[str, object]:
    return {"help": text, "least": least, "most": most}


@dataclass(frozen=True)
class Settings:
    """The settings of one library."""

    workers: int = field(
        default=min(2, os.cpu_count() or 1),
        metadata=_about("Worker processes that analyze side by side; 0 runs in the main process.", 0, 64),
    )
    lease_seconds: int = field(
        default=60, metadata=_about("Seconds before a job held by an unresponsive machine is released.", 60)
    )
    rows_per_checkpoint: int = field(
        default=1000,
        metadata=_about("During long runs, write a checkpoint after this many entries of the audit log.", 1),
    )
    seal_seconds: int = field(
        default=60,
        metadata=_about("While a server runs, write a checkpoint at least after so many seconds.", 1, 60),
    )
    key_file: str = field(
        default="keys/record.key",
        metadata=_about("Private key of the audit log; relative to the library, or elsewhere."),
    )
    checkpoints: str = field(
        default="checkpoints",
        metadata=_about("Folder of signed checkpoints; relative to the library, or elsewhere."),
    )
    database: str = field(
        default="library.db",
        repr=False,  # a password may stand in it
        metadata=_about(
            "SQLite file, relative to the library or elsewhere; or a PostgreSQL database: postgresql://user@host/name."
        ),
    )

    use_notice: str = field(
        default="For authorized use only. What you see and do here is recorded in an audit log.",
        metadata=_about("What everybody reads before they sign in, where the library has accounts."),
    )
    known_bad_passwords: str = field(
        default="",
        metadata=_about(
            "File of passwords that nobody may choose, one a line, beside the built-in list; relative to the library."
        ),
    )

    time_authority: str = field(
        default="",
        metadata=_about(
            "Address of an RFC 3161 time-stamping authority, asked once for each clip that is signed; empty for none. "
            "Apart from oidc_issuer, the only setting that lets the program use the network."
        ),
    )

    oidc_issuer: str = field(
        default="",
        metadata=_about(
            "Address of the provider (OpenID Connect) that people with accounts may sign in by, as it names itself "
            "(issuer); empty for none. It is asked when somebody signs in by it."
        ),
    )
    oidc_client_id: str = field(
        default="", metadata=_about("What the provider calls this program (client ID); needed with oidc_issuer.")
    )
    oidc_secret_file: str = field(
        default="",
        metadata=_about(
            "File with the secret that the provider knows this program by, mode 0600; relative to the library. Empty "
            "for a program without one (public client)."
        ),
    )
    oidc_name: str = field(
        default="your agency's account", metadata=_about("What people call the provider: sign in with ….")
    )

    @classmethod
    def load(cls, folder: Path, environment: Mapping[str, str] = os.environ) -> Settings:
        """Settings of the library in ``folder``; :class:`LibraryError` names the one that cannot be used."""
        path = folder / FILE
        try:
            values: dict[str, object] = tomllib.loads(path.read_text()) if path.is_file() else {}
        except OSError as error:
            raise _unreadable(path, error.strerror or "") from None
        except ValueError as error:
            raise _unreadable(path, str(error)) from None
        known = {setting.name: setting for setting in fields(cls)}
        if unknown := sorted(values.keys() - known.keys()):
            raise LibraryError(f"{path} has no setting {unknown[0]!r}", f"Known are: {', '.join(known)}")
        for name in known:
            if (text := environment.get(f"BODYWORN_{name.upper()}")) is not None:
                values[name] = text
        numbers = {name: _number(value, known[name]) for name, value in values.items() if known[name].type == "int"}
        texts = {name: str(value) for name, value in values.items() if known[name].type == "str"}
        return cls(**numbers, **texts)  # type: ignore[arg-type]  # the names tell which are which


def naming_database(folder: Path, database: str, environment: Mapping[str, str] = os.environ) -> str:
    """The text of the settings file in ``folder`` with another ``database``, and all else as it stands there.

    :class:`LibraryError` where the environment says it, which would win, or where the file cannot be changed so.
    """
    if "BODYWORN_DATABASE" in environment:
        raise LibraryError(
            "the environment names the database (BODYWORN_DATABASE), so the settings of the library cannot",
            "Take the variable away, and write what it says into the settings file",
        )
    Settings.load(folder, {})
    path = folder / FILE
    lines = path.read_text().splitlines() if path.is_file() else []
    kept = [line for line in lines if not re.match(r"\s*[\"']?database[\"']?\s*=", line)]
    text = "\n".join([f"database = {json.dumps(database)}", *kept]) + "\n"
    try:
        read = tomllib.loads(text)
        rest = tomllib.loads("\n".join(lines))
    except ValueError as error:
        raise _unreadable(path, str(error)) from None
    if read != {**rest, "database": database}:
        raise _unreadable(path, "its line `database` cannot be replaced")
    return text


def without_places(folder: Path) -> str:
    """What the settings file in ``folder`` says, written anew without the places of parts; empty where it says no more.

    Comments are left out too: a former address of a database, with its password, may stand in one.
    """
    settings, path = Settings.load(folder, {}), folder / FILE
    stated = tomllib.loads(path.read_text()) if path.is_file() else {}
    kept = {name: getattr(settings, name) for name in stated if name not in PLACES}
    text = "".join(f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in kept.items())
    if tomllib.loads(text) != kept:
        raise _unreadable(path, "it has a character that cannot be written")
    return text


def _unreadable(path: Path, why: str) -> LibraryError:
    return LibraryError(f"the settings in {path} cannot be read ({why})", "Correct or remove the file")


def _number(value: object, setting: Field[object]) -> int:
    least, most = setting.metadata["least"], setting.metadata["most"]
    number = int(str(value)) if str(value).strip().removeprefix("-").isdecimal() else None
    if number is None or number < least or (most is not None and number > most):
        upper = f"to {most}" if most is not None else "or more"
        raise LibraryError(f"the setting {setting.name} is {value!r}", f"Give a whole number, {least} {upper}")
    return number


def default_library(environment: Mapping[str, str] = os.environ) -> Path:
    """The library to use when none is named: ``BODYWORN_LIBRARY``, else ``library`` in the current folder."""
    return Path(environment.get("BODYWORN_LIBRARY", "library"))
