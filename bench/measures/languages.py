"""Languages told apart, words of Spanish told as English, and the error rate of Spanish written as Spanish.

``python -m bench languages [--show] [--dry]``

Real Spanish from ``speech_es`` cut at its short pauses too, which makes 20 clips of it; 12 of invented Spanish by
``espeak-ng`` where that is installed, and ``B-spanish.wav`` of the cases; real English, read and with an accent, from
``speech`` and ``speech_en`` and meetings of ``diarization``. Of the clips with a Chinese accent every third was looked
at when the bounds were set; none of those is here. Every clip goes through the stages once; its transcript is made
twice, as it is and by the peer: the same without telling languages, all of it heard by the English recognizer.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import tempfile
import time
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from bench.places import MEDIA, SHARED
from bench.report import Out, run_alone, table
from bench.scores import wording
from bench.sound import mixing

#: Meetings are cut at pauses of 0.4 s, into clips from 3.5 s on; Spanish, of which there is little, more finely.
PAUSE_MS, LEAST_MS = 400, 3_500
SPANISH_PAUSE_MS, SPANISH_LEAST_MS = 200, 2_000
ACCENTED, MEETINGS = 26, 4
#: Said in no recording: an encounter, by synthetic voices.
INVENTED = (
    "Por favor, no me haga daño, oficial. Yo no hice nada.",
    "No entiendo lo que me está diciendo. No hablo inglés.",
    "Mi hijo está dentro de la casa y tiene mucho miedo.",
    "Me duele mucho el brazo, creo que está roto.",
    "Mi esposo me pegó y después se fue en el carro.",
    "Vivo en la calle Hidalgo, número veinticuatro.",
    "¿Por qué me detuvo? Yo iba despacio.",
    "Necesito una ambulancia, mi mamá no puede respirar.",
    "Los papeles del carro están en la guantera.",
    "No sé dónde está mi hermano, no lo he visto hoy.",
    "El hombre llevaba una camisa azul y corrió hacia el parque.",
    "Gracias, señor, ya estoy más tranquila.",
)
VOICES = ("es-419", "es", "es-419+f3")
REFERENCES = ("azure_es-ES_training_audio1.flac", "azure_es-ES_training_audio2.flac")


@dataclass(frozen=True)
class LanguageClip:
    """A clip: where it comes from, its language, and what is said where that is known."""

    path: Path
    kind: str
    language: str
    said: str | None = None


@dataclass(frozen=True)
class Heard:
    """One transcript of a clip: its words by language, spans called another language, and CPU seconds."""

    words: Mapping[str, str]
    elsewhere: int
    cpu: float
    ms: int


Kinds = dict[str, list[tuple[LanguageClip, Heard, Heard]]]


def prepared(path: Path, folder: Path) -> dict[str, Any]:
    """The artifacts that the transcript stage reads."""
    from bodyworn.domain.progress import no_progress
    from bodyworn.engine.stage import Inputs
    from bodyworn.findings.stages import audio, probe, speakers

    made: dict[str, Any] = {}
    for stage in (probe.STAGE, audio.STAGE, speakers.STAGE):
        scratch = folder / stage.name
        scratch.mkdir(parents=True)
        read = {name: made[name] for name in stage.reads}
        made[stage.makes] = stage.run(Inputs(path, read, stage.defaults, scratch), no_progress)
    return made


def heard(path: Path, made: Mapping[str, Any], folder: Path) -> Heard:
    """The transcript stage alone."""
    from bodyworn.domain.progress import no_progress
    from bodyworn.engine.stage import Inputs
    from bodyworn.findings.stages import transcript

    stage = transcript.STAGE
    begun = time.process_time()
    data = stage.run(Inputs(path, {name: made[name] for name in stage.reads}, stage.defaults, folder), no_progress).data
    cpu = time.process_time() - begun
    words: dict[str, str] = {}
    for segment in data["segments"]:
        language = segment.get("language", "en")
        words[language] = f"{words.get(language, '')} {segment['text']}".strip()
    elsewhere = sum(u["end_ms"] - u["start_ms"] for u in data["unknown"] if "language" in u)
    return Heard(words, elsewhere, cpu, made["audio"].data["duration_ms"])


def both(clip: LanguageClip, folder: Path) -> tuple[Heard, Heard]:
    """As it is, and by the English recognizer alone; where nothing but English was told, the two are the same."""
    from bodyworn.findings.speech import transcribe

    names = vars(transcribe)
    telling, spent = names["foreign_speech"], 0.0

    def timed(*args: Any) -> Any:
        nonlocal spent
        begun = time.process_time()
        found = telling(*args)
        spent += time.process_time() - begun
        return found

    made = prepared(clip.path, folder)
    try:
        names["foreign_speech"] = timed
        ours = heard(clip.path, made, folder)
        if not ours.elsewhere:
            return ours, replace(ours, cpu=ours.cpu - spent)
        names["foreign_speech"] = lambda *_: []
        return ours, heard(clip.path, made, folder)
    finally:
        names["foreign_speech"] = telling


def cut(path: Path, folder: Path, most: int = 99, pause_ms: int = PAUSE_MS, least_ms: int = LEAST_MS) -> Iterator[Path]:
    """Clips of at least ``least_ms`` from a file, cut in the middle of its pauses."""
    from bodyworn.findings.artifacts.audio import MONO
    from bodyworn.findings.speech import activity

    made = prepared(path, folder / path.stem)
    mono = folder / path.stem / "audio" / MONO
    duration = made["audio"].data["duration_ms"]
    probability = activity.probabilities(mono, lambda _: None)
    spans = activity.spans(probability, activity.Sensitivity(0.4, 0.25, 100, pause_ms, 0), duration)
    edges = [0, *((a.end_ms + b.start_ms) // 2 for a, b in pairwise(spans)), duration]
    sound, start, number = mixing.read(mono), 0, 0
    for edge in edges[1:]:
        if (edge - start >= least_ms or edge == duration) and number < most:
            yield mixing.write(folder / f"{path.stem}-{number}.wav", sound[start * 16 : edge * 16])
            start, number = edge, number + 1


def spanish(folder: Path) -> Iterator[LanguageClip]:
    """All Spanish clips; of the clip of two languages, only the halves that are Spanish."""
    finely = {"pause_ms": SPANISH_PAUSE_MS, "least_ms": SPANISH_LEAST_MS}
    for name in (*REFERENCES, "azure_es-mx.flac"):
        for path in cut(MEDIA / "speech_es" / name, folder, **finely):
            yield LanguageClip(path, "Spanish, real", "es")
    mixed = list(cut(MEDIA / "speech_es" / "azure_es-mx_en-us.flac", folder, **finely))
    yield LanguageClip(mixed[0], "Spanish, real", "es")
    speaker = shutil.which("espeak-ng")
    for number, text in enumerate(INVENTED if speaker else ()):
        path = folder / f"invented-{number}.wav"
        subprocess.run([str(speaker), "-v", VOICES[number % 3], "-s", "145", "-w", str(path), text], check=True)
        yield LanguageClip(path, "Spanish, invented", "es", text)


def english(folder: Path) -> Iterator[LanguageClip]:
    """All English clips."""
    said = json.loads((MEDIA / "speech" / "transcripts.json").read_text())
    for name, text in sorted(said.items()):
        yield LanguageClip(MEDIA / "speech" / f"{name}.wav", "English, read", "en", text)
    rows = (MEDIA / "speech_en" / "transcripts.tsv").read_text("utf-8").splitlines()
    texts = dict(row.split("\t")[:2] for row in rows if "\t" in row)
    accented = [name for name in sorted(texts) if name.startswith("so762")]
    for name in [name for number, name in enumerate(accented) if number % 3][:ACCENTED]:
        yield LanguageClip(MEDIA / "speech_en" / name, "English, accent", "en", texts[name])
    for path in list(cut(MEDIA / "diarization" / "dev00.wav", folder, MEETINGS)):
        yield LanguageClip(path, "English, meeting", "en")


def plain(text: str) -> list[str]:
    """Words without case, signs and accents on what is no other letter."""
    bare = unicodedata.normalize("NFC", text.casefold())
    return re.sub(r"[^\w ]|_", " ", bare.replace("-", " ")).split()


def error_rate(said: str, told: str) -> tuple[int, int]:
    words = plain(said)
    return wording.errors(words, plain(told)), len(words)


def run(out: Out) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--show", action="store_true")
    asked = parser.parse_args(out.words)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        kinds = listened(folder, asked.show)
        text = "\n\n".join((told(kinds), written(folder), _HOW))
    out.section("languages", "Languages told, and Spanish written as Spanish", text)


_HOW = (
    "Told right: all words of the clip stand in lines of its language, and for English no span is called another one. "
    "The peer is the same pipeline without telling: every line is English. CPU is that of the transcript stage, one "
    "process, models loaded before but for the first clip. Error rate: lower case, without signs, accents count. "
    "Real Spanish is that of the shared media, 107 s, cut at its pauses; there is no more. The invented is said by "
    "espeak-ng, whose sound is far from a person's."
)


def listened(folder: Path, show: bool) -> Kinds:
    """All clips by kind, heard both ways."""
    kinds: Kinds = {}
    for number, clip in enumerate([*spanish(folder), *english(folder)]):
        ours, peer = both(clip, folder / f"clip-{number}")
        kinds.setdefault(clip.kind, []).append((clip, ours, peer))
        if show:
            print(f"{clip.path.stem[:34]:34} {ours.elsewhere:6} {dict(ours.words)} | {dict(peer.words)}", flush=True)
    return kinds


def told(kinds: Kinds) -> str:
    """Clips told right by kind, words of Spanish told as English, error rates and CPU."""
    rows = []
    for kind, clips in kinds.items():
        right = sum(set(o.words) <= {c.language} and (c.language != "en" or not o.elsewhere) for c, o, _ in clips)
        foreign = [
            sum(len(plain(h.words.get("en", ""))) for c, *pair in clips if c.language != "en" for h in (pair[which],))
            for which in (0, 1)
        ]
        minutes = sum(o.ms for _, o, _ in clips) / 60_000
        cpu = [sum(pair[which].cpu for _, *pair in clips) / minutes for which in (0, 1)]
        rates = [_rate(clips, which) for which in (0, 1)]
        counted = f"{foreign[0]} / {foreign[1]}" if clips[0][0].language != "en" else ""
        rows.append([kind, len(clips), f"{right} of {len(clips)}", counted, *rates, f"{cpu[0]:.1f} / {cpu[1]:.1f}"])
    head = ("clips", "how many", "told right", "Spanish words told as English, ours / peer")
    return table((*head, "word error rate", "peer's", "CPU s a minute of sound, ours / peer"), rows)


def _rate(clips: list[tuple[LanguageClip, Heard, Heard]], which: int) -> str:
    pairs = [(c.said, " ".join(pair[which].words.values())) for c, *pair in clips if c.said is not None]
    counts = [error_rate(said, told) for said, told in pairs if said is not None]
    total = sum(words for _, words in counts)
    return f"{sum(wrong for wrong, _ in counts) / total:.3f}" if total else ""


def written(folder: Path) -> str:
    """Clear read Spanish, whole files against their text, and the invented encounter with Spanish answers."""
    rows = (MEDIA / "speech_es" / "transcripts.tsv").read_text("utf-8").splitlines()
    texts = dict(row.split("\t")[:2] for row in rows if "\t" in row)
    counts = []
    for name in REFERENCES:
        pair = both(LanguageClip(MEDIA / "speech_es" / name, "", "es"), folder / name)
        counts.append([error_rate(texts[name], " ".join(one.words.values())) for one in pair])
    names = [*(Path(name).stem for name in REFERENCES), "both"]
    counts.append([(sum(c[n][0] for c in counts), sum(c[n][1] for c in counts)) for n in (0, 1)])
    lines = [
        [name, *(f"{wrong / words:.3f} ({wrong}/{words})" for wrong, words in rates)]
        for name, rates in zip(names, counts, strict=True)
    ]
    ours, peer = both(LanguageClip(SHARED / "cases" / "sound" / "B-spanish.wav", "", "es"), folder / "case")
    text = table(("clear read Spanish, real", "word error rate", "peer's"), lines)
    said = f"Spanish lines: “{ours.words.get('es', '')}”; English lines: “{ours.words.get('en', '')}”"
    return f"{text}\n\nThe case of another language (synthetic voice). {said}. The peer: “{peer.words.get('en', '')}”."


if __name__ == "__main__":
    run_alone(run)
