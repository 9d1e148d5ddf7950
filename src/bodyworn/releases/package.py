"""The folder that goes out: clip, captions, still, log, certificate draft, statement with signature, and the verifier.

``build`` writes everything but the proof, because the statement's digest has to stand in the audit log first; ``prove``
adds the proof and makes the zip. Both are safe to repeat.
"""

from __future__ import annotations

import base64
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path

from bodyworn.custody.certificates import Identity, pem
from bodyworn.domain.codec import json_name, omit_default, to_json
from bodyworn.domain.digest import Digest
from bodyworn.releases.standalone.verify import CHAIN, PROOF, SIGNATURE, STATEMENT
from bodyworn.storage.canonical import canonical_json
from bodyworn.storage.files import unfinished, write_whole

CLIP = "clip.mp4"
SCHEMA = "https://bodyworn.org/schema/release-1.json"


@dataclass(frozen=True)
class LogKey:
    """The public key of the agency's audit log, as a signed note names it."""

    verifier: str


@dataclass(frozen=True)
class ReleaseStatement:
    """What ``release.json`` says in public. People of the agency are counted, not named.

    ``approval_accounts`` is how many accounts the approvals came from: where it is less than ``approvals``,
    ``approval_caution`` says what that means. ``files`` are names to SHA-256.
    """

    schema: str
    release: str
    agency: str
    title: str
    legal_authority: str = field(metadata=json_name("authority"))
    made_at: str
    rendered_sha256: str
    plan_sha256: str
    original_sha256: str
    part_ms: tuple[int, int]
    approvals: int
    approval_accounts: int
    approval_caution: str = field(metadata=omit_default(), kw_only=True, default="")
    leaks_reported: int
    record: LogKey
    software: str
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class InclusionProof:
    """``proof.json``: the event about the statement, and its way to the signed checkpoint (RFC 6962, hex)."""

    body: str
    prev: str
    path: tuple[str, ...]
    checkpoint: str


@dataclass(frozen=True)
class Contents:
    """What goes in beside the signed clip, which is in the folder already. ``papers`` are file name to bytes."""

    captions_vtt: str
    captions_srt: str
    caption: str
    credit: str
    papers: Mapping[str, bytes]
    exemptions_csv: str
    still_jpg: bytes | None
    readme: str


def build(folder: Path, contents: Contents, facts: ReleaseStatement, identity: Identity) -> str:
    """Write the files and the signed statement into ``folder``; the statement's SHA-256."""
    digest = Digest.of_file(folder / CLIP)
    texts = {
        f"{CLIP}.sha256": f"{digest}  {CLIP}\n",
        "captions.vtt": contents.captions_vtt,
        "captions.srt": contents.captions_srt,
        "caption.txt": f"{contents.caption}\n\n{contents.credit}\n",
        "exemptions.csv": contents.exemptions_csv,
        "README.md": contents.readme,
        "verify.py": files("bodyworn.releases.standalone").joinpath("verify.py").read_text(),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, newline="")
    for name, data in contents.papers.items():
        (folder / name).write_bytes(data)
    if contents.still_jpg is not None:
        (folder / "still.jpg").write_bytes(contents.still_jpg)
    listed = {
        path.name: Digest.of_file(path).sha256
        for path in sorted(folder.iterdir())
        if path.name not in {STATEMENT, SIGNATURE, CHAIN, PROOF}
    }
    statement = canonical_json(to_json(replace(facts, files=listed)))
    (folder / STATEMENT).write_bytes(statement)
    (folder / SIGNATURE).write_text(_signature(statement, identity))
    (folder / CHAIN).write_text(pem(identity.chain))
    return Digest.of_bytes(statement).sha256


def prove(folder: Path, proof: InclusionProof) -> Path:
    """Add the proof of the audit log and pack everything beside the folder; the path of the zip."""
    write_whole(folder / PROOF, json.dumps(to_json(proof), indent=1) + "\n")
    packed = folder.with_suffix(".zip")
    with unfinished(packed) as draft, zipfile.ZipFile(draft, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, f"{folder.name}/{path.name}")
    return packed


def _signature(data: bytes, identity: Identity) -> str:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec

    return base64.b64encode(identity.key.sign(data, ec.ECDSA(hashes.SHA256()))).decode() + "\n"


def readme(facts: ReleaseStatement, signer: str, fingerprint: str) -> str:
    """The page for the public: what this is, what was withheld, how to tell it from a copy or an invention."""
    caution = f" Note: {facts.approval_caution}." if facts.approval_caution else ""
    return f"""# {facts.title}

{facts.agency} released this clip as {facts.release}. It is a part of one body-worn camera recording. What is
blurred, pixelated, black, silent or bleeped was withheld; `exemptions.csv` and `exemptions.pdf` list every such place
with its exemption code and citation.

Approved by {facts.approvals} people.{caution}

| file | what it is |
|---|---|
| `clip.mp4` | the clip, with a signed C2PA manifest inside; any C2PA viewer shows it |
| `captions.vtt`, `captions.srt` | captions with who speaks, made by speech recognition |
| `still.jpg`, `caption.txt` | a still from the released clip; text and credit line |
| `exemptions.csv`, `exemptions.pdf` | what was withheld and why |
| `certificate-draft.pdf` | a custody certificate, to be read, corrected and signed by a person |
| `release.json`, `release.json.sig`, `signer.pem` | the signed statement of all the above |
| `proof.json` | proof that this statement stands in the agency's audit log |
| `verify.py` | checks everything, offline |

## Is it genuine?

`python verify.py --authority AUTHORITY.pem` needs Python 3.11 and the package `cryptography`. Get the authority's
certificate from the agency's own site, not from the person who gave you this file. It was signed by **{signer}**; the
authority's SHA-256 fingerprint is

    {fingerprint}

Without the certificate the files can be checked, but not who made them. A viewer of C2PA manifests may call the
signer untrusted: the agency's authority is its own and not on the public list.

A clip cut out of this one, filmed from a screen or sent through a social network has lost its manifest. Compare it
with `clip.mp4`; `clip.mp4.sha256` tells whether a file is this very one.
"""
