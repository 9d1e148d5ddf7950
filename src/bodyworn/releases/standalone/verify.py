#!/usr/bin/env python3
"""Verify this release package, offline: ``python verify.py [FOLDER] [--authority PEM] [--json]``.

It needs Python 3.11 or newer and the package ``cryptography``, and nothing else. It answers three questions:

1. Is every file the one that was released? (SHA-256 of each file against ``release.json``)
2. Does the statement hold? (the signature over ``release.json``, and the proof that the release is in the agency's
   audit log: RFC 6962 inclusion under a signed checkpoint)
3. Is the signer known? (only with the agency's certificate, from the agency's own site: ``--authority``)

Exit 0: all three hold. Exit 1: something does not hold. Exit 3: all holds, but the signer cannot be known without
``--authority``. It does not read the manifest inside the clip; any C2PA viewer does.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import itertools
import json
import sys
from pathlib import Path
from typing import Any

STATEMENT, SIGNATURE, CHAIN, PROOF = "release.json", "release.json.sig", "signer.pem", "proof.json"
UNLISTED = {STATEMENT, SIGNATURE, CHAIN, PROOF}
HOLDS, BROKEN, NOT_KNOWN = "holds", "broken", "not known"


def sha256(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_files(folder: Path, listed: dict[str, str]) -> list[str]:
    """Faults of the files: missing, changed, or there without being listed."""
    faults = []
    for name, digest in listed.items():
        path = folder / name
        if not path.is_file():
            faults.append(f"{name} is missing")
        elif sha256(path) != digest:
            faults.append(f"{name} was changed")
    here = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    faults += [f"{name} was added" for name in sorted(here - set(listed) - UNLISTED)]
    return faults


def check_signature(folder: Path) -> tuple[list[str], list[Any]]:
    """Faults of the signature over the statement, and the certificate chain, leaf first."""
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec

    try:
        chain = list(x509.load_pem_x509_certificates((folder / CHAIN).read_bytes()))
        signature = base64.b64decode((folder / SIGNATURE).read_text().strip(), validate=True)
        key = chain[0].public_key()
        if not isinstance(key, ec.EllipticCurvePublicKey):
            raise TypeError("not an elliptic-curve key")
        key.verify(signature, (folder / STATEMENT).read_bytes(), ec.ECDSA(hashes.SHA256()))
        for child, parent in itertools.pairwise([*chain, chain[-1]]):
            child.verify_directly_issued_by(parent)
            if not parent.extensions.get_extension_for_class(x509.BasicConstraints).value.ca:
                return [f"{CHAIN} holds a certificate that no authority issued"], []
    except InvalidSignature:
        return [f"the signature does not fit {STATEMENT}, or {CHAIN} is not a certificate chain"], []
    except (OSError, ValueError, TypeError, IndexError, x509.ExtensionNotFound):
        return [f"{SIGNATURE} or {CHAIN} cannot be read"], []
    return [], chain


def check_proof(folder: Path, statement: dict[str, Any]) -> list[str]:
    """Faults of the proof that the statement's digest is in the audit log under its signed checkpoint."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        proof = json.loads((folder / PROOF).read_text())
        event = json.loads(proof["body"])
        name, _, rest = statement["record"]["verifier"].partition("+")
        key = base64.b64decode(rest.partition("+")[2])[1:]
        text, _, signatures = proof["checkpoint"].partition("\n\n")
        size, root = int(text.split("\n")[1]), base64.b64decode(text.split("\n")[2])
        signature = base64.b64decode(signatures.strip().rpartition(" ")[2])[4:]
        Ed25519PublicKey.from_public_bytes(key).verify(signature, (text + "\n").encode())
        leaf = hashlib.sha256(b"\x00" + bytes.fromhex(proof["prev"]) + proof["body"].encode()).digest()
        path = [bytes.fromhex(step) for step in proof["path"]]
    except InvalidSignature:
        return ["the checkpoint's signature does not hold"]
    except (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError):
        return [f"{PROOF} cannot be read"]
    faults = []
    if event["detail"].get("statement") != sha256(folder / STATEMENT):
        faults.append("the audit log speaks of another release.json")
    if not is_included(leaf, event["seq"] - 1, size, path, root):
        faults.append("the release is not in the audit log that the checkpoint signs")
    if not name:
        faults.append("release.json names no audit log")
    return faults


