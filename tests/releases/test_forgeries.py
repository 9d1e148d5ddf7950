"""Every forgery of a release is found and named, by the product and by the script that goes out with the package."""

from __future__ import annotations

import io
import json
import shutil
import struct
import subprocess
import sys
import unicodedata
import zipfile
from pathlib import Path

import pytest

from bodyworn.domain.codec import from_json, to_json
from bodyworn.domain.errors import NotMedia, UnreadableInput
from bodyworn.releases import verification
from bodyworn.releases.standalone import verify as standalone
from bodyworn.releases.verification import TrustedAuthorities, Verification, verify
from tests.makers.chain_forgeries import CHAIN_FORGERIES, FOR_EMAIL, LEAF, under_the_authority, usage
from tests.makers.forgeries import FORGERIES, Forgery, Scene, scene, zipped
from tests.makers.hidden_forgeries import HIDDEN_FORGERIES

MOST_SECONDS = 20
ALL_FORGERIES = FORGERIES | HIDDEN_FORGERIES | CHAIN_FORGERIES


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return scene(tmp_path_factory.mktemp("scene"))


@pytest.fixture
def copy(there: Scene, tmp_path: Path) -> Path:
    return Path(shutil.copytree(there.package, tmp_path / "release"))


def judged(path: Path, there: Scene, sha256: str | None, scratch: Path) -> tuple[bool, str]:
    """Whether the product calls it genuine, and all that it says; in this process, for speed."""
    scratch.mkdir(exist_ok=True)
    try:
        found = from_json(
            Verification,
            verification.judge(
                str(path), to_json(TrustedAuthorities(there.agency.authority_pem)), sha256, str(scratch)
            ),
        )
    except (NotMedia, UnreadableInput) as error:
        return False, error.what
    return found.genuine, " ".join(sentence for answer in found.answers.values() for sentence in answer.said)


def judged_alone(path: Path, there: Scene, sha256: str | None) -> tuple[bool, str]:
    """The same by the script of the package."""
    try:
        answers = standalone.verify(path, there.agency.authority_pem.encode(), sha256)
    except standalone.NoPackage as error:
        return False, str(error)
    said = " ".join(sentence for answer in answers.values() for sentence in answer["said"])
    return standalone.exit_code(answers) == 0, said


def test_there_are_enough_forgeries() -> None:
    assert len(ALL_FORGERIES) >= 120


@pytest.mark.timeout(MOST_SECONDS)
@pytest.mark.parametrize("name", ALL_FORGERIES)
def test_every_forgery_is_found_and_named_by_both_verifiers(
    name: str, there: Scene, copy: Path, tmp_path: Path
) -> None:
    forgery: Forgery = ALL_FORGERIES[name]
    shown = forgery.make(copy, there)
    genuine, said = judged(shown, there, forgery.sha256, tmp_path / "scratch")
    alone, said_alone = judged_alone(shown, there, forgery.sha256)
    assert (genuine, alone) == (False, False)
    assert forgery.said in said
    if shown.suffix != ".mp4":
        assert forgery.said in said_alone
    for char in said + said_alone:
        assert unicodedata.category(char)[0] != "C", "nothing from outside is shown raw"


def test_a_certificate_of_the_authority_that_is_for_signing_counts(there: Scene, copy: Path) -> None:
    """So that what the forgeries with other certificates lack is what they are refused for."""
    genuine, said = judged_alone(under_the_authority((LEAF, usage(), FOR_EMAIL))(copy, there), there, None)
    assert genuine, said


def test_what_is_genuine_is_genuine_to_both_in_every_form(there: Scene, copy: Path, tmp_path: Path) -> None:
    clip = standalone.digest_of(standalone.FolderPackage(copy), "clip.mp4")
    assert judged(copy, there, None, tmp_path / "scratch")[0]
    assert judged(copy, there, clip.upper(), tmp_path / "scratch")[0]
    assert judged_alone(copy, there, clip)[0]
    for form in ({}, {"inside": ""}, {"method": zipfile.ZIP_DEFLATED}):
        packed = zipped(copy, **form)
        genuine, said = judged(packed, there, clip, tmp_path / "scratch")
        assert genuine, (form, said)
        assert judged_alone(packed, there, None)[0], form


def test_what_systems_leave_in_a_folder_is_told_and_does_not_count(there: Scene, copy: Path, tmp_path: Path) -> None:
    for name in (".DS_Store", "Thumbs.db", "._clip.mp4"):
        (copy / name).write_bytes(b"left by a system")
    for genuine, said in (judged(copy, there, None, tmp_path / "scratch"), judged_alone(copy, there, None)):
        assert genuine
        assert "not looked at: .DS_Store, ._clip.mp4, Thumbs.db" in said


