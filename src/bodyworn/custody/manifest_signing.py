"""Signing with C2PA manifests: seal an original beside itself, sign a release (C2PA 2.2).

The original is never opened for writing: its manifest is a sidecar. The release carries that sidecar as ingredient, so
that the original's hash travels with it. Pixels that were hidden are told as ``c2pa.edited`` with time and place;
``c2pa.redacted`` means a removed assertion and is not used. Thumbnails, remote fetch and OCSP are off.
"""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bodyworn import __version__
from bodyworn.custody.certificates import Identity, pem
from bodyworn.custody.layout import layout
from bodyworn.custody.manifest import MEDIA_TYPE, ORIGINAL_TYPE, RELEASE_LABEL, SETTINGS, Binding, check
from bodyworn.domain.errors import Code, CustodyError
from bodyworn.storage.files import unfinished

_OS_ERROR = re.compile(r"os error (\d+)")
_CAPTURE = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"


@dataclass(frozen=True)
class ManifestEdit:
    """One hidden region: what, why, from when to when (seconds of the release), and the box at its largest (pixels).

    ``box`` is ``(x, y, width, height)``, or ``None`` for sound and whole frames.
    """

    identifier: str
    description: str
    reason_code: str
    start_s: float
    end_s: float
    box: tuple[float, float, float, float] | None = None


def seal_original(source: Path, title: str, identity: Identity) -> bytes:
    """A C2PA manifest over every byte of ``source``, a file of any kind, as sidecar bytes; it is only ever read."""
    import c2pa

    definition = _definition(
        title,
        [{"action": "c2pa.created", "digitalSourceType": _CAPTURE}],
        ingredients=[],
        release=None,
        media_type=ORIGINAL_TYPE,
    )
    with (
        c2pa.Context.from_dict(SETTINGS) as context,
        c2pa.Builder.from_json(definition, context) as builder,
        _signer(identity) as signer,
        source.open("rb") as file,
        _Unchanged(source) as copy,
    ):
        builder.set_no_embed()
        return bytes(builder.sign(signer, ORIGINAL_TYPE, file, copy))


class _Unchanged(io.FileIO):
    """Where the library writes its copy of a file that it does not change: what it writes is dropped, what it reads
    back is the file itself, which is open for reading only.
    """

    def __init__(self, source: Path) -> None:
        super().__init__(source, "rb")

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        """Move on by as much."""
        self.seek(len(data), os.SEEK_CUR)
        return len(data)


def sign_release(
    rendered: Path,
    destination: Path,
    *,
    title: str,
    original: Path,
    original_sidecar: bytes,
    edits: Sequence[ManifestEdit],
    facts: Mapping[str, Any],
    identity: Identity,
    time_authority: str = "",
) -> None:
    """Write ``destination``: the rendered clip with its manifest, through a temporary name and never onto a source.

    ``facts`` are stated in the manifest as ``org.bodyworn.release``. The manifest's own title is ``title``; nothing of
    the original's name goes in. ``time_authority`` is the address of an RFC 3161 authority whose stamp goes in.
    :class:`CustodyError` where it does not answer.
    """
    import c2pa

    if destination.exists():
        raise CustodyError(f"{destination.name} already exists", "Name another file; a signed clip is not overwritten")
    ingredient = _ingredient(original, original_sidecar)
    actions: list[dict[str, Any]] = [{"action": "c2pa.opened", "parameters": {"ingredientIds": ["original"]}}]
    if edits:
        actions.append(_edited(edits))
    actions.append({"action": "c2pa.published"})
    release = {**facts, "layout": layout(rendered)}
    definition = _definition(title, actions, ingredients=[ingredient], release=release)
    with (
        _said(time_authority),
        unfinished(destination) as draft,
        c2pa.Context.from_dict(_reaching(time_authority)) as context,
        c2pa.Builder.from_json(definition, context) as builder,
        _signer(identity, time_authority) as signer,
        rendered.open("rb") as file,
        draft.open("w+b") as out,
    ):
        builder.add_resource("original_manifest", io.BytesIO(original_sidecar))
        builder.sign(signer, MEDIA_TYPE, file, out)


