"""ID tokens of a provider (OpenID Connect): read, and believed only if everything about them is as it was asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bodyworn.access.signing_in.provider import ProviderRefusal

if TYPE_CHECKING:
    from joserfc.jws import CompactSignature

#: How a provider may sign, and the kind of key that goes with it. Never ``none``, never a shared secret (HS256).
ALGORITHMS: Mapping[str, str] = {"RS256": "RSA", "PS256": "RSA", "ES256": "EC", "EdDSA": "OKP", "Ed25519": "OKP"}
#: Seconds by which the clocks of provider and library may differ.
SKEW = 60
#: Characters of a token, and of the name that the provider has for a person.
LONGEST, SUBJECT_LENGTH = 30_000, 255

_CLAIMS = ("nonce", "iss", "aud", "azp", "exp", "iat", "nbf", "auth_time", "at_hash", "sub", "amr")
#: Bytes of a header, which may bring a chain of certificates along (it is not looked at).
_HEADER = 16_384

Key = Mapping[str, object]


class NoKeyFits(ProviderRefusal):
    """The signature is of none of the known keys: they may have been changed at the provider."""


@dataclass(frozen=True)
class TokenWanted:
    """What the token has to say: who made it, for whom, and for which attempt; ``access_token`` came beside it."""

    issuer: str
    client_id: str
    nonce: str
    access_token: str
    at: datetime


@dataclass(frozen=True)
class ProviderSubject:
    """Who the provider says it is (``sub``), and when the person proved it there; ``None`` if that is not told."""

    subject: str
    authenticated_at: datetime | None


def read(untrusted_token: str, keys: Sequence[Key], wanted: TokenWanted) -> ProviderSubject:
    """Who the token is of; :class:`ProviderRefusal` for whatever is wrong with it."""
    from authlib.oidc.core import CodeIDToken
    from joserfc.errors import JoseError

    signed = _signed(untrusted_token, keys)
    claims = _claims(signed.payload)
    options = {
        "iss": {"essential": True, "value": wanted.issuer},
        "aud": {"essential": True, "value": wanted.client_id},
    }
    params = {"nonce": wanted.nonce, "client_id": wanted.client_id, "access_token": wanted.access_token}
    try:
        CodeIDToken(claims, signed.headers(), options, params).validate(int(wanted.at.timestamp()), SKEW)
        told = claims.get("auth_time")
        subject, since = str(claims["sub"]), None if told is None else datetime.fromtimestamp(float(str(told)), UTC)
    except (JoseError, ValueError, TypeError, OverflowError, OSError) as error:
        raise ProviderRefusal(f"an ID token that is not for this attempt: {_which(error)}") from None
    if not 0 < len(subject) <= SUBJECT_LENGTH or not subject.isprintable():
        raise ProviderRefusal("an ID token that names nobody")
    return ProviderSubject(subject, since)


def _signed(untrusted_token: str, keys: Sequence[Key]) -> CompactSignature:
    """The token, if one of the keys signed it in a way that is allowed."""
    from joserfc import jws
    from joserfc.errors import JoseError
    from joserfc.jwk import import_key

    registry = jws.JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
    registry.max_header_length = _HEADER
    try:
        signed = jws.extract_compact(untrusted_token[:LONGEST].encode(), registry=registry)
        header = signed.headers()
    except (JoseError, ValueError, TypeError):
        raise ProviderRefusal("an ID token that cannot be read") from None
    if header.get("alg") not in ALGORITHMS or "crit" in header or "b64" in header:
        raise ProviderRefusal("an ID token signed in a way that is not allowed")
    for key in keys:
        try:
            if _fits(key, header) and jws.validate_compact(signed, import_key(_public(key)), registry=registry):
                return signed
        except (JoseError, ValueError, TypeError):
            continue  # a key that cannot be used signs nothing
    raise NoKeyFits("an ID token that no key of the provider signed")


def _fits(key: Key, header: Mapping[str, object]) -> bool:
    algorithm = str(header["alg"])
    named = "kid" not in header or "kid" not in key or header["kid"] == key["kid"]
    meant = key.get("use", "sig") == "sig" and key.get("alg", algorithm) == algorithm
    return named and meant and key.get("kty") == ALGORITHMS[algorithm]


def _public(key: Key) -> dict[str, str | list[str]]:
    return {name: str(key[name]) for name in ("kty", "crv", "n", "e", "x", "y") if name in key}


def _claims(payload: bytes | None) -> dict[str, object]:
    try:
        claims = json.loads(payload or b"", parse_constant=_no_number)
    except (ValueError, RecursionError):
        claims = None
    if not isinstance(claims, dict):
        raise ProviderRefusal("an ID token that cannot be read")
    return claims


def _no_number(text: str) -> float:
    raise ValueError(text)


def _which(error: Exception) -> str:
    """Which claim is wrong: one of a few words, whatever the token says."""
    claim = getattr(error, "claim", "")
    return claim if claim in _CLAIMS else "its claims"