def is_included(leaf: bytes, index: int, size: int, path: list[bytes], root: bytes) -> bool:
    """RFC 9162, 2.1.3.2: whether ``path`` leads from leaf ``index`` of ``size`` to ``root``."""
    if not 0 <= index < size:
        return False
    here, last, node = index, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if here & 1 or here == last:
            node = hashlib.sha256(b"\x01" + step + node).digest()
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            node = hashlib.sha256(b"\x01" + node + step).digest()
        here, last = here >> 1, last >> 1
    return last == 0 and node == root


def check_signer(chain: list[Any], authorities_pem: bytes) -> tuple[str, str]:
    """State and a sentence on who signed. The authority in the package itself proves nothing."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    if not chain:
        return BROKEN, "no signature holds"
    root = chain[-1]
    name = root.subject.rfc4514_string()
    fingerprint = root.fingerprint(hashes.SHA256()).hex()
    if "TEST ONLY" in name:
        return BROKEN, f"signed under a test authority ({name}): this is not a real release"
    if not authorities_pem:
        return NOT_KNOWN, f"signed under {name}; compare its fingerprint with the agency's own site: {fingerprint}"
    known = [item.fingerprint(hashes.SHA256()) for item in x509.load_pem_x509_certificates(authorities_pem)]
    if root.fingerprint(hashes.SHA256()) in known:
        return HOLDS, f"signed under {name}, which you trust"
    return BROKEN, f"signed under {name}, which is not the authority you gave ({fingerprint})"


def verify(folder: Path, authorities_pem: bytes = b"") -> dict[str, Any]:
    """The three answers for a package folder: each ``{"state": …, "said": [sentences]}``."""
    try:
        statement = json.loads((folder / STATEMENT).read_text())
        listed = dict(statement["files"])
    except (OSError, ValueError, KeyError, TypeError):
        nothing = {"state": BROKEN, "said": [f"{STATEMENT} is missing or cannot be read"]}
        return {"files": nothing, "statement": nothing, "signer": nothing}
    files = check_files(folder, listed)
    signed, chain = check_signature(folder)
    stated = signed + check_proof(folder, statement)
    state, said = check_signer(chain, authorities_pem)
    return {
        "files": {"state": BROKEN if files else HOLDS, "said": files or [f"{len(listed)} files are as released"]},
        "statement": {
            "state": BROKEN if stated else HOLDS,
            "said": stated or ["release.json is signed and is in the agency's audit log"],
        },
        "signer": {"state": state, "said": [said]},
    }


def exit_code(answers: dict[str, Any]) -> int:
    """0 all holds, 1 something is broken, 3 the signer cannot be known."""
    states = {answer["state"] for answer in answers.values()}
    return 1 if BROKEN in states else 3 if NOT_KNOWN in states else 0


def main() -> int:
    """Read the arguments, print the answers, return the exit code."""
    parser = argparse.ArgumentParser(description="Verify this release package, offline.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).resolve().parent)
    parser.add_argument("--authority", type=Path, help="the agency's certificate (PEM), from the agency's own site")
    parser.add_argument("--json", action="store_true", help="print the answers as JSON")
    options = parser.parse_args()
    try:
        trusted = options.authority.read_bytes() if options.authority else b""
        answers = verify(options.folder, trusted)
    except (OSError, ValueError) as error:
        print(f"cannot read the authority: {error}", file=sys.stderr)
        return 2
    if options.json:
        print(json.dumps(answers, indent=2))
    else:
        for question, answer in answers.items():
            print(f"{question:10} {answer['state'].upper()}: {'; '.join(answer['said'])}")
    return exit_code(answers)


if __name__ == "__main__":
    raise SystemExit(main())
