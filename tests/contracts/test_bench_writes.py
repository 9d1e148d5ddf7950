"""bench never writes under src: no script names a place there, and what tries is refused."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.contracts.layers import ROOT
from tests.contracts.sources import imports, python_files, texts

WRITE = """
import sys
from pathlib import Path
from bench.guard import refuse_writes
folder = Path(sys.argv[1])
refuse_writes(folder)
{line}
"""


def run(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    code = WRITE.format(line=line)
    return subprocess.run([sys.executable, "-c", code, str(folder)], cwd=ROOT, capture_output=True, text=True)


@pytest.mark.parametrize(
    "line",
    [
        "(folder / 'a').write_text('x')",
        "(folder / 'there').open('a')",
        "(folder / 'there').unlink()",
        "(folder / 'there').replace(folder.parent / 'moved')",
        "(folder.parent / 'outside').replace(folder / 'in')",
        "(folder / 'new').mkdir()",
        "import shutil; shutil.copyfile(folder.parent / 'outside', folder / 'in')",
        "(folder.parent / 'link').symlink_to(folder); (folder.parent / 'link' / 'a').write_text('x')",
    ],
)
def test_a_write_under_the_sources_is_refused(line: str, tmp_path: Path) -> None:
    folder = tmp_path / "src"
    folder.mkdir()
    (folder / "there").write_text("as it was")
    (tmp_path / "outside").write_text("x")
    done = run(line, folder)
    assert done.returncode != 0
    assert "WriteUnderSources" in done.stderr
    assert {path.name: path.read_text() for path in folder.iterdir()} == {"there": "as it was"}


def test_reading_there_and_writing_elsewhere_is_allowed(tmp_path: Path) -> None:
    folder = tmp_path / "src"
    folder.mkdir()
    (folder / "there").write_text("as it was")
    line = "(folder.parent / 'out').write_text((folder / 'there').read_text())"
    assert run(line, folder).returncode == 0
    assert (tmp_path / "out").read_text() == "as it was"


def test_every_way_to_run_a_measure_is_guarded() -> None:
    for path in (ROOT / "bench" / "__main__.py", ROOT / "bench" / "report.py"):
        assert "    refuse_writes(SRC)\n" in path.read_text("utf-8")
    for path in sorted((ROOT / "bench" / "measures").glob("*.py")):
        if path.stem != "__init__":
            assert path.read_text("utf-8").endswith('if __name__ == "__main__":\n    run_alone(run)\n'), path


def test_no_script_of_bench_names_a_place_of_the_sources() -> None:
    for path in python_files("bench"):
        if path.parent.name == "bench" and path.name in ("places.py", "__main__.py", "report.py", "guard.py"):
            continue
        assert "bench.places.SRC" not in imports(path), path
        for line, text in texts(path):
            assert "src/bodyworn" not in text, f"{path}:{line}"
            assert text != "src", f"{path}:{line}"


def test_training_writes_into_the_product_only_where_a_person_names_the_folder() -> None:
    for path in python_files("training"):
        assert not any(name.startswith("bench.measures") for name in imports(path)), path
        assert "bench.places.SRC" not in imports(path), path
        if path.name == "__main__.py":
            assert "package.add_option(" in path.read_text("utf-8"), path
            assert "package.put(" in path.read_text("utf-8"), path
