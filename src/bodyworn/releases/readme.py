"""The page of a package for the public: what this is, what was withheld, how to tell it from a copy or an invention."""

from __future__ import annotations

import re

_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+!|~&])")


def plain_markdown(text: str) -> str:
    """``text`` on one line, with every character that Markdown or HTML would read as markup set back to itself."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split())).replace("\\<", "&lt;").replace("\\>", "&gt;")


def readme(title: str, agency: str, release_id: str) -> str:
    """The page."""
    return f"""# {plain_markdown(title)}

{plain_markdown(agency)} released this clip as {release_id}. It is a part of one body-worn camera recording. What is
blurred, pixelated, black, silent or bleeped was withheld; `exemptions.csv` and `exemptions.pdf` list every such place
with its exemption code and citation. `release.json` says how many people approved it.

| file | what it is |
|---|---|
| `clip.mp4` | the clip, with a signed C2PA manifest inside; any C2PA viewer shows it |
| `captions.vtt`, `captions.srt` | captions with who speaks, made by speech recognition |
| `still.jpg`, `caption.txt` | a still from the released clip, if there is one; text and credit line |
| `exemptions.csv`, `exemptions.pdf` | what was withheld and why |
| `certificate-draft.pdf` | a custody certificate, to be read, corrected and signed by a person |
| `contents.json` | what was approved: the digest of every file, fixed before the approval |
| `release.json`, `release.json.sig`, `signer.pem` | the signed statement of all the above |
| `proof.json`, `record.pem` | proof that this statement stands in the agency's audit log, and that log's certificate |
| `verify.py` | checks everything, offline |

## Is it genuine?

`python verify.py --authority AUTHORITY.pem` needs Python 3.11 and the package `cryptography`. Get the authority's
certificate from the agency's own site, not from the person who gave you this file, and the script `verify.py` from
there too if you have reason to doubt this one.

Without the certificate the files can be checked, but not who made them. A viewer of C2PA manifests may call the
signer untrusted: the agency's authority is its own and not on the public list.

A clip cut out of this one, filmed from a screen or sent through a social network has lost its manifest. Compare it
with `clip.mp4`; `clip.mp4.sha256` tells whether a file is this very one.
"""
