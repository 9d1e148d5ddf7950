"""What passes between passkeys and this program, as JSON of the WebAuthn standard: asked, and read with its checks."""

from __future__ import annotations

import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass

#: Characters of an answer that are looked at; real ones have some thousand.
LONGEST = 20_000


@dataclass(frozen=True)
class PasskeySite:
    """Where passkeys are used: the name that they are bound to (RP ID), and the origin of the pages."""

    id: str
    origin: str


@dataclass(frozen=True)
class MadePasskey:
    """A new passkey: its id and public key in base64url, and its count."""

    passkey: str
    public_key: str
    count: int


def request_for(site: PasskeySite, challenge: bytes) -> str:
    """What ``navigator.credentials.get`` is asked for: any passkey of this site that checks the person."""
    import webauthn
    from webauthn.helpers.structs import UserVerificationRequirement

    asked = webauthn.generate_authentication_options(
        rp_id=site.id, challenge=challenge, user_verification=UserVerificationRequirement.REQUIRED
    )
    return webauthn.options_to_json(asked)


def creation_for(
    site: PasskeySite, challenge: bytes, handle: bytes, names: tuple[str, str], known: Sequence[str]
) -> str:
    """What ``navigator.credentials.create`` is asked for; ``names`` are login and name, ``known`` ids of the others."""
    import webauthn
    from webauthn.helpers import base64url_to_bytes
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        PublicKeyCredentialDescriptor,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    asked = webauthn.generate_registration_options(
        rp_id=site.id,
        rp_name="bodyworn",
        user_name=names[0],
        user_display_name=names[1],
        user_id=handle,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(one)) for one in known],
    )
    return webauthn.options_to_json(asked)


def challenge_in(untrusted_answer: str) -> bytes | None:
    """The challenge that an answer says it answers; ``None`` where it is no answer at all."""
    from webauthn.helpers import base64url_to_bytes

    try:
        told = _object(untrusted_answer)["response"]
        if not isinstance(told, dict):
            return None
        client = json.loads(base64url_to_bytes(str(told["clientDataJSON"])))
        return base64url_to_bytes(str(client["challenge"]))
    except (ValueError, KeyError, TypeError):
        return None


def passkey_in(untrusted_answer: str) -> str:
    """The id of the passkey that an answer says it is of, in base64url without padding."""
    try:
        return str(_object(untrusted_answer)["id"]).rstrip("=")
    except (ValueError, KeyError, TypeError):
        return ""


def created(site: PasskeySite, challenge: bytes, untrusted_answer: str) -> MadePasskey | None:
    """The passkey that was made, if the answer is of this site, origin and challenge, and the person was checked."""
    import webauthn
    from webauthn.helpers import bytes_to_base64url
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        made = webauthn.verify_registration_response(
            credential=untrusted_answer,
            expected_challenge=challenge,
            expected_rp_id=site.id,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None
    passkey, key = bytes_to_base64url(made.credential_id), bytes_to_base64url(made.credential_public_key)
    return MadePasskey(passkey, key, made.sign_count)


def signed(site: PasskeySite, challenge: bytes, untrusted_answer: str, public_key: str, handle: bytes) -> int | None:
    """The passkey's count, if it signed for this site, origin and challenge and checked the person of ``handle``."""
    import webauthn
    from webauthn.helpers import base64url_to_bytes
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        told = _object(untrusted_answer)["response"]
        named = base64url_to_bytes(str(told["userHandle"])) if isinstance(told, dict) else b""
        checked = webauthn.verify_authentication_response(
            credential=untrusted_answer,
            expected_challenge=challenge,
            expected_rp_id=site.id,
            expected_origin=site.origin,
            credential_public_key=base64url_to_bytes(public_key),
            credential_current_sign_count=0,  # going back is told apart from a wrong signature by the caller
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None
    return checked.new_sign_count if hmac.compare_digest(named, handle) else None


def _object(untrusted: str) -> dict[str, object]:
    read = json.loads(untrusted[:LONGEST])
    if not isinstance(read, dict):
        raise TypeError("no object")
    return read
