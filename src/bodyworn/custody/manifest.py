"""Checking C2PA manifests (C2PA 2.2): do they fit the bytes, and does the signer lead to a trusted authority?

Signing is in :mod:`bodyworn.custody.manifest_signing`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from bodyworn.custody.layout import layout_faults, odd_boxes

MEDIA_TYPE = "video/mp4"
#: An original is sealed byte by byte, whatever it is: nothing of it is parsed, and no box of it is left out.
ORIGINAL_TYPE = "application/octet-stream"
RELEASE_LABEL = "org.bodyworn.release"
SETTINGS: dict[str, Any] = {
    "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False},
    "builder": {"thumbnail": {"enabled": False}},
    "core": {"allowed_network_hosts": []},
}
#: Failures that are about who signed and not about the bytes.
_ABOUT_THE_SIGNER = {"signingCredential.untrusted", "signingCredential.expired"}
#: What the failures mean that people meet; others are told in the library's words.
_WORDS = {
    "assertion.bmffHash.mismatch": "picture, sound or index were changed after signing",
    "assertion.dataHash.mismatch": "the file was changed after signing",
    "assertion.hashedURI.mismatch": "what the manifest states was changed after signing",
    "claimSignature.mismatch": "the signature does not fit what the manifest states",
    "claimSignature.missing": "the manifest is not signed",
    "timeStamp.mismatch": "the time stamp does not fit the signature",
}


class Binding(StrEnum):
    """Whether a manifest and the bytes it speaks of belong together."""

    HOLDS = "holds"
    BROKEN = "broken"
    ABSENT = "absent"


class ManifestSigner(StrEnum):
    """Whether the signer's certificate leads to an authority that the reader trusts.

    ``EXPIRED``: it has run out and the manifest carries no trusted time, so that it alone cannot tell any more.
    """

    KNOWN = "known"
    EXPIRED = "expired"
    NOT_KNOWN = "not_known"
    TEST_ONLY = "test_only"
    NONE = "none"


@dataclass(frozen=True)
class ManifestCheck:
    """What a manifest says of a file. ``faults`` are sentences; ``codes`` are the C2PA failure codes."""

    binding: Binding
    signer: ManifestSigner
    signed_by: str | None = None
    faults: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    release: Mapping[str, Any] = field(default_factory=dict)


def check(
    path: Path, *, sidecar: bytes | None = None, anchors_pem: str = "", time_anchors_pem: str = ""
) -> ManifestCheck:
    """What the embedded manifest, or ``sidecar``, says of ``path``.

    ``anchors_pem`` are the authorities trusted to sign, ``time_anchors_pem`` those trusted to state the time: where the
    signer's certificate has expired, a time stamp of theirs shows that it was valid when it signed. They are no
    authorities of signers: a signer under one of them is not known.
    """
    if sidecar is None and (odd := odd_boxes(path)):
        return ManifestCheck(Binding.BROKEN, ManifestSigner.NONE, faults=(odd,))
    found = _read(path, sidecar, anchors_pem)
    if found.signer is ManifestSigner.EXPIRED and anchors_pem and time_anchors_pem:
        stamped = _read(path, sidecar, f"{anchors_pem}\n{time_anchors_pem}")
        under_time = _read(path, sidecar, time_anchors_pem)
        if stamped.signer is ManifestSigner.KNOWN and under_time.signer is not ManifestSigner.KNOWN:
            return stamped
    return found


def _read(path: Path, sidecar: bytes | None, anchors_pem: str) -> ManifestCheck:
    import c2pa

    settings = {**SETTINGS, "trust": {"trust_anchors": anchors_pem}} if anchors_pem else SETTINGS
    try:
        with c2pa.Context.from_dict(settings) as context, path.open("rb") as file:
            media_type = MEDIA_TYPE if sidecar is None else ORIGINAL_TYPE
            reader = c2pa.Reader(media_type, file, manifest_data=sidecar, context=context)
            with reader:
                return _checked(
                    path, json.loads(reader.json()), reader.get_validation_results(), embedded=sidecar is None
                )
    except c2pa.C2paError.ManifestNotFound:
        return ManifestCheck(Binding.ABSENT, ManifestSigner.NONE, faults=("the file carries no manifest",))
    except (c2pa.C2paError, KeyError, RecursionError, TypeError, ValueError) as error:
        what = str(error).splitlines()[0][:160] if str(error) else type(error).__name__
        return ManifestCheck(Binding.BROKEN, ManifestSigner.NONE, faults=(f"the manifest cannot be read: {what}",))


def _checked(
    path: Path, store: Mapping[str, Any], results: Mapping[str, Any] | None, *, embedded: bool
) -> ManifestCheck:
    manifest = store["manifests"][store["active_manifest"]]
    active = (results or {}).get("activeManifest", {})
    codes = tuple(item["code"] for item in active.get("failure", ()))
    trusted = any(item["code"] == "signingCredential.trusted" for item in active.get("success", ()))
    below = [delta["validationDeltas"] for delta in (results or {}).get("ingredientDeltas") or ()]
    failures = [item for part in (active, *below) for item in part.get("failure", ())]
    broken = [item for item in failures if item["code"] not in _ABOUT_THE_SIGNER]
    faults = [_in_words(item) for item in broken]
    release = _release_of(manifest)
    if embedded and release:
        faults += layout_faults(path, release.get("layout"), len(_led_to(store["manifests"], store["active_manifest"])))
    info = manifest.get("signature_info", {})
    name = info.get("common_name") or info.get("issuer")
    return ManifestCheck(
        binding=Binding.BROKEN if faults else Binding.HOLDS,
        signer=_signer_state(trusted, "signingCredential.expired" in codes, name),
        signed_by=name,
        faults=tuple(faults),
        codes=codes,
        release=release,
    )


def _led_to(manifests: Mapping[str, Any], name: str) -> set[str]:
    """The manifest of that name and those of its ingredients, and of theirs."""
    found, open_ones = set(), [name]
    while open_ones:
        if (here := open_ones.pop()) in manifests and here not in found:
            found.add(here)
            open_ones += [item.get("active_manifest", "") for item in manifests[here].get("ingredients", ())]
    return found


def _in_words(failure: Mapping[str, Any]) -> str:
    """A C2PA failure as a sentence, with its code."""
    code = failure["code"]
    words = _WORDS.get(code) or failure.get("explanation") or "the manifest does not hold"
    return f"{words} ({code})"


def _release_of(manifest: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the manifest states of its release; empty where it states nothing, or nothing of that form."""
    for assertion in manifest.get("assertions", ()):
        if assertion.get("label") == RELEASE_LABEL and isinstance(assertion.get("data"), dict):
            stated: Mapping[str, Any] = assertion["data"]
            return stated
    return {}


def _signer_state(trusted: bool, expired: bool, name: str | None) -> ManifestSigner:
    if name and "TEST ONLY" in name:
        return ManifestSigner.TEST_ONLY
    if expired:
        return ManifestSigner.EXPIRED
    return ManifestSigner.KNOWN if trusted else ManifestSigner.NOT_KNOWN
