"""Papers of a release as PDF/UA-1: the exemption log and a draft of the custody certificate, set by typst.

Text is passed to the templates as JSON data, never as markup, so nothing that was typed in can change a page.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from bodyworn.domain.errors import ModelError

TEMPLATES = ("exemptions", "certificate")


def to_pdf(template: str, data: Mapping[str, Any]) -> bytes:
    """The paper named by ``template`` (one of :data:`TEMPLATES`) filled with ``data``, as the bytes of a tagged PDF."""
    try:
        import typst
    except ImportError:
        raise ModelError(
            "typst is not installed, so no PDF can be made", "Run: pip install 'bodyworn[reports]'"
        ) from None
    source = files(__package__).joinpath(f"{template}.typ").read_bytes()
    pdf = typst.compile(source, format="pdf", pdf_standards=["ua-1"], sys_inputs={"data": json.dumps(dict(data))})
    return bytes(pdf)
