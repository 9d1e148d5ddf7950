"""The sample encounter made by one test process while others wait for it."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

from bodyworn.demo.sample import Sample, make_sample, sample_key
from bodyworn.domain.progress import no_progress

#: After this a lock is taken for that of a process that was killed.
STALE_S = 850


def laid_into(samples: Path, made: Sample) -> None:
    """Lay the sample where ``bodyworn demo`` looks for it, as links."""
    samples.mkdir(parents=True)
    for path in (made.video, made.truth):
        os.link(path, samples / path.name)
    shutil.copytree(made.second.folder, samples / made.second.folder.name, copy_function=os.link)


def made_once(folder: Path) -> Sample:
    """The sample in ``folder``; samples of other versions there are removed."""
    lock = folder / f"{sample_key()}.lock"
    while True:
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            if time.time() - lock.stat().st_mtime > STALE_S:
                lock.unlink(missing_ok=True)
            time.sleep(0.5)
            continue
        try:
            for old in [*folder.glob("sample-encounter-*"), *folder.glob("second-camera-*")]:
                if sample_key() not in old.name:
                    shutil.rmtree(old) if old.is_dir() else old.unlink()
            return make_sample(folder, no_progress)
        finally:
            lock.unlink(missing_ok=True)
