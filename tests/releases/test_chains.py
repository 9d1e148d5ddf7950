"""Which chains of certificates count: each certificate may do what it does there, and nothing unknown limits it."""

from __future__ import annotations

import datetime as dt

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from bodyworn.custody.certificates import pem
from bodyworn.releases.standalone.verify import DoesNotHold, check_chain
from tests.makers.releases import NOW

P256 = ec.SECP256R1()
LIMITED = x509.NameConstraints(permitted_subtrees=[x509.DNSName("pine.example")], excluded_subtrees=None)


def chain(*limits: int | None, signs: bool = True, more: x509.NameConstraints | None = None) -> bytes:
    """A leaf under one authority for each of ``limits`` (path lengths), the root last, as PEM."""
    authorities = [(f"authority {number}", ec.generate_private_key(P256)) for number in range(len(limits))]
    leaf = ("leaf", ec.generate_private_key(P256))
    made = []
    for number, (name, key) in enumerate([leaf, *authorities]):
        issuer, signer = authorities[min(number, len(authorities) - 1)]
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]))
            .issuer_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, issuer)]))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW)
            .not_valid_after(NOW + dt.timedelta(days=1))
            .add_extension(x509.BasicConstraints(number > 0, limits[number - 1] if number else None), critical=True)
        )
        if number:
            usage = x509.KeyUsage(False, False, False, False, False, signs, True, False, False)
            builder = builder.add_extension(usage, critical=True)
        if number and more is not None:
            builder = builder.add_extension(more, critical=True)
        made.append(builder.sign(signer, hashes.SHA256()))
    return pem(tuple(made)).encode()


def read(data: bytes) -> int:
    return len(check_chain(data, "signer.pem", ec.EllipticCurvePublicKey))


def test_an_authority_under_an_authority_counts_where_that_one_allows_it() -> None:
    assert read(chain(0)) == 2
    assert read(chain(None, 1)) == 3
    assert read(chain(0, 1, None)) == 4


@pytest.mark.parametrize(
    "data",
    [chain(None, 0), chain(None, None, 1), chain(None, signs=False), chain(None, more=LIMITED)],
    ids=["below a root that allows none", "two below one that allows one", "may not sign", "limited to names"],
)
def test_a_certificate_that_may_not_issue_makes_no_chain(data: bytes) -> None:
    with pytest.raises(DoesNotHold, match="no authority issued"):
        read(data)


def test_certificates_out_of_order_or_twice_make_no_chain() -> None:
    leaf, root = (
        part + b"-----END CERTIFICATE-----\n" for part in chain(None).split(b"-----END CERTIFICATE-----\n")[:2]
    )
    for data in (root + leaf, leaf + leaf + root, root, leaf, b"", leaf + b"text\n" + root):
        with pytest.raises(DoesNotHold):
            read(data)
