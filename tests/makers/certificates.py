"""Certificates for servers of the tests, signed by themselves."""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def certified(
    folder: Path, *names: str, days: int = 30, numbers: tuple[str, ...] = (), passphrase: bytes = b""
) -> tuple[Path, Path]:
    """A certificate for those names, good for ``days`` from yesterday, and its key; PEM files in ``folder``."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "bodyworn test")])
    from_day = datetime.now(UTC) - timedelta(days=1)
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(from_day - timedelta(days=90))
        .not_valid_after(from_day + timedelta(days=days))
    )
    also = [*map(x509.DNSName, names), *(x509.IPAddress(ipaddress.ip_address(one)) for one in numbers)]
    if also:
        built = built.add_extension(x509.SubjectAlternativeName(also), critical=False)
    certificate, private = folder / "server.pem", folder / "server.key"
    certificate.write_bytes(built.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    kept = serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption()
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, kept),
    )
    return certificate, private
