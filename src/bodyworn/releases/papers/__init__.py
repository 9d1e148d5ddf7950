"""Papers of a release as PDF/UA-1: the exemption log and a draft of the custody certificate, set by typst.

Text is passed to the templates as JSON data, never as markup, so nothing that was typed in can change a page.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from importlib.resources import files

from bodyworn.domain.codec import json_name, to_json
from bodyworn.domain.errors import ModelError
from bodyworn.releases.exemptions import ExemptionLine

TEMPLATES = ("exemptions", "certificate")


@dataclass(frozen=True)
class ExemptionPaper:
    """What the exemption log says; all of it text."""

    release: str
    agency: str
    legal_authority: str = field(metadata=json_name("authority"))
    plan_sha256: str
    clip_sha256: str
    requester: str
    request: str
    rows: tuple[ExemptionLine, ...]


@dataclass(frozen=True)
class CertificatePaper:
    """What the draft of the custody certificate says; all of it text."""

    release: str
    agency: str
    recording: str
    taken_in_at: str
    taken_in_by: str
    size_bytes: str
    original_sha256: str
    part: str
    clip_sha256: str
    plan_sha256: str
    approved_by: str
    software: str
    checkpoint: str
    verified_at: str
    verified_result: str
    unavoidable: str


def to_pdf(template: str, paper: ExemptionPaper | CertificatePaper) -> bytes:
    """The template (one of :data:`TEMPLATES`) filled with ``paper``, as the bytes of a tagged PDF."""
    try:
        import typst
    except ImportError:
        raise ModelError(
            "typst is not installed, so no PDF can be made", "Install the extra 'reports' of bodyworn"
        ) from None
    source = files(__package__).joinpath(f"{template}.typ").read_bytes()
    data = json.dumps(to_json(paper))
    return bytes(typst.compile(source, format="pdf", pdf_standards=["ua-1"], sys_inputs={"data": data}))
