"""The agency's keys in a backup: its signing keys and the authorities it trusts, as its configuration folder has them.

They lie with the keys, never with the record. They belong to a machine and not to a library, so restoring never
replaces any: they are put where there are none.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from bodyworn.storage.files import said_clearly, write_whole

#: Their folder in the keys' part of a backup.
AGENCY = "agency"
#: What belongs to them, of all that a configuration folder may hold.
_FOLDERS = ("signing", "signing-until-*", "authorities", "time-authorities")


class AgencyKeys(StrEnum):
    """What became of the agency's keys when a library was restored."""

    NONE = "none"  # the backup has none
    RESTORED = "restored"
    THERE = "there"  # the same ones lie there already
    OTHERS = "others"  # others lie there, and stay


def copy_agency_keys(configuration: Path, to: Path) -> None:
    """Copy them into the folder ``to``, which is made if there are any; files are for their owner alone."""
    for name, data in _files(configuration).items():
        with said_clearly(to.parent):
            (to / name).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_whole(to / name, data, mode=0o600)


def put_agency_keys(source: Path, configuration: Path) -> AgencyKeys:
    """Put what was backed up into the configuration folder, unless anything there differs: then nothing is changed."""
    kept, there = _files(source), _files(configuration)
    if not kept:
        return AgencyKeys.NONE
    if any(there.get(name, data) != data for name, data in kept.items()) or _another_signs(kept, there):
        return AgencyKeys.OTHERS
    missing = {name: data for name, data in kept.items() if name not in there}
    for name, data in missing.items():
        with said_clearly(configuration):
            (configuration / name).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_whole(configuration / name, data, mode=0o600, once=True)
    return AgencyKeys.RESTORED if missing else AgencyKeys.THERE


def _another_signs(kept: dict[str, bytes], there: dict[str, bytes]) -> bool:
    """Whether a key that is not in the backup signs here: parts of two keys must not lie in one folder."""
    return any(name.startswith("signing/") and name not in kept for name in there)


def _files(configuration: Path) -> dict[str, bytes]:
    """Their files by name, in the folder of a configuration or of a backup."""
    folders = [path for pattern in _FOLDERS for path in sorted(configuration.glob(pattern))]
    files = [path for folder in folders for path in sorted(folder.iterdir()) if path.is_file()]
    return {path.relative_to(configuration).as_posix(): path.read_bytes() for path in files}
