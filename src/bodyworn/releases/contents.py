"""What leaves with a release, fixed before people approve it: one digest over all of it is what they approve.

``contents.json`` lists every file of the package but those that sign and prove it, and the digests of what the package
does not carry: the rendered clip before it is signed, the plan, the request and the edits that the manifest tells. All
of it lies in the library as objects, so that what is published is what was approved, byte for byte.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from bodyworn import __version__
from bodyworn.custody.manifest_signing import ManifestEdit
from bodyworn.domain.codec import JsonObject, from_json, json_name, to_json
from bodyworn.domain.digest import Digest
from bodyworn.domain.errors import Code, CustodyError, InputError
from bodyworn.domain.event import now, stamp
from bodyworn.domain.recording import Recording
from bodyworn.domain.release import ReleaseRequest
from bodyworn.domain.span import Span, clock
from bodyworn.releases import papers
from bodyworn.releases.captions import SpokenTurn, captions, to_srt, to_vtt
from bodyworn.releases.exemptions import Exemption, to_csv, to_lines
from bodyworn.releases.readme import readme
from bodyworn.storage.canonical import canonical_json

if TYPE_CHECKING:
    from bodyworn.releases.service import RenderedClip

SCHEMA = "https://bodyworn.org/schema/contents-1.json"

#: A JPEG of one frame of a file at a time in milliseconds.
Still = Callable[[Path, int], bytes]


@dataclass(frozen=True)
class PackageInputs:
    """What a package is made from besides the clip.

    ``utterances`` are those of the recording; ``masked`` the spans of it whose sound is hidden, ``log`` and ``edits``
    what the plan hid, in times of the clip. ``still`` takes a picture out of the rendered clip.
    """

    utterances: Sequence[SpokenTurn] = ()
    masked: Sequence[Span] = ()
    log: Sequence[Exemption] = ()
    edits: Sequence[ManifestEdit] = ()
    still: Still | None = None


@dataclass(frozen=True)
class ReleaseContents:
    """``contents.json``: what is released under which terms. ``files`` are names to SHA-256.

    ``terms_sha256`` is of the request with random salt, which stays in the library: it tells nothing of the requester.
    """

    schema: str
    release: str
    agency: str
    title: str
    legal_authority: str = field(metadata=json_name("authority"))
    made_at: str
    part_ms: tuple[int, int]
    rendered_sha256: str
    plan_sha256: str
    original_sha256: str
    terms_sha256: str
    edits_sha256: str
    leaks_reported: int
    software: str
    files: Mapping[str, str]

    def canonical(self) -> bytes:
        """The bytes whose digest is approved."""
        return canonical_json(to_json(self))


@dataclass(frozen=True)
class ReleaseTerms:
    """The request as it was approved, with the salt that keeps its digest from telling anything."""

    request: ReleaseRequest
    salt: str


@dataclass(frozen=True)
class ManifestEdits:
    """The edits that the manifest inside the clip will tell."""

    edits: tuple[ManifestEdit, ...]


@dataclass(frozen=True)
class FixedContents:
    """``contents.json``, and the bytes that it names: each goes into the object store."""

    contents: bytes
    data: tuple[bytes, ...]


@dataclass(frozen=True)
class CustodyFacts:
    """What the draft of the custody certificate says about the recording and the audit log."""

    recording: Recording
    original: Path
    checkpoint: str


def fixed(
    release_id: str,
    rendered: RenderedClip,
    clip_sha256: str,
    plan_sha256: str,
    request: ReleaseRequest,
    custody: CustodyFacts,
) -> FixedContents:
    """Make every file of the package but those that sign it, and list them.

    :class:`CustodyError` if the stored original is not as it was taken in.
    """
    inputs = rendered.inputs
    terms = canonical_json(to_json(ReleaseTerms(request, secrets.token_hex(16))))
    edits = canonical_json(to_json(ManifestEdits(tuple(inputs.edits))))
    facts = ReleaseContents(
        schema=SCHEMA,
        release=release_id,
        agency=request.agency,
        title=request.title,
        legal_authority=request.legal_authority,
        made_at=stamp(now()),
        part_ms=(rendered.start_ms, rendered.end_ms),
        rendered_sha256=clip_sha256,
        plan_sha256=plan_sha256,
        original_sha256=custody.recording.sha256,
        terms_sha256=Digest.of_bytes(terms).sha256,
        edits_sha256=Digest.of_bytes(edits).sha256,
        leaks_reported=rendered.leaks.count,
        software=f"bodyworn {__version__}",
        files={},
    )
    files = _files(facts, rendered, request, custody)
    listed = {name: Digest.of_bytes(data).sha256 for name, data in sorted(files.items())}
    return FixedContents(replace(facts, files=listed).canonical(), (terms, edits, *files.values()))


def _files(
    facts: ReleaseContents, rendered: RenderedClip, request: ReleaseRequest, custody: CustodyFacts
) -> dict[str, bytes]:
    inputs = rendered.inputs
    lines = captions(inputs.utterances, Span(rendered.start_ms, rendered.end_ms), inputs.masked)
    files = {
        "captions.vtt": to_vtt(lines).encode(),
        "captions.srt": to_srt(lines).encode(),
        "caption.txt": f"{request.caption}\n\n{request.credit}\n".encode(),
        "exemptions.csv": to_csv(inputs.log).encode(),
        "exemptions.pdf": papers.to_pdf("exemptions", _exemption_paper(facts, inputs)),
        "certificate-draft.pdf": papers.to_pdf("certificate", _certificate(facts, custody)),
        "README.md": readme(facts.title, facts.agency, facts.release).encode(),
        "verify.py": papers.stand_alone_verifier(),
    }
    if request.still_ms is not None and inputs.still is not None:
        files["still.jpg"] = inputs.still(rendered.clip, request.still_ms)
    return files


def _exemption_paper(facts: ReleaseContents, inputs: PackageInputs) -> papers.ExemptionPaper:
    return papers.ExemptionPaper(
        release=facts.release,
        agency=facts.agency,
        legal_authority=facts.legal_authority,
        plan_sha256=facts.plan_sha256,
        clip_sha256=facts.rendered_sha256,
        rows=to_lines(inputs.log),
    )


def _certificate(facts: ReleaseContents, custody: CustodyFacts) -> papers.CertificatePaper:
    recording = custody.recording
    if Digest.of_file(custody.original).sha256 != recording.sha256:
        raise CustodyError("the stored original was changed", "Verify the custody of the library", Code.CUSTODY_FAULT)
    return papers.CertificatePaper(
        release=facts.release,
        agency=facts.agency,
        recording=recording.id,
        taken_in_at=stamp(recording.taken_in_at),
        taken_in_by="as the audit log shows",
        size_bytes=str(recording.size_bytes),
        original_sha256=recording.sha256,
        part=f"{clock(facts.part_ms[0])} to {clock(facts.part_ms[1])} of the recording",
        clip_sha256=facts.rendered_sha256,
        plan_sha256=facts.plan_sha256,
        approved_by="as release.json and the audit log show",
        software=facts.software,
        checkpoint=custody.checkpoint,
        verified_at=facts.made_at,
        verified_result="it is unchanged",
        unavoidable="The clip was encoded again; cuts, masks and muted sound are listed in the exemption log.",
    )


def check_request(request: ReleaseRequest) -> None:
    """:class:`InputError` for text of a request that cannot be shown: control characters and marks that turn text."""
    import unicodedata

    told = to_json(request)
    for name in ("agency", "requester", "authority", "title", "caption", "credit"):
        for char in str(told[name]):
            breaks = char == "\n" and name == "caption"
            if unicodedata.category(char) in ("Cc", "Cf", "Cs") and not breaks and char not in "\u200c\u200d":
                raise InputError(
                    f"the {name} of the release holds a character that cannot be shown (U+{ord(char):04X})",
                    "Type it again without that character",
                )


def read_contents(data: bytes) -> ReleaseContents:
    """Contents from their canonical bytes."""
    return from_json(ReleaseContents, _object(data))


def read_edits(data: bytes) -> tuple[ManifestEdit, ...]:
    """The edits from their canonical bytes."""
    return from_json(ManifestEdits, _object(data)).edits


def _object(data: bytes) -> JsonObject:
    value: JsonObject = json.loads(data)
    return value
