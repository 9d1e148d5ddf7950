"""Papers of a release as PDF/UA-1: the exemption log and a draft of the custody certificate, set by typst.

Text is passed to the templates as JSON data, never as markup, so nothing that was typed in can change a page. A
character that no font has, neither of this machine nor the one that set-up fetches, is written as its number.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from bodyworn.domain.codec import json_name, to_json
from bodyworn.domain.errors import ModelError
from bodyworn.models.registry import locate
from bodyworn.releases.exemptions import ExemptionLine

if TYPE_CHECKING:
    from typst import Fonts

TEMPLATES = ("exemptions", "certificate")
_NO_GLYPH = re.compile(r'the text `"(.+?)"` could not be displayed', re.S)
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
#: Text of the templates themselves is below.
_LATIN = 0x250


@dataclass(frozen=True)
class ExemptionPaper:
    """What the exemption log says; all of it text."""

    release: str
    agency: str
    legal_authority: str = field(metadata=json_name("authority"))
    plan_sha256: str
    clip_sha256: str
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
    data, fonts = json.dumps(to_json(paper), ensure_ascii=False), _fonts()
    while True:
        try:
            inputs = {"data": data}
            return bytes(
                typst.compile(source, format="pdf", pdf_standards=["ua-1"], sys_inputs=inputs, font_paths=fonts)
            )
        except typst.TypstError as error:
            shorter = _spelled_out(data, str(error))
            if shorter == data:
                raise ModelError(f"the paper {template!r} cannot be set", "Report this fault") from error
            data = shorter


@cache
def _fonts() -> Fonts:
    """The fonts of this machine, and the font of every script if set-up could fetch it."""
    import typst

    try:
        return typst.Fonts(font_paths=[locate("letters").parent])
    except ModelError:
        return typst.Fonts()


def _spelled_out(data: str, error: str) -> str:
    """``data`` with the characters that no font has, as the error names them, written as their numbers."""
    found = _NO_GLYPH.search(error)
    text = found.group(1) if found else ""
    missing = {*_ESCAPED.sub("", text), *(chr(int(number, 16)) for number in _ESCAPED.findall(text))}
    return "".join(f"[U+{ord(char):04X}]" if char in missing and ord(char) > _LATIN else char for char in data)


def stand_alone_verifier() -> bytes:
    """The script that goes out with each package."""
    return files("bodyworn.releases.standalone").joinpath("verify.py").read_bytes()
