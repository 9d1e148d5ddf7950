"""Checkpoints: size and Merkle root of the audit log, signed, in files outside the database.

The text is a C2SP tlog-checkpoint (origin, size, root in base 64) in a C2SP signed note with an Ed25519 signature, so
that any transparency-log tool can check it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from bodyworn.domain.errors import CustodyError
from bodyworn.storage.files import said_clearly, write_whole

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_ED25519 = b"\x01"
#: A checkpoint has some 200 bytes; more than this is none, and is not read.
_LARGEST_NOTE = 10_000
#: Third line of a key file whose log was begun: who cannot read the key cannot write a file without it.
_BEGUN = "begun"


@dataclass(frozen=True)
class Checkpoint:
    """The audit log had ``size`` rows under ``root`` (32 bytes), says the log named ``origin``."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The note's text, ending in a newline."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """The checkpoint in a note, whoever signed it; ``ValueError`` on other text."""
        lines = text.partition("\n\n")[0].split("\n")
        if len(lines) < 3 or not lines[1].isascii() or not lines[1].isdigit():
            raise ValueError("is not a signed checkpoint")
        return cls(lines[0], int(lines[1]), base64.b64decode(lines[2]))


@dataclass(frozen=True)
class CheckpointVerifier:
    """A public key as the signed-note format writes it: ``name+keyhash+base64(0x01 || key)``."""

    name: str
    key: bytes

    @property
    def key_hash(self) -> bytes:
        """The four bytes that tell keys apart."""
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.key).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_hash.hex()}+{base64.b64encode(_ED25519 + self.key).decode()}"

    @classmethod
    def parse(cls, text: str) -> CheckpointVerifier:
        """Inverse of ``str``; :class:`CustodyError` on other text."""
        name, _, rest = text.strip().partition("+")
        _, _, encoded = rest.partition("+")
        try:
            key = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            key = b""
        verifier = cls(name, key[1:])
        if len(key) != 33 or key[:1] != _ED25519 or str(verifier) != text.strip():
            raise CustodyError("the public key of the audit log cannot be read", "Restore keys/ from its backup")
        return verifier

    def open(self, note: str) -> Checkpoint:
        """The checkpoint in a signed note; ``ValueError`` that says what does not hold."""
        return Checkpoint.parse(self.signed_text(note))

    def signed_text(self, note: str) -> str:
        """The text of a note that this key signed; ``ValueError`` that says what does not hold."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        text, gap, signatures = note.partition("\n\n")
        if not gap or text.count("\n") < 2:
            raise ValueError("is not a signed checkpoint")
        for line in signatures.splitlines():
            if not line.startswith(f"— {self.name} "):
                continue
            signed = base64.b64decode(line.rpartition(" ")[2])
            if signed[:4] != self.key_hash:
                continue
            try:
                Ed25519PublicKey.from_public_bytes(self.key).verify(signed[4:], (text + "\n").encode())
            except InvalidSignature:
                raise ValueError("has a signature that does not fit its text") from None
            return text
        raise ValueError("is not signed with this library's key")


@dataclass(frozen=True)
class CheckpointSigner:
    """The private half. Who holds it and the database can write an audit log anew: keep it apart where you can.

    ``begun`` says that this key has signed rows: a log without any was emptied.
    """

    name: str
    private: Ed25519PrivateKey
    begun: bool = False

    @property
    def verifier(self) -> CheckpointVerifier:
        """The public half."""
        return CheckpointVerifier(self.name, self.private.public_key().public_bytes_raw())

    def sign(self, checkpoint: Checkpoint) -> str:
        """The signed note."""
        return self.sign_text(checkpoint.text())

    def sign_text(self, text: str) -> str:
        """A signed note of any text: at least three lines, the last with its line end too."""
        signature = self.verifier.key_hash + self.private.sign(text.encode())
        return f"{text}\n— {self.name} {base64.b64encode(signature).decode()}\n"

    @classmethod
    def create(cls, name: str, key_file: Path) -> CheckpointSigner:
        """A new key, written to ``key_file`` with mode 0600 and its public half beside it; one that is there stays."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        secret = Ed25519PrivateKey.generate().private_bytes_raw().hex()
        with said_clearly(key_file.parent):
            key_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_whole(key_file, f"{name}\n{secret}\n", mode=0o600, once=True)
            signer = cls.load(key_file)
            write_whole(public_file(key_file), f"{signer.verifier}\n", mode=0o644, once=True)
        return signer

    def keep_begun(self, key_file: Path) -> CheckpointSigner:
        """The same key, from now on with its file saying that its log was begun.

        A file that cannot be written to stays as it is: a key may lie where it can only be read.
        """
        if self.begun:
            return self
        text = f"{self.name}\n{self.private.private_bytes_raw().hex()}\n{_BEGUN}\n"
        with suppress(OSError):
            write_whole(key_file, text, mode=0o600)
        return replace(self, begun=True)

    @classmethod
    def load(cls, key_file: Path) -> CheckpointSigner:
        """The key in ``key_file``; :class:`CustodyError` if it is missing or cannot be read."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        try:
            name, secret, *begun = key_file.read_text().splitlines()
            private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret))
            return cls(name, private, begun=begun == [_BEGUN])
        except (OSError, ValueError):
            raise CustodyError(
                f"the audit log's key {key_file.name} is missing or cannot be read", "Restore keys/ from its backup"
            ) from None


class CheckpointFolder:
    """Checkpoint files by size: ``000000000042.txt``. Written once, never replaced."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, checkpoint: Checkpoint, signer: CheckpointSigner) -> Path:
        """Write the signed checkpoint; one of the same size that is there already stays."""
        path = self.path(checkpoint.size)
        with said_clearly(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            write_whole(path, signer.sign(checkpoint), mode=0o444, once=True)
        return path

    def path(self, size: int) -> Path:
        """The file of the checkpoint over so many rows."""
        return self.folder / f"{size:012d}.txt"

    def all(self) -> Iterator[Path]:
        """The files, oldest first."""
        yield from sorted(self.folder.glob("[0-9]*.txt"))

    def sizes(self) -> list[int]:
        """Over how many rows each is, as far as the names say; in order."""
        return sorted(int(path.stem) for path in self.all() if path.stem.isdecimal())


def read_note(path: Path) -> str:
    """Text of a signed note; ``OSError`` or ``ValueError`` for what is not a plain file of that length.

    What lies in a folder of checkpoints may be anything: a link, a pipe, a device.
    """
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise ValueError("is not a plain file")
        data = file.read(_LARGEST_NOTE + 1)
    if len(data) > _LARGEST_NOTE:
        raise ValueError("is not a signed checkpoint")
    return data.decode()


def public_file(key_file: Path) -> Path:
    """Where the public half of the key in ``key_file`` stands."""
    return key_file.with_suffix(".pub")
