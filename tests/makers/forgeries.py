"""Ways to forge a release: each changes a copy of a genuine package and gives what an outsider would be shown.

An attacker has the package, may have another genuine package of the same agency, and makes keys, authorities and audit
logs of his own; he has none of the agency's keys.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import stat
import struct
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import rfc8785
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bodyworn.custody import merkle
from bodyworn.custody.certificates import Identity, certified_record, make_identity, pem
from bodyworn.custody.checkpoint import Checkpoint, CheckpointSigner
from bodyworn.custody.manifest_signing import seal_original, sign_release
from bodyworn.domain.digest import Digest
from bodyworn.releases.standalone import verify as standalone
from tests.makers.releases import NOW, published
from tests.media_makers import with_sound

ESCAPES = "\x1b[2J\x1b[32mGENUINE\x1b[0m\u202e"


@dataclass(frozen=True)
class Scene:
    """What there is to work with: a genuine package, another one of the same agency, and an attacker's own keys.

    ``footage`` is any other video.
    """

    package: Path
    other: Path
    agency: Identity
    attacker: Identity
    footage: Path


#: Changes a copy of the package, or makes a file of it, and gives what is shown to an outsider.
Change = Callable[[Path, Scene], Path]
#: Changes a statement in a folder.
Edit = Callable[[dict[str, Any], Path, Scene], None]


def scene(folder: Path) -> Scene:
    """A scene in ``folder``."""
    agency = make_identity("Pine County Sheriff", NOW)
    packages = []
    for name in ("first", "second"):
        (folder / name).mkdir()
        packages.append(published(folder / name, agency))
    attacker = make_identity("Pine County Sheriff", NOW)
    return Scene(packages[0], packages[1], agency, attacker, with_sound(folder / "footage.mp4", seconds=1.5))


@dataclass(frozen=True)
class Forgery:
    """How to forge, given a copy of the package, and words that say what is wrong with it.

    What ``make`` gives is verified, with ``sha256`` as the digest that the publisher gave.
    """

    make: Change
    said: str
    sha256: str | None = None


def write(name: str, data: bytes | str) -> Change:
    """Another file under that name."""

    def change(folder: Path, _: Scene) -> Path:
        (folder / name).write_bytes(data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data)
        return folder

    return change


def gone(name: str) -> Change:
    """Without that file."""

    def change(folder: Path, _: Scene) -> Path:
        (folder / name).unlink()
        return folder

    return change


def edited(name: str, edit: Callable[[dict[str, Any]], None]) -> Change:
    """With that JSON file edited, as canonical JSON."""

    def change(folder: Path, _: Scene) -> Path:
        document = json.loads((folder / name).read_text())
        edit(document)
        (folder / name).write_bytes(rfc8785.dumps(document))
        return folder

    return change


def appended(name: str, data: bytes) -> Change:
    """With bytes behind that file."""

    def change(folder: Path, _: Scene) -> Path:
        (folder / name).write_bytes((folder / name).read_bytes() + data)
        return folder

    return change


def cut(name: str, count: int) -> Change:
    """Without the last bytes of that file."""

    def change(folder: Path, _: Scene) -> Path:
        (folder / name).write_bytes((folder / name).read_bytes()[:-count])
        return folder

    return change


def from_other(*names: str) -> Change:
    """With those files of the other genuine package."""

    def change(folder: Path, there: Scene) -> Path:
        for name in names:
            shutil.copy(there.other / name, folder / name)
        return folder

    return change


def signed(edit: Edit, *, record: bool = True) -> Change:
    """With an edited statement that the attacker signs with a key, a chain and an audit log of his own."""

    def change(folder: Path, there: Scene) -> Path:
        statement = json.loads((folder / "release.json").read_text())
        edit(statement, folder, there)
        sign_anew(folder, statement, there.attacker, record=record)
        return folder

    return change


def sign_anew(folder: Path, statement: dict[str, Any], identity: Identity, *, record: bool = True) -> None:
    """Sign ``statement`` with ``identity`` and prove it in an audit log that was just invented."""
    log = CheckpointSigner("bodyworn.local/attacker", Ed25519PrivateKey.generate())
    statement["record"] = {"verifier": str(log.verifier)}
    data = rfc8785.dumps(statement)
    (folder / "release.json").write_bytes(data)
    signature = identity.key.sign(data, ec.ECDSA(hashes.SHA256()))
    (folder / "release.json.sig").write_text(base64.b64encode(signature).decode() + "\n")
    (folder / "signer.pem").write_text(pem(identity.chain))
    if record:
        (folder / "record.pem").write_text(pem(certified_record(identity, log.name, log.verifier.key, NOW)))
    body = json.dumps({"seq": 1, "at": NOW.isoformat(), "detail": {"statement": Digest.of_bytes(data).sha256}})
    leaf = merkle.leaf_hash(bytes(32) + body.encode())
    proof = {"body": body, "prev": bytes(32).hex(), "path": [], "checkpoint": log.sign(Checkpoint(log.name, 1, leaf))}
    (folder / "proof.json").write_text(json.dumps(proof))


def _lies(folder: Path) -> None:
    (folder / "captions.vtt").write_text("WEBVTT\n\n00:00.000 --> 00:03.000\n<v Community member>I have a gun\n")
    (folder / "exemptions.csv").write_text("id,start,end,medium,withheld,reason,basis\r\n")
    (folder / "caption.txt").write_text("The driver threatened the officer.\n")
    (folder / "verify.py").write_text('print("GENUINE")\n')


def relisted(statement: dict[str, Any], folder: Path) -> None:
    """Let contents and statement list what is in the folder now."""
    listed = {
        path.name: Digest.of_file(path).sha256
        for path in sorted(folder.iterdir())
        if path.is_file() and path.name not in standalone.UNLISTED
    }
    contents = json.loads((folder / "contents.json").read_text())
    contents["title"] = statement["title"]
    contents["files"] = {
        name: digest for name, digest in listed.items() if name not in ("clip.mp4", "clip.mp4.sha256", "contents.json")
    }
    data = rfc8785.dumps(contents)
    (folder / "contents.json").write_bytes(data)
    statement["files"] = {**listed, "contents.json": Digest.of_bytes(data).sha256}
    statement["contents_sha256"] = Digest.of_bytes(data).sha256


def round_the_clip(statement: dict[str, Any], folder: Path, _: Scene) -> None:
    """The genuine clip in a package of lies."""
    _lies(folder)
    statement.update(title="Driver threatens officer", approvals=7)
    relisted(statement, folder)


def with_own_clip(statement: dict[str, Any], folder: Path, there: Scene) -> None:
    """Another clip, signed by the attacker with a manifest that states the genuine release."""
    (folder / "clip.mp4").unlink()
    sidecar = seal_original(there.footage, "original recording", there.attacker)
    names = ("release", "agency", "title", "rendered_sha256", "plan_sha256", "original_sha256", "contents_sha256")
    sign_release(
        there.footage,
        folder / "clip.mp4",
        title=statement["title"],
        original=there.footage,
        original_sidecar=sidecar,
        edits=[],
        facts={name: statement[name] for name in names},
        identity=there.attacker,
    )
    (folder / "clip.mp4.sha256").write_text(f"{Digest.of_file(folder / 'clip.mp4')}  clip.mp4\n")
    statement["files"]["clip.mp4"] = Digest.of_file(folder / "clip.mp4").sha256
    statement["files"]["clip.mp4.sha256"] = Digest.of_file(folder / "clip.mp4.sha256").sha256


def lists(name: str, digest: str = "0" * 64) -> Edit:
    """A statement that lists a further file by any name."""

    def edit(statement: dict[str, Any], _folder: Path, _scene: Scene) -> None:
        statement["files"][name] = digest

    return edit


def former(statement: dict[str, Any], folder: Path, _: Scene) -> None:
    """A statement of the former kind, which had no contents and no certificate of the audit log."""
    _lies(folder)
    statement["schema"] = standalone.FORMER_SCHEMA
    for name in ("contents.json", "record.pem"):
        (folder / name).unlink()
    statement["files"] = {
        path.name: Digest.of_file(path).sha256 for path in folder.iterdir() if path.name not in standalone.UNLISTED
    }


def stolen(folder: Path, there: Scene) -> Path:
    """Lies in a package of the former kind, signed with the agency's signing key, which was stolen; no other was."""
    statement = json.loads((folder / "release.json").read_text())
    former(statement, folder, there)
    sign_anew(folder, statement, Identity(there.agency.key, there.agency.chain), record=False)
    return folder