def test_a_zip_that_a_mac_packed_again_is_refused_with_what_to_do(there: Scene, copy: Path, tmp_path: Path) -> None:
    double = b"\x00\x05\x16\x07" + bytes(78)
    doubles = {f"__MACOSX/release/._{path.name}": double for path in copy.iterdir()}
    added = {**doubles, "__MACOSX/._release": double, "release/.DS_Store": b"\x00\x00\x00\x01Bud1" + bytes(600)}
    for more in (added, {"release/.DS_Store": b"x"}, {"__MACOSX/release/captions.vtt": b"lies"}):
        shown = zipped(copy, more=more)
        for genuine, said in (judged(shown, there, None, tmp_path / "scratch"), judged_alone(shown, there, None)):
            assert not genuine
            assert "a Mac packed it again" in said
            assert "verify the folder in it" in said
    unpacked = tmp_path / "unpacked"
    zipfile.ZipFile(zipped(copy, more=added)).extractall(unpacked)
    assert judged_alone(unpacked / "release", there, None)[0], "as the sentence advises"


def test_a_digest_beside_a_lone_clip_is_told_as_what_it_is(there: Scene, copy: Path, tmp_path: Path) -> None:
    clip = shutil.copy(copy / "clip.mp4", tmp_path / "clip.mp4")
    shutil.copy(copy / "clip.mp4.sha256", tmp_path)
    assert "beside it; nobody signs that file" in judged(Path(clip), there, None, tmp_path / "scratch")[1]
    digest = standalone.digest_of(standalone.FolderPackage(copy), "clip.mp4")
    assert "the SHA-256 that you gave" in judged(Path(clip), there, digest, tmp_path / "scratch")[1]


class Stream(io.BytesIO):
    """What is written front to back only."""

    def tell(self) -> int:
        raise OSError


def test_a_zip_that_another_program_packed_is_genuine(there: Scene, copy: Path, tmp_path: Path) -> None:
    """As a stream with sizes behind each file; with times and owners of the files; with room for large sizes."""
    times, owners = struct.pack("<2HBI", 0x5455, 5, 1, 0), struct.pack("<2HBBIBI", 0x7875, 11, 1, 4, 0, 4, 0)
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        stream, dated, large = Stream(), io.BytesIO(), io.BytesIO()
        for packed in (stream, dated, large):
            with zipfile.ZipFile(packed, "w", method) as archive:
                archive.writestr("release/", b"")
                for path in sorted(copy.iterdir()):
                    info = zipfile.ZipInfo(f"release/{path.name}")
                    info.compress_type, info.extra = method, times + owners if packed is dated else b""
                    with archive.open(info, "w", force_zip64=packed is large) as file:
                        file.write(path.read_bytes())
            shown = tmp_path / "shown.zip"
            shown.write_bytes(packed.getvalue())
            assert judged_alone(shown, there, None)[0]
            assert judged(shown, there, None, tmp_path / "scratch")[0]


def test_the_script_in_the_package_is_the_one_that_is_tested_here(there: Scene) -> None:
    assert (there.package / "verify.py").read_bytes() == Path(standalone.__file__).read_bytes()


def test_the_script_runs_alone_and_says_its_verdict(there: Scene, copy: Path, tmp_path: Path) -> None:
    authority = tmp_path / "authority.pem"
    authority.write_text(there.agency.authority_pem)
    command = [sys.executable, "-I", str(copy / "verify.py")]

    def ended(*words: str) -> tuple[int, str]:
        done = subprocess.run([*command, *words], capture_output=True, text=True, check=False, timeout=60)
        return done.returncode, done.stdout + done.stderr

    assert ended("--authority", str(authority))[0] == 0
    code, said = ended()
    assert (code, "NOT YET SHOWN TO BE GENUINE: nothing is wrong" in said) == (3, True)
    assert ended(str(there.footage))[0] == 2
    assert ended("--authority", str(copy / "README.md"))[0] == 2
    (copy / "captions.vtt").write_text("lies")
    code, said = ended("--authority", str(authority), "--json")
    assert code == 1
    assert json.loads(said)["files"]["state"] == "broken"


def test_the_product_reads_a_package_in_a_child_that_may_do_nothing_else(there: Scene, copy: Path) -> None:
    assert verify(copy, there.agency.authority_pem).genuine
    (copy / "caption.txt").write_text("lies")
    assert not verify(copy, there.agency.authority_pem).genuine


@pytest.mark.parametrize("name", ["x" * 5000, "\x1b[2J\x1b[32mGENUINE", "\x1b[2J.zip"])
def test_a_name_that_cannot_be_opened_or_shown_ends_in_one_clean_sentence(tmp_path: Path, name: str) -> None:
    if name.endswith(".zip"):
        (tmp_path / name).write_bytes(b"PK\x03\x04")
    with pytest.raises((UnreadableInput, NotMedia)) as caught:
        verify(tmp_path / name)
    assert all(unicodedata.category(char)[0] != "C" for char in caught.value.what)


def test_without_an_authority_nothing_is_genuine_and_nothing_is_called_broken(there: Scene, copy: Path) -> None:
    found = verify(copy)
    assert not found.genuine
    assert not found.broken
