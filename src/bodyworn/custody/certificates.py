"""Certificates for signing releases: an authority of the agency's own, and a signer under it.

P-256 throughout. The signer's certificate carries the emailProtection key usage, which readers of C2PA manifests accept
by default (C2PA 2.2, 14.5.1). An authority made for tests says so in every name it gives, so that nothing it signed
can be taken for real.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from bodyworn.domain.errors import Code, SigningKeyError
from bodyworn.storage.files import unfinished, write_whole

TEST_MARK = "TEST ONLY - NOT A REAL AUTHORITY"
#: In the certificate of an authority whose key is kept, so that it can certify audit logs (a UUID as OID, ITU-T X.667).
CERTIFIES_LOGS = x509.ObjectIdentifier("2.25.303236637559672475940799095033317310897")
AUTHORITY_YEARS = 10
SIGNER_YEARS = 2
SIGNER_KEY, AUTHORITY_KEY, AUTHORITY_PEM = "signer.key", "authority.key", "authority.pem"


@dataclass(frozen=True)
class Identity:
    """A private key with its certificate chain, leaf first, the authority's certificate last.

    ``authority_key`` is the authority's own key; ``None`` where it was not kept, as earlier versions did not.
    """

    key: ec.EllipticCurvePrivateKey
    chain: tuple[x509.Certificate, ...]
    authority_key: ec.EllipticCurvePrivateKey | None = None

    @property
    def name(self) -> str:
        """Common name of the signer."""
        return common_name(self.chain[0])

    @property
    def authority_pem(self) -> str:
        """The authority's certificate, for publication, as PEM."""
        return pem(self.chain[-1:])

    @property
    def authority_fingerprint(self) -> str:
        """SHA-256 of the authority's certificate in hex, for people to compare."""
        return self.chain[-1].fingerprint(hashes.SHA256()).hex()


def common_name(certificate: x509.Certificate) -> str:
    """The subject's common name, or the whole subject where it has none."""
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else certificate.subject.rfc4514_string()


def pem(chain: tuple[x509.Certificate, ...]) -> str:
    """Certificates as PEM, in order."""
    return "".join(item.public_bytes(serialization.Encoding.PEM).decode() for item in chain)


def make_identity(
    agency: str,
    now: dt.datetime,
    *,
    test: bool = False,
    signer_lasts: dt.timedelta = dt.timedelta(days=365 * SIGNER_YEARS),
    authority_lasts: dt.timedelta = dt.timedelta(days=365 * AUTHORITY_YEARS),
) -> Identity:
    """A new authority for ``agency`` and a signer under it, valid from ``now`` (aware UTC)."""
    label = f"{agency[:12]} {TEST_MARK}" if test else agency[:40]
    root_key, leaf_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name = _name(f"{label} authority", agency)
    root = (
        _builder(root_name, root_name, root_key.public_key(), now, authority_lasts)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(authority=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(root_key.public_key()), critical=False)
        .add_extension(x509.UnrecognizedExtension(CERTIFIES_LOGS, b"\x05\x00"), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    leaf = (
        _builder(_name(f"{label} releases", agency), root_name, leaf_key.public_key(), now, signer_lasts)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(authority=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(leaf_key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    return Identity(leaf_key, (leaf, root), root_key)


def certified_record(identity: Identity, name: str, key: bytes, now: dt.datetime) -> tuple[x509.Certificate, ...]:
    """A chain that says: the audit log ``name`` of this agency signs with ``key`` (32 bytes of Ed25519).

    It is valid from ``now`` (aware UTC) to the end of the authority. :class:`SigningKeyError` where the authority's
    key was not kept.
    """
    root = identity.chain[-1]
    if identity.authority_key is None:
        raise SigningKeyError(
            "the key of the agency's authority was not kept, so it cannot certify the audit log",
            "Replace the agency's keys; what was released before stays genuine under the former authority",
            Code.AUTHORITY_KEY_MISSING,
        )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(_name(name, "audit log"))
        .issuer_name(root.subject)
        .public_key(Ed25519PublicKey.from_public_bytes(key))
        .serial_number(x509.random_serial_number())
        .not_valid_before(max(now - dt.timedelta(minutes=5), root.not_valid_before_utc))
        .not_valid_after(root.not_valid_after_utc)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(authority=False), critical=True)
        .sign(identity.authority_key, hashes.SHA256())
    )
    return certificate, root


def _name(common: str, organization: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, common[:64]),
        ]
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: dt.datetime, lasts: dt.timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(minutes=5))
        .not_valid_after(now + lasts)
    )


def _key_usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        key_cert_sign=authority,
        crl_sign=authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def save_identity(identity: Identity, folder: Path, passphrase: bytes | None) -> None:
    """Write ``signer.key`` and ``authority.key`` (mode 0600, encrypted where a passphrase is given) and certificates.

    An identity that is already there is not replaced (:class:`SigningKeyError`).
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    there = SigningKeyError(f"a signing key is already in {folder}", "Keep it, or name another folder")
    if (folder / SIGNER_KEY).exists():
        raise there
    encryption: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase:
        encryption = serialization.BestAvailableEncryption(passphrase)
    keys = {AUTHORITY_KEY: identity.authority_key, SIGNER_KEY: identity.key}
    try:
        for name, key in keys.items():
            if key is not None:
                data = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)
                with unfinished(folder / name, mode=0o600, once=True) as draft:
                    draft.write_bytes(data)
    except FileExistsError:
        raise there from None
    write_whole(folder / "signer.pem", pem(identity.chain))
    write_whole(folder / AUTHORITY_PEM, identity.authority_pem)


def load_identity(folder: Path, passphrase: bytes | None) -> Identity:
    """Read what :func:`save_identity` wrote; :class:`SigningKeyError` says what is missing or does not fit."""
    key_path, chain_path, authority_path = folder / SIGNER_KEY, folder / "signer.pem", folder / AUTHORITY_KEY
    if not key_path.is_file() or not chain_path.is_file():
        raise SigningKeyError(
            f"there is no signing key in {folder}", "Make the keys of the agency first", Code.SIGNING_KEY_MISSING
        )
    key = _private_key(key_path, passphrase)
    authority_key = _private_key(authority_path, passphrase) if authority_path.is_file() else None
    return Identity(key, tuple(x509.load_pem_x509_certificates(chain_path.read_bytes())), authority_key)


def _private_key(path: Path, passphrase: bytes | None) -> ec.EllipticCurvePrivateKey:
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), passphrase)
    except TypeError:
        need = "needs a passphrase" if passphrase is None else "has no passphrase, and one was given"
        raise SigningKeyError(
            f"the signing key in {path.parent} {need}", "Set or unset BODYWORN_KEY_PASSPHRASE"
        ) from None
    except ValueError:
        raise SigningKeyError(
            f"the signing key in {path.parent} does not open with this passphrase", "Check BODYWORN_KEY_PASSPHRASE"
        ) from None
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise SigningKeyError(
            f"the signing key in {path.parent} is not a P-256 key",
            "Make new keys for the agency",
            Code.SIGNING_KEY_MISSING,
        )
    return key