def _definition(
    title: str,
    actions: list[dict[str, Any]],
    ingredients: list[dict[str, Any]],
    release: Mapping[str, Any] | None,
    media_type: str = MEDIA_TYPE,
) -> dict[str, Any]:
    assertions: list[dict[str, Any]] = [{"label": "c2pa.actions.v2", "data": {"actions": actions}}]
    if release is not None:
        assertions.append({"label": RELEASE_LABEL, "data": dict(release)})
    return {
        "claim_generator_info": [{"name": "bodyworn", "version": __version__}],
        "title": title,
        "format": media_type,
        "ingredients": ingredients,
        "assertions": assertions,
    }


def _ingredient(original: Path, sidecar: bytes) -> dict[str, Any]:
    """The sealed original as parent ingredient; :class:`CustodyError` where the seal does not hold any more."""
    import c2pa

    sealed = check(original, sidecar=sidecar)
    if sealed.binding is not Binding.HOLDS:
        raise CustodyError(
            f"the original does not match its seal ({sealed.faults[0]})",
            "Verify the custody of the library",
            Code.CUSTODY_FAULT,
        )
    with (
        c2pa.Context.from_dict(SETTINGS) as context,
        original.open("rb") as file,
        c2pa.Reader(ORIGINAL_TYPE, file, manifest_data=sidecar, context=context) as reader,
    ):
        return {
            "relationship": "parentOf",
            "label": "original",
            "title": "original recording",
            "format": ORIGINAL_TYPE,
            "active_manifest": json.loads(reader.json())["active_manifest"],
            "validation_results": reader.get_validation_results(),
            "manifest_data": {"format": "application/c2pa", "identifier": "original_manifest"},
        }


def _edited(edits: Sequence[ManifestEdit]) -> dict[str, Any]:
    changes = []
    for edit in edits:
        region: list[dict[str, Any]] = [
            {"type": "temporal", "time": {"type": "npt", "start": f"{edit.start_s:.3f}", "end": f"{edit.end_s:.3f}"}}
        ]
        if edit.box is not None:
            x, y, width, height = edit.box
            shape = {"type": "rectangle", "unit": "pixel", "origin": {"x": x, "y": y}, "width": width, "height": height}
            region.append({"type": "spatial", "shape": shape})
        changes.append({"description": edit.description, "identifier": edit.identifier, "region": region})
    codes = sorted({edit.reason_code for edit in edits})
    return {
        "action": "c2pa.edited",
        "reason": "c2pa.PII.present",
        "changes": changes,
        "parameters": {"org.bodyworn.exemption": ", ".join(codes)},
    }


@contextmanager
def _said(time_authority: str) -> Iterator[None]:
    """What the library for manifests cannot do, as the error that it means."""
    import c2pa

    try:
        yield
    except c2pa.C2paError as error:
        text = str(error)
        if number := _OS_ERROR.search(text):
            raise OSError(int(number.group(1)), "the signed clip cannot be written") from error
        if time_authority:
            raise CustodyError(
                f"the time-stamping authority gave no stamp, so the clip is not signed ({text[:120]})",
                "Check the address of the authority and the network, or leave the setting empty",
            ) from error
        raise CustodyError(f"the clip cannot be signed ({text[:120]})", "Report this fault") from error


def _reaching(time_authority: str) -> dict[str, Any]:
    """The settings, with the one host that may be asked."""
    from urllib.parse import urlsplit

    host = urlsplit(time_authority).netloc
    return {**SETTINGS, "core": {"allowed_network_hosts": [host]}} if host else SETTINGS


def _signer(identity: Identity, time_authority: str = "") -> Any:
    """A C2PA signer that calls back for each signature, so that the key stays where it is."""
    import c2pa
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

    def sign(data: bytes) -> bytes:
        r, s = decode_dss_signature(identity.key.sign(data, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    return c2pa.Signer.from_callback(sign, c2pa.C2paSigningAlg.ES256, pem(identity.chain), time_authority or None)
