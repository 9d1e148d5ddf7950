"""The session of the command line: a token in a file that only this account of the machine can read."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from bodyworn.domain.errors import Denied
from bodyworn.domain.recording import shown_name
from bodyworn.releases.identities import configuration_folder
from bodyworn.storage.files import write_whole

WAY = "cli"


def kept_token(library: Path) -> str | None:
    """The token that was kept for that library; :class:`Denied` where others could have read the file."""
    path = _path(library)
    try:
        mode = path.stat().st_mode & 0o777
        text = path.read_text()
    except OSError:
        return None
    if mode & 0o077:
        path.unlink(missing_ok=True)
        raise Denied("other accounts of this machine could read the session that was kept here", "Sign in again")
    try:
        return str(json.loads(text)["token"])
    except (ValueError, KeyError, TypeError):
        return None


def keep_token(library: Path, token: str) -> None:
    """Keep it, in place of the one before."""
    path = _path(library)
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"library": shown_name(str(library.absolute())), "token": token})
    write_whole(path, text + "\n", mode=0o600)


def forget_token(library: Path) -> None:
    """Remove it."""
    _path(library).unlink(missing_ok=True)


def _path(library: Path) -> Path:
    name = hashlib.sha256(os.fsencode(library.absolute())).hexdigest()[:16]
    return configuration_folder() / "sessions" / f"{name}.json"
