"""Every error a person can meet, as one tree.

::

    BodywornError            exit 1
    ├── InputError           exit 2   what was brought in cannot be used; nothing was changed
    │   ├── UnreadableInput           the file cannot be opened (missing, no permission, a folder)
    │   ├── EmptyInput                zero bytes
    │   ├── NotMedia                  neither video nor audio, whatever its name says
    │   ├── DamagedMedia              a container that starts right and breaks off or does not decode
    │   └── BadTranscript             a transcript that cannot be read as JSONL, WebVTT or SRT
    ├── LibraryError         exit 3   the library folder cannot be used
    │   ├── LibraryMissing            there is no library there
    │   ├── LibraryReadOnly           it cannot be written to
    │   ├── LibraryBusy               another process is at the same work
    │   ├── DiskFull                  no room left
    │   ├── NotFound                  no such recording, finding, job in this library
    │   └── Conflict                  another person changed it in the meantime
    ├── CustodyError         exit 4   the audit log or a stored file does not hold
    ├── ModelError           exit 5   a model is missing, or is not the one that was pinned
    ├── StageError           exit 6   a stage failed on this recording
    ├── Denied               exit 7   the person may not do that
    ├── PortTaken            exit 8   the workbench cannot listen where it should
    ├── SigningKeyError      exit 9   the agency's signing key is missing or does not open
    └── MachineLimit         exit 10  a limit of this session (ulimit) leaves too little for the work

``what`` says in one sentence what is wrong, ``advice`` in one what helps, without naming a command or a page.
Where a face can say it better, the error carries a :class:`Code` with data, and ``cli/next_steps.py`` and
``web/next_steps.py`` name the command or the page.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Code(StrEnum):
    """What a face may have a better next step for: a value, what it means, and the names of the data it comes with."""

    means: str
    data: tuple[str, ...]

    def __new__(cls, value: str, means: str = "", *data: str) -> Self:
        """A member whose text is ``value``."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.means, member.data = means, data
        return member

    OTHER = "other", "Nothing that a face could say better; the advice stands."
    FILE_EXISTS = "file-exists", "A file of that name exists and is not replaced.", "name"
    OUTPUT_REFUSED = "output-refused", "The place for a result cannot be written to."
    LIBRARY_MISSING = "library-missing", "There is no library in that folder.", "folder"
    LIBRARY_NOT_A_FOLDER = "library-not-a-folder", "A file stands where the library should be.", "folder"
    DATABASE_REFUSED = "database-refused", "The database of the library cannot be used.", "folder"
    NOT_FOUND = "not-found", "No thing of that kind has this ID or name.", "noun"
    DISPOSED = "disposed", "The recording was disposed of.", "disposal"
    DISPOSAL_NOT_NOW = "disposal-not-now", "The state of the disposal does not allow it.", "disposal", "state"
    NOT_DUE = "not-due", "A recording is kept: it is held, not due yet, or no rule covers it."
    MAPPING_MISSING = "mapping-missing", "A sidecar came without the file that says what its fields mean."
    CUSTODY_FAULT = "custody-fault", "A stored file or the audit log is not as it was."
    SIGNING_KEY_MISSING = "signing-key-missing", "There is no usable signing key on this machine."
    AUTHORITY_KEY_MISSING = "authority-key-missing", "The key of the agency's authority was not kept."
    PASSPHRASE_MISSING = "passphrase-missing", "A signing key needs a passphrase.", "variable"
    MODEL_UNKNOWN = "model-unknown", "No speech model has this name."
    MODEL_NOT_SET_UP = "model-not-set-up", "A model was not fetched or converted at set-up."
    STAGE_BROKE = "stage-broke", "A stage ended in an error of the program."
    PLAN_UNUSABLE = "plan-unusable", "The redaction plan cannot be read."
    WORDS_NOT_HEARD = "words-not-heard", "These words are not in the transcript."
    REDACTION_MISSING = "redaction-missing", "The recording has no redaction yet.", "recording"
    PLAN_CHANGED = "plan-changed", "The plan was edited by another person in the meantime.", "redaction"
    NOT_ALLOWED_NOW = "not-allowed-now", "The state of the release does not allow it.", "release", "state"
    RENDER_CHANGED = "render-changed", "The stored clip of a release is not the approved one.", "release"
    SIGN_IN_NEEDED = "sign-in-needed", "The library has accounts, and nobody is signed in here."
    PROOF_NEEDED = "proof-needed", "The act needs a fresh proof of who the person is."
    HOST_NOT_LOCAL = "host-not-local", "The program would be open to other machines."
    PORT_TAKEN = "port-taken", "Another program has the port, or the system keeps it."


class BodywornError(Exception):
    """Base of all errors shown to a person.

    ``what`` is one sentence without its final period, ``advice`` another one, true wherever it is read. ``code`` and
    ``data`` (text by name) are for a face that can name a command or a page instead.
    """

    exit_code = 1

    def __init__(self, what: str, advice: str, code: Code = Code.OTHER, **data: str) -> None:
        self.what = what.rstrip(".")
        self.advice = advice.rstrip(".")
        self.code = code
        self.data = data
        super().__init__(f"{self.what}. {self.advice}.")

    def saying(self, what: str) -> Self:
        """The same error with another sentence."""
        return type(self)(what, self.advice, self.code, **self.data)

    def __reduce__(self) -> tuple[object, ...]:
        return (_again, (type(self), self.what, self.advice, self.code, self.data))


def _again(cls: type[BodywornError], what: str, advice: str, code: Code, data: dict[str, str]) -> BodywornError:
    return cls(what, advice, code, **data)


class InputError(BodywornError):
    """What was brought in cannot be used; nothing was changed."""

    exit_code = 2


class UnreadableInput(InputError):
    """The file cannot be opened."""


class EmptyInput(InputError):
    """The file holds no bytes."""


class NotMedia(InputError):
    """The file is neither video nor audio."""


class DamagedMedia(InputError):
    """The container starts right and breaks off, or does not decode."""


class BadTranscript(InputError):
    """The transcript cannot be read."""


class LibraryError(BodywornError):
    """The library folder cannot be used."""

    exit_code = 3


class LibraryMissing(LibraryError):
    """There is no library at that place."""


class LibraryReadOnly(LibraryError):
    """The library cannot be written to."""


class LibraryBusy(LibraryError):
    """Another process is at the same work."""


class DiskFull(LibraryError):
    """No room is left where the library lives."""


class NotFound(LibraryError):
    """Nothing of that id is in this library."""


class Conflict(LibraryError):
    """Another person changed it in the meantime; nothing was overwritten."""


class CustodyError(BodywornError):
    """The audit log or a stored file does not hold."""

    exit_code = 4


class ModelError(BodywornError):
    """A model is missing or is not the pinned one."""

    exit_code = 5


class StageError(BodywornError):
    """A stage failed on this recording."""

    exit_code = 6


class Denied(BodywornError):
    """The person may not do that."""

    exit_code = 7


class PortTaken(BodywornError):
    """The workbench cannot listen where it should."""

    exit_code = 8


class SigningKeyError(BodywornError):
    """The agency's signing key is missing or does not open."""

    exit_code = 9


class MachineLimit(BodywornError):
    """A limit of this session (``ulimit``) leaves too little for the work; no file is to blame."""

    exit_code = 10
