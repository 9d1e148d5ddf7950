"""Which chains of certificates count: each certificate may do what it does there, and nothing unknown limits it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID as Purpose

from bodyworn.custody.certificates import pem
from bodyworn.releases.standalone.verify import DoesNotHold, check_chain
from tests.makers.releases import NOW

P256 = ec.SECP256R1()
LIMITED = x509.NameConstraints(permitted_subtrees=[x509.DNSName("pine.example")], excluded_subtrees=None)


EMAIL, SERVER, ANY = Purpose.EMAIL_PROTECTION, Purpose.SERVER_AUTH, Purpose.ANY_EXTENDED_KEY_USAGE


def chain(
    *limits: int | None,
    signs: bool = True,
    more: x509.ExtensionType | None = None,
    leaf_usage: tuple[bool, bool] | None = (True, False),
    leaf_for: Sequence[x509.ObjectIdentifier] = (EMAIL,),
    on_leaf: x509.ExtensionType | None = None,
) -> bytes:
    """A leaf under one authority for each of ``limits`` (path lengths), the root last, as PEM.

    ``leaf_usage`` is whether the leaf may sign, and whether it may sign certificates; ``leaf_for`` what it is for.
    """
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
        elif leaf_usage is not None:
            usage = x509.KeyUsage(leaf_usage[0], False, False, False, False, leaf_usage[1], False, False, False)
            builder = builder.add_extension(usage, critical=True)
        if not number and leaf_for:
            builder = builder.add_extension(x509.ExtendedKeyUsage(leaf_for), critical=False)
        for extension in filter(None, [more if number else on_leaf]):
            builder = builder.add_extension(extension, critical=True)
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
    [
        chain(None, 0),
        chain(None, None, 1),
        chain(None, signs=False),
        chain(None, more=LIMITED),
        chain(None, more=x509.ExtendedKeyUsage([SERVER])),
    ],
    ids=["below a root that allows none", "two below one that allows one", "may not sign", "limited to names", "TLS"],
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


@pytest.mark.parametrize(
    "data",
    [
        chain(None, leaf_usage=None),
        chain(None, leaf_usage=(False, False)),
        chain(None, leaf_usage=(True, True)),
        chain(None, leaf_for=()),
        chain(None, leaf_for=(SERVER,)),
        chain(None, leaf_for=(ANY, EMAIL)),
        chain(None, on_leaf=LIMITED),
    ],
    ids=["says no usage", "may not sign", "also certificates", "says no purpose", "TLS", "any", "limited to names"],
)
def test_a_certificate_that_is_not_for_signing_makes_no_chain(data: bytes) -> None:
    with pytest.raises(DoesNotHold, match="not for signing releases"):
        read(data)


@pytest.mark.parametrize("purpose", [EMAIL, x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")])
def test_each_purpose_that_c2pa_names_is_one(purpose: x509.ObjectIdentifier) -> None:
    assert read(chain(None, leaf_for=(SERVER, purpose))) == 2
    assert read(chain(None, more=x509.ExtendedKeyUsage([purpose]), leaf_for=(purpose,))) == 2
    assert read(chain(None, more=x509.ExtendedKeyUsage([ANY]), leaf_for=(purpose,))) == 2


def test_the_certificate_of_an_audit_log_need_not_say_what_it_is_for() -> None:
    data = chain(None, leaf_for=())
    assert len(check_chain(data, "record.pem", ec.EllipticCurvePublicKey)) == 2
    with pytest.raises(DoesNotHold, match="not for signing"):
        check_chain(chain(None, leaf_for=(SERVER,)), "record.pem", ec.EllipticCurvePublicKey)