def chain_of(*certificates: str) -> Change:
    """Another ``signer.pem``: ``a0`` is the attacker's signer, ``a1`` his authority, ``g0`` and ``g1`` the agency's."""

    def change(folder: Path, there: Scene) -> Path:
        chains = {"a": there.attacker.chain, "g": there.agency.chain}
        statement = json.loads((folder / "release.json").read_text())
        sign_anew(folder, statement, there.attacker)
        (folder / "signer.pem").write_text(pem(tuple(chains[name[0]][int(name[1])] for name in certificates)))
        return folder

    return change


def leaf_as_authority(folder: Path, there: Scene) -> Path:
    """A chain in which a certificate that is no authority has issued the signer's."""
    key = ec.generate_private_key(ec.SECP256R1())
    leaf = there.attacker.chain[0]
    below = (
        x509.CertificateBuilder()
        .subject_name(leaf.subject)
        .issuer_name(leaf.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(leaf.not_valid_before_utc)
        .not_valid_after(leaf.not_valid_after_utc)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(there.attacker.key, hashes.SHA256())
    )
    identity = Identity(key, (below, *there.attacker.chain), there.attacker.authority_key)
    sign_anew(folder, json.loads((folder / "release.json").read_text()), identity)
    return folder


def link(name: str, target: Callable[[Scene], Path]) -> Change:
    """A link in place of that file."""

    def change(folder: Path, there: Scene) -> Path:
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(target(there))
        return folder

    return change


def pipe(name: str) -> Change:
    """A pipe that nobody writes into in place of that file."""

    def change(folder: Path, _: Scene) -> Path:
        (folder / name).unlink()
        os.mkfifo(folder / name)
        return folder

    return change


def in_a_folder(name: str) -> Change:
    """A folder of that name with a file in it."""

    def change(folder: Path, _: Scene) -> Path:
        (folder / name).unlink(missing_ok=True)
        (folder / name).mkdir()
        (folder / name / "more.txt").write_text("x")
        return folder

    return change


def zipped(
    folder: Path,
    *,
    inside: str = "release",
    more: Mapping[str, bytes] | None = None,
    without: tuple[str, ...] = (),
    method: int = zipfile.ZIP_STORED,
) -> Path:
    """The folder as a zip, with further entries of any name."""
    packed = folder.with_suffix(".zip")
    with zipfile.ZipFile(packed, "w", method) as archive:
        for path in sorted(folder.iterdir()):
            if path.name not in without:
                archive.write(path, f"{inside}/{path.name}" if inside else path.name)
        for name, data in (more or {}).items():
            archive.writestr(name, data)
    return packed


def zip_with(name: str, data: bytes = b"x") -> Change:
    """The genuine files and one more entry."""
    return lambda folder, _: zipped(folder, more={name: data})


def zip_link(folder: Path, _: Scene) -> Path:
    """A zip whose captions are a link."""
    packed = zipped(folder, without=("captions.vtt",))
    entry = zipfile.ZipInfo("release/captions.vtt")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr(entry, "/etc/hostname")
    return packed


def zip_bomb(folder: Path, _: Scene) -> Path:
    """A zip whose clip unpacks to far more than the zip itself."""
    packed = zipped(folder, without=("clip.mp4",))
    with (
        zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("release/clip.mp4", "w", force_zip64=True) as file,
    ):
        for _mebibyte in range(64):
            file.write(bytes(1 << 20))
    return packed


def patched_zip(patch: Callable[[bytearray], None]) -> Change:
    """The zip of the genuine folder with some of its bytes changed."""

    def change(folder: Path, _: Scene) -> Path:
        packed = zipped(folder)
        data = bytearray(packed.read_bytes())
        patch(data)
        packed.write_bytes(data)
        return packed

    return change


def _in_directory(field: int, value: int) -> Callable[[bytearray], None]:
    """Set a two-byte field of every entry, in the directory and at the entry itself (APPNOTE 4.3.7, 4.3.12)."""

    def patch(data: bytearray) -> None:
        for mark, shift in ((b"PK\x03\x04", 0), (b"PK\x01\x02", 2)):
            at = data.find(mark)
            while at >= 0:
                struct.pack_into("<H", data, at + field + shift, value)
                at = data.find(mark, at + 4)

    return patch


def _break_content(data: bytearray) -> None:
    at = data.find(b"WEBVTT")
    data[at] ^= 1


def _cut_directory(data: bytearray) -> None:
    del data[-60:]


def _comment(data: bytearray) -> None:
    data[-2:] = struct.pack("<H", 5)
    data += b"hello"


def behind(folder: Path, there: Scene) -> Path:
    """Another video with the genuine zip behind it."""
    out = folder.with_suffix(".mp4")
    out.write_bytes(there.footage.read_bytes() + zipped(folder).read_bytes())
    return out


def in_front(folder: Path, there: Scene) -> Path:
    """The genuine zip with another video behind it."""
    packed = zipped(folder)
    packed.write_bytes(packed.read_bytes() + there.footage.read_bytes())
    return packed


def behind_a_zip_head(folder: Path, there: Scene) -> Path:
    """A file that begins like a zip, then another video, then the genuine zip."""
    packed = zipped(folder)
    head = b"PK\x03\x04" + bytes(26)
    packed.write_bytes(head + there.footage.read_bytes() + packed.read_bytes())
    return packed


def test_only(folder: Path, there: Scene) -> Path:
    """A package under an authority that is for tests."""
    trial = make_identity("Pine County Sheriff", NOW, test=True)
    sign_anew(folder, json.loads((folder / "release.json").read_text()), trial)
    return folder


def _deep(count: int = 200_000) -> str:
    return "[" * count + "]" * count


def _twice(folder: Path, _: Scene) -> Path:
    text = (folder / "release.json").read_text()
    (folder / "release.json").write_text(text[:-1] + ',"title":"Officer cleared"}')
    return folder


def _set(**values: object) -> Callable[[dict[str, Any]], None]:
    return lambda document: document.update(values)


def _set_signed(**values: object) -> Edit:
    return lambda document, _folder, _scene: document.update(values)


def _plain(_statement: dict[str, Any], _folder: Path, _scene: Scene) -> None:
    """The genuine statement as it is."""


def _other_body(value: str) -> Callable[[dict[str, Any]], None]:
    return lambda proof: proof.update(body=value)


def _more_rows(proof: dict[str, Any]) -> None:
    lines = proof["checkpoint"].split("\n")
    lines[1] = str(int(lines[1]) + 100)
    proof["checkpoint"] = "\n".join(lines)


WRONG = "d" * 64
FORGERIES: dict[str, Forgery] = {
    "captions said something else": Forgery(write("captions.vtt", "WEBVTT\n\nlies"), "captions.vtt was changed"),
    "captions of the other release": Forgery(
        from_other("captions.srt", "exemptions.pdf"), "exemptions.pdf was changed"
    ),
    "caption text rewritten": Forgery(write("caption.txt", "a threat"), "caption.txt was changed"),
    "exemption log emptied": Forgery(write("exemptions.csv", "id\r\n"), "exemptions.csv was changed"),
    "exemption log as another PDF": Forgery(write("exemptions.pdf", "%PDF"), "exemptions.pdf was changed"),
    "another certificate": Forgery(write("certificate-draft.pdf", "%PDF"), "certificate-draft.pdf was changed"),
    "another README": Forgery(write("README.md", "# Forged"), "README.md was changed"),
    "a verifier that lies": Forgery(write("verify.py", "print('GENUINE')"), "verify.py was changed"),
    "another still": Forgery(write("still.jpg", b"\xff\xd8lie"), "still.jpg was changed"),
    "no still": Forgery(gone("still.jpg"), "still.jpg is missing"),
    "no clip": Forgery(gone("clip.mp4"), "clip.mp4"),
    "another video as the clip": Forgery(
        lambda folder, there: Path(shutil.copy(there.footage, folder / "clip.mp4")).parent, "clip.mp4 was changed"
    ),
    "the clip of the other release": Forgery(from_other("clip.mp4"), "clip.mp4 was changed"),
    "bytes behind the clip": Forgery(appended("clip.mp4", b"\0\0\0\x0bfreelie"), "clip.mp4 was changed"),
    "the clip cut": Forgery(cut("clip.mp4", 100), "clip.mp4 was changed"),
    "another digest of the clip": Forgery(
        write("clip.mp4.sha256", f"{WRONG}  clip.mp4\n"), "clip.mp4.sha256 was changed"
    ),
    "contents with another title": Forgery(
        edited("contents.json", _set(title="A threat")), "contents.json was changed"
    ),
    "contents set in another way": Forgery(appended("contents.json", b"\n"), "contents.json was changed"),
    "no contents": Forgery(gone("contents.json"), "contents.json is missing"),
    "contents of the other release": Forgery(from_other("contents.json"), "contents.json was changed"),
    "statement with another title": Forgery(edited("release.json", _set(title="A threat")), "signature does not fit"),
    "statement with more approvals": Forgery(edited("release.json", _set(approvals=7)), "signature does not fit"),
    "statement with another authority": Forgery(
        edited("release.json", _set(authority="none")), "signature does not fit"
    ),
    "statement set in another way": Forgery(appended("release.json", b"\n"), "signature does not fit"),
    "statement with a title twice": Forgery(_twice, "release.json cannot be read"),
    "statement with a byte order mark": Forgery(
        lambda folder, there: write("release.json", b"\xef\xbb\xbf" + (folder / "release.json").read_bytes())(
            folder, there
        ),
        "release.json cannot be read",
    ),
    "statement that is no object": Forgery(write("release.json", "[1]"), "release.json cannot be read"),
    "statement nested 200,000 deep": Forgery(write("release.json", _deep()), "release.json cannot be read"),
    "statement with a lone surrogate": Forgery(write("release.json", '{"files": {"\\ud800": "x"}}'), "release.json"),
    "statement of five million bytes": Forgery(write("release.json", b" " * 5_000_000), "larger than such a file"),
    "statement of the other release": Forgery(from_other("release.json"), "signature does not fit"),
    "no statement": Forgery(gone("release.json"), "release.json is missing"),
    "no signature": Forgery(gone("release.json.sig"), "release.json.sig is missing"),
    "a signature that is none": Forgery(write("release.json.sig", "%%%"), "release.json.sig cannot be read"),
    "signature of the other release": Forgery(from_other("release.json.sig"), "signature does not fit"),
    "no chain": Forgery(gone("signer.pem"), "signer.pem is missing"),
    "a chain that is none": Forgery(write("signer.pem", "-----BEGIN CERTIFICATE-----\n"), "signer.pem cannot be read"),
    "proof about something else": Forgery(
        edited("proof.json", lambda proof: proof.update(body=proof["body"].replace('"ok"', '"no"'))),
        "not in the audit log",
    ),
    "proof of the other release": Forgery(from_other("proof.json"), "checkpoint"),
    "proof and record of the other release": Forgery(from_other("proof.json", "record.pem"), "another audit log"),
    "checkpoint over more rows": Forgery(edited("proof.json", _more_rows), "checkpoint's signature"),
    "proof with a shorter way": Forgery(
        edited("proof.json", lambda proof: proof["path"].pop()), "not in the audit log"
    ),
    "proof whose body is a list": Forgery(edited("proof.json", _other_body("[]")), "proof.json cannot be read"),
    "proof without detail": Forgery(edited("proof.json", _other_body('{"seq": 1}')), "proof.json cannot be read"),
    "proof with a number in words": Forgery(
        edited("proof.json", _other_body('{"seq": "one", "detail": {}, "at": "2026-01-01"}')),
        "proof.json cannot be read",
    ),
    "proof nested 200,000 deep": Forgery(write("proof.json", _deep()), "proof.json cannot be read"),
    "no proof": Forgery(gone("proof.json"), "proof.json is missing"),
    "no certificate of the audit log": Forgery(gone("record.pem"), "record.pem is missing"),
    "the signer's chain as that certificate": Forgery(
        lambda folder, _: Path(shutil.copy(folder / "signer.pem", folder / "record.pem")).parent, "record.pem"
    ),
    "a file more": Forgery(write("more.txt", "x"), "more.txt was added"),
    "a hidden file more": Forgery(write(".more", "x"), ".more was added"),
    "a file more whose name moves the cursor": Forgery(write(ESCAPES.replace("/", ""), "x"), "was added"),
    "a folder more": Forgery(in_a_folder("more"), "more is not a plain file"),
    "a folder in place of the captions": Forgery(in_a_folder("captions.vtt"), "captions.vtt is not a plain file"),
    "the clip as a link to a genuine one": Forgery(
        link("clip.mp4", lambda there: there.package / "clip.mp4"), "clip.mp4 is not a plain file"
    ),
    "a link to a folder more": Forgery(link("papers", lambda there: there.other), "papers is not a plain file"),
    "a link that leads nowhere": Forgery(
        link("still.jpg", lambda _: Path("/nowhere")), "still.jpg is not a plain file"
    ),
    "an endless device as the proof": Forgery(link("proof.json", lambda _: Path("/dev/zero")), "not a plain file"),
    "a pipe as the statement": Forgery(pipe("release.json"), "release.json is not a plain file"),
    "a pipe as the chain": Forgery(pipe("signer.pem"), "signer.pem is not a plain file"),
    "lies round the genuine clip": Forgery(signed(round_the_clip), "not the authority you gave"),
    "lies round the genuine clip, under the genuine record": Forgery(
        signed(round_the_clip, record=False), "record.pem"
    ),
    "another clip that states the genuine release": Forgery(signed(with_own_clip), "not the authority you gave"),
    "lies in a package of the former kind": Forgery(signed(former, record=False), "not the authority you gave"),
    "lies of the former kind, signed with a stolen key": Forgery(stolen, "which this authority does not sign"),
    "a package of a kind to come": Forgery(signed(_set_signed(schema="https://x/9")), "not of a form"),
    "the genuine statement signed anew": Forgery(signed(_plain), "not the authority you gave"),
    "a statement that lists what lies elsewhere": Forgery(
        signed(lists("../../etc/passwd")), "lists a file that no release"
    ),
    "a statement that lists an absolute path": Forgery(signed(lists("/etc/hostname")), "lists a file that no release"),
    "a statement that lists a device": Forgery(signed(lists("/proc/kmsg")), "lists a file that no release"),
    "a statement that lists 100,000 letters": Forgery(signed(lists("x" * 100_000)), "lists a file that no release"),
    "a statement that lists a moving cursor": Forgery(signed(lists(ESCAPES)), "lists a file that no release"),
    "a statement that lists no digests": Forgery(signed(lists("still.jpg", "no")), "does not list files"),
    "the attacker's signer under the genuine authority": Forgery(chain_of("a0", "g1"), "not a certificate chain"),
    "the genuine chain behind the attacker's": Forgery(chain_of("a0", "a1", "g0", "g1"), "signer.pem"),
    "the genuine chain on a signature of the attacker": Forgery(chain_of("g0", "g1"), "signature does not fit"),
    "a signer under one that is no authority": Forgery(leaf_as_authority, "no authority issued"),
    "a test authority": Forgery(test_only, "test authority"),
    "a zip that climbs out": Forgery(zip_with("../evil.txt"), "evil.txt was added"),
    "a zip with an absolute path": Forgery(zip_with("/tmp/evil.txt"), "evil.txt was added"),
    "a zip with two folders": Forgery(zip_with("second/captions.vtt"), "more than one folder"),
    "a zip with captions twice": Forgery(zip_with("release/captions.vtt"), "captions.vtt is there twice"),
    "a zip with a link": Forgery(zip_link, "captions.vtt is not a plain file"),
    "a zip that unpacks to far more": Forgery(zip_bomb, "far larger"),
    "a zip with a comment": Forgery(patched_zip(_comment), "beside the files in the zip"),
    "a zip whose files are encrypted": Forgery(patched_zip(_in_directory(6, 1)), "packed in a way"),
    "a zip packed by an unknown method": Forgery(patched_zip(_in_directory(8, 99)), "packed in a way"),
    "a zip with a broken file": Forgery(patched_zip(_break_content), "captions.vtt"),
    "a zip without its directory": Forgery(patched_zip(_cut_directory), "not a zip that can be read"),
    "a zip with 200 entries": Forgery(
        lambda folder, _: zipped(folder, more={f"release/{number}.txt": b"" for number in range(200)}), "entries"
    ),
    "a zip behind another video": Forgery(behind, "manifest"),
    "a zip with another video behind it": Forgery(in_front, "beside the files in the zip"),
    "a zip behind a zip's head and another video": Forgery(behind_a_zip_head, "zip"),
    "the genuine package under another digest": Forgery(lambda folder, _: folder, "SHA-256 that you gave", WRONG),
    "the genuine zip under another digest": Forgery(lambda folder, _: zipped(folder), "SHA-256 that you gave", WRONG),
}
