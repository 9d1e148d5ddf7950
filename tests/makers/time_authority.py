"""A time-stamping authority (RFC 3161) on this machine: a web server that stamps what it is sent."""

from __future__ import annotations

import datetime as dt
import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

SHA256 = bytes.fromhex("300d06096086480165030402010500")
ECDSA_SHA256 = bytes.fromhex("300a06082a8648ce3d040302")
SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
TST_INFO = bytes.fromhex("060b2a864886f70d0109100104")
CONTENT_TYPE = bytes.fromhex("06092a864886f70d010903")
MESSAGE_DIGEST = bytes.fromhex("06092a864886f70d010904")
SIGNING_CERTIFICATE = bytes.fromhex("060b2a864886f70d010910022f")
POLICY = bytes.fromhex("06042a030401")


def tlv(tag: int, *parts: bytes) -> bytes:
    """One DER element."""
    body = b"".join(parts)
    if len(body) < 128:
        return bytes([tag, len(body)]) + body
    length = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([tag, 128 + len(length)]) + length + body


def elements(data: bytes) -> list[tuple[int, bytes, bytes]]:
    """The DER elements in ``data``: tag, content, and the whole."""
    found, at = [], 0
    while at < len(data):
        start, tag, length, at = at, data[at], data[at + 1], at + 2
        if length & 128:
            count = length & 127
            length, at = int.from_bytes(data[at : at + count], "big"), at + count
        found.append((tag, data[at : at + length], data[start : at + length]))
        at += length
    return found


def whole(number: int) -> bytes:
    """An INTEGER."""
    return tlv(2, number.to_bytes(number.bit_length() // 8 + 1, "big"))


@dataclass(frozen=True)
class TimeAuthority:
    """The address to ask, and the certificate of its authority (PEM)."""

    address: str
    pem: str


class _Stamper:
    def __init__(self) -> None:
        now = dt.datetime.now(dt.UTC)
        self._root_key, self._key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        root_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Time authority")])
        self.root = self._certificate(root_name, root_name, self._root_key, now, authority=True)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Time stamps")])
        self.leaf = self._certificate(name, root_name, self._key, now, authority=False)

    def _certificate(
        self, name: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, now: dt.datetime, *, authority: bool
    ) -> x509.Certificate:
        usage = dict.fromkeys(
            ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only"), False
        )
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=9000))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(
                x509.KeyUsage(
                    digital_signature=not authority,
                    key_cert_sign=authority,
                    crl_sign=authority,
                    decipher_only=False,
                    **usage,
                ),
                critical=True,
            )
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._root_key.public_key()), critical=False
            )
        )
        if not authority:
            builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        return builder.sign(self._root_key, hashes.SHA256())

    def answer(self, query: bytes) -> bytes:
        """A TimeStampResp (RFC 3161, 2.4.2) for a TimeStampReq."""
        asked = elements(elements(query)[0][1])
        imprint = asked[1][2]
        nonces = [element for tag, _, element in asked[2:] if tag == 2]
        at = dt.datetime.now(dt.UTC).strftime("%Y%m%d%H%M%SZ").encode()
        info = tlv(0x30, whole(1), POLICY, imprint, whole(7), tlv(0x18, at), *nonces)
        der = self.leaf.public_bytes(Encoding.DER)
        certified = tlv(0x30, tlv(0x30, tlv(0x30, tlv(4, hashlib.sha256(der).digest()))))
        attributes = sorted(
            (
                tlv(0x30, CONTENT_TYPE, tlv(0x31, TST_INFO)),
                tlv(0x30, MESSAGE_DIGEST, tlv(0x31, tlv(4, hashlib.sha256(info).digest()))),
                tlv(0x30, SIGNING_CERTIFICATE, tlv(0x31, certified)),
            )
        )
        signature = self._key.sign(tlv(0x31, *attributes), ec.ECDSA(hashes.SHA256()))
        who = tlv(0x30, self.leaf.issuer.public_bytes(), whole(self.leaf.serial_number))
        signer = tlv(0x30, whole(1), who, SHA256, tlv(0xA0, *attributes), ECDSA_SHA256, tlv(4, signature))
        certificates = tlv(0xA0, der, self.root.public_bytes(Encoding.DER))
        content = tlv(0x30, TST_INFO, tlv(0xA0, tlv(4, info)))
        data = tlv(0x30, whole(3), tlv(0x31, SHA256), content, certificates, tlv(0x31, signer))
        return tlv(0x30, tlv(0x30, whole(0)), tlv(0x30, SIGNED_DATA, tlv(0xA0, data)))


@contextmanager
def time_authority() -> Iterator[TimeAuthority]:
    """An authority that answers as long as the block runs."""
    stamper = _Stamper()

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            data = stamper.answer(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.send_header("content-type", "application/timestamp-reply")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        pem = stamper.root.public_bytes(Encoding.PEM).decode()
        yield TimeAuthority(f"http://127.0.0.1:{server.server_port}", pem)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
