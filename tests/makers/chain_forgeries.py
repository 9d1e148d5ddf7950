"""Forgeries that somebody makes who got a certificate of the genuine authority that is for something else."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID as Purpose

from bodyworn.custody.certificates import Identity
from tests.makers.forgeries import Change, Forgery, Scene, sign_anew

Extensions = Sequence[x509.ExtensionType]
LEAF = x509.BasicConstraints(ca=False, path_length=None)
AUTHORITY = x509.BasicConstraints(ca=True, path_length=None)
FOR_EMAIL, FOR_SERVERS = x509.ExtendedKeyUsage([Purpose.EMAIL_PROTECTION]), x509.ExtendedKeyUsage([Purpose.SERVER_AUTH])
FOR_ANYTHING = x509.ExtendedKeyUsage([Purpose.ANY_EXTENDED_KEY_USAGE, Purpose.EMAIL_PROTECTION])
UNKNOWN = x509.NameConstraints(permitted_subtrees=[x509.DNSName("pine.example")], excluded_subtrees=None)


def usage(*, signs: bool = True, issues: bool = False) -> x509.KeyUsage:
    """A key usage with ``digitalSignature`` and ``keyCertSign`` or without."""
    return x509.KeyUsage(signs, False, False, False, False, issues, False, False, False)


def under_the_authority(*below: Extensions) -> Change:
    """The statement edited, and signed with the lowest of new certificates under the genuine authority, each by the
    one before it, with these extensions.
    """

    def change(folder: Path, there: Scene) -> Path:
        authority = there.agency.authority_key
        assert authority is not None
        chain, key = [there.agency.chain[-1]], authority
        for number, extensions in enumerate(below):
            new = ec.generate_private_key(ec.SECP256R1())
            builder = (
                x509.CertificateBuilder()
                .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"desk {number}")]))
                .issuer_name(chain[0].subject)
                .public_key(new.public_key())
                .serial_number(x509.random_serial_number())
                .not_valid_before(there.agency.chain[-1].not_valid_before_utc)
                .not_valid_after(there.agency.chain[-1].not_valid_after_utc)
            )
            for extension in extensions:
                builder = builder.add_extension(extension, critical=not isinstance(extension, x509.ExtendedKeyUsage))
            chain, key = [builder.sign(key, hashes.SHA256()), *chain], new
        statement = json.loads((folder / "release.json").read_text())
        sign_anew(folder, statement, Identity(key, tuple(chain), authority))
        return folder

    return change


NOT_FOR_SIGNING, NO_AUTHORITY = "is not for signing releases", "that no authority issued"
CHAIN_FORGERIES = {
    "a certificate for servers signs": Forgery(under_the_authority((LEAF, usage(), FOR_SERVERS)), NOT_FOR_SIGNING),
    "a certificate for anything signs": Forgery(under_the_authority((LEAF, usage(), FOR_ANYTHING)), NOT_FOR_SIGNING),
    "a certificate that says no purpose signs": Forgery(under_the_authority((LEAF, usage())), NOT_FOR_SIGNING),
    "a certificate that says no usage signs": Forgery(under_the_authority((LEAF, FOR_EMAIL)), NOT_FOR_SIGNING),
    "a certificate that may only encrypt signs": Forgery(
        under_the_authority((LEAF, usage(signs=False), FOR_EMAIL)), NOT_FOR_SIGNING
    ),
    "a signer that may also issue": Forgery(
        under_the_authority((LEAF, usage(issues=True), FOR_EMAIL)), NOT_FOR_SIGNING
    ),
    "a signer with a rule that nobody here knows": Forgery(
        under_the_authority((LEAF, usage(), FOR_EMAIL, UNKNOWN)), NOT_FOR_SIGNING
    ),
    "an authority signs by itself": Forgery(
        under_the_authority((AUTHORITY, usage(issues=True), FOR_EMAIL)), "does not begin with a signer"
    ),
    "a signer under a signer": Forgery(
        under_the_authority((LEAF, usage(), FOR_EMAIL), (LEAF, usage(), FOR_EMAIL)), NO_AUTHORITY
    ),
    "a signer under an authority that the authority may not have": Forgery(
        under_the_authority((AUTHORITY, usage(issues=True)), (LEAF, usage(), FOR_EMAIL)), NO_AUTHORITY
    ),
    "a signer under an authority without the right to issue": Forgery(
        under_the_authority((AUTHORITY, usage()), (LEAF, usage(), FOR_EMAIL)), NO_AUTHORITY
    ),
    "a signer under an authority for servers": Forgery(
        under_the_authority((AUTHORITY, usage(issues=True), FOR_SERVERS), (LEAF, usage(), FOR_EMAIL)), NO_AUTHORITY
    ),
}
