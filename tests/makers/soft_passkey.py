"""A passkey in software that signs whatever a test has it sign, also what no browser would."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class SoftPasskey:
    """One passkey for one person; ``count`` is the next signature's, ``flags`` what the device says of the person."""

    origin: str
    count: int = 1
    flags: int = PRESENT | VERIFIED
    id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    user: str = ""

    def made(self, options: str, **changed: str) -> str:
        """The answer to what a server asks for to make a passkey."""
        asked = json.loads(options)
        self.user = asked["user"]["id"]
        point = self.key.public_key().public_numbers()
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)})
        whose = bytes(16) + len(self.id).to_bytes(2) + self.id + public
        data = self._data(changed.get("site", asked["rp"]["id"]), ATTESTED) + whose
        client = self._client("webauthn.create", asked, changed)
        self.count += 1 if self.count else 0
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(clientDataJSON=client, attestationObject=attestation)

    def signed(self, options: str, **changed: str) -> str:
        """The answer to what a server asks for to sign in; ``changed`` is what it lies about."""
        asked = json.loads(options)
        data = self._data(changed.get("site", asked["rpId"]))
        client = self._client("webauthn.get", asked, changed)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        self.count += 1
        user = base64url_to_bytes(changed.get("user", self.user))
        return self._answer(clientDataJSON=client, authenticatorData=data, signature=signature, userHandle=user)

    def _data(self, site: str, more: int = 0) -> bytes:
        return hashlib.sha256(site.encode()).digest() + bytes([self.flags | more]) + self.count.to_bytes(4)

    def _client(self, kind: str, asked: dict[str, Any], changed: dict[str, str]) -> bytes:
        told = {"type": kind, "challenge": asked["challenge"], "origin": self.origin, "crossOrigin": False}
        return json.dumps({name: changed.get(name, value) for name, value in told.items()}).encode()

    def _answer(self, **response: bytes) -> str:
        told: dict[str, Any] = {name: bytes_to_base64url(value) for name, value in response.items()}
        named = bytes_to_base64url(self.id)
        return json.dumps({"id": named, "rawId": named, "type": "public-key", "response": told})
