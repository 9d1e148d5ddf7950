"""Checkpoints: size and Merkle root of the audit log, signed, in files outside the database.

The text is a C2SP tlog-checkpoint (origin, size, root in base 64) in a C2SP signed note with an Ed25519 signature, so
that any transparency-log tool can check it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bodyworn.domain.errors import CustodyError
from bodyworn.storage.files import said_clearly, write_whole

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_ED25519 = b"\x01"


@dataclass(frozen=True)
class Checkpoint:
    """The audit log had ``size`` rows under ``root`` (32 bytes), says the log named ``origin``."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The note's text, ending in a newline."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


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
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        text, gap, signatures = note.partition("\n\n")
        lines = text.split("\n")
        if not gap or len(lines) < 3:
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
            return Checkpoint(lines[0], int(lines[1]), base64.b64decode(lines[2]))
        raise ValueError("is not signed with this library's key")


@dataclass(frozen=True)
class CheckpointSigner:
    """The private half. Who holds it and the database can write an audit log anew: keep it apart where you can."""

    name: str
    private: Ed25519PrivateKey

    @property
    def verifier(self) -> CheckpointVerifier:
        """The public half."""
        return CheckpointVerifier(self.name, self.private.public_key().public_bytes_raw())

    def sign(self, checkpoint: Checkpoint) -> str:
        """The signed note."""
        text = checkpoint.text()
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

    @classmethod
    def load(cls, key_file: Path) -> CheckpointSigner:
        """The key in ``key_file``; :class:`CustodyError` if it is missing or cannot be read."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        try:
            name, secret = key_file.read_text().splitlines()
            return cls(name, Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret)))
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
        path = self.folder / f"{checkpoint.size:012d}.txt"
        with said_clearly(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            write_whole(path, signer.sign(checkpoint), mode=0o444, once=True)
        return path

    def all(self) -> Iterator[Path]:
        """The files, oldest first."""
        yield from sorted(self.folder.glob("[0-9]*.txt"))


def public_file(key_file: Path) -> Path:
    """Where the public half of the key in ``key_file`` stands."""
    return key_file.with_suffix(".pub")
