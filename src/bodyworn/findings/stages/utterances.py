"""Stage ``utterances``: the words of the transcript joined with the turns, and the role of each speaker.

A person's correction of a role is the parameter ``corrections``: it reruns this stage and those that read it, never
the recognition of words or voices.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING

from bodyworn.domain.finding import Unknown, UnknownState
from bodyworn.domain.language import ENGLISH
from bodyworn.domain.progress import Progress
from bodyworn.domain.role import Role, parse_role
from bodyworn.domain.span import Span
from bodyworn.engine.stage import Inputs, StageResult, TypedStage
from bodyworn.findings.artifacts.audio import AudioArtifact
from bodyworn.findings.artifacts.speakers import SpeakersArtifact
from bodyworn.findings.artifacts.transcript import Segment, TimedWord, TranscriptArtifact
from bodyworn.findings.artifacts.utterances import AssignedRole, Utterance, UtterancesArtifact

if TYPE_CHECKING:
    from bodyworn.findings.voices.joining import Joined
    from bodyworn.findings.voices.roles import RoleVerdict


@dataclass(frozen=True)
class UtterancesParams:
    """``role_of_wearer`` is the role of the person who wears the camera; ``corrections`` maps speakers to roles that a
    person has set, or to the speaker they are the same as."""

    role_of_wearer: str = Role.OFFICER.value
    corrections: Mapping[str, str] = field(default_factory=dict)


class UtterancesStage(TypedStage[UtterancesParams, UtterancesArtifact]):
    """The ``utterances`` stage; see ``findings/voices/joining.py`` and ``findings/voices/roles.py``."""

    name = "utterances"
    version = "4"
    reads = ("audio", "transcript", "speakers")
    needs = ("audio",)
    more_models = ("roles",)
    params = UtterancesParams
    content = UtterancesArtifact

    def make(self, inputs: Inputs, params: UtterancesParams, progress: Progress) -> StageResult[UtterancesArtifact]:
        """Utterances in order of time, and roles with their reasons."""
        from bodyworn.findings.voices.joining import join
        from bodyworn.findings.voices.lost import lost_voices
        from bodyworn.findings.voices.same_voice import same_voices, with_same_voices

        heard, duration_ms = inputs.of(SpeakersArtifact), inputs.of(AudioArtifact).duration_ms
        same = same_voices(params.corrections, heard)
        voices = with_same_voices(heard, same)
        progress(0, duration_ms, "utterances")
        segments = inputs.of(TranscriptArtifact).segments
        spoken = [(word, segment.language) for segment in segments for word in _words(segment)]
        languages = {word.span: language for word, language in spoken}
        joined = [
            (part, languages[part.words[0].span])
            for item in join([word for word, _ in spoken], voices.turns, voices.overlap)
            for part in _of_one_language(item, languages)
        ]
        verdicts = _roles(voices, [item for item, language in joined if language == ENGLISH], params)
        content = UtterancesArtifact(
            utterances=tuple(_utterance(i, *item, verdicts) for i, item in enumerate(joined)),
            roles={
                name: AssignedRole(verdict.role, round(verdict.confidence, 4), verdict.because)
                for name, verdict in verdicts.items()
            },
            same=same,
            unknown=tuple(
                Unknown(UnknownState.UNINTELLIGIBLE, span) for span in lost_voices(voices, [item for item, _ in joined])
            ),
        )
        progress(duration_ms, duration_ms, "utterances")
        return StageResult(content)


def _words(segment: Segment) -> Sequence[TimedWord]:
    """Words of a segment; a segment without word times counts as one word."""
    if segment.words:
        return [word for word in segment.words if word.text.strip()]
    return [TimedWord(segment.span, segment.text, segment.confidence)]


def _of_one_language(item: Joined, languages: Mapping[Span, str]) -> list[Joined]:
    """What one speaker said, cut where the language changes."""
    runs = [tuple(run) for _, run in groupby(item.words, key=lambda word: languages[word.span])]
    return [item] if len(runs) == 1 else [replace(item, words=run) for run in runs]


def _roles(voices: SpeakersArtifact, joined: Sequence[Joined], params: UtterancesParams) -> dict[str, RoleVerdict]:
    from bodyworn.findings.voices.role_words import weigh
    from bodyworn.findings.voices.roles import Speaker, assign_roles

    speakers = []
    for name, measures in voices.speakers.items():
        spans = [turn.span for turn in voices.turns if turn.speaker == name]
        heard = Span(min(span.start_ms for span in spans), max(span.end_ms for span in spans))
        texts = [_text(item) for item in joined if item.speaker == name]
        speakers.append(Speaker(name, measures, heard, weigh(texts)))
    corrections = {name: role for name, role in params.corrections.items() if parse_role(role) is not None}
    verdicts = assign_roles(speakers, corrections, params.role_of_wearer)
    return {speaker.name: verdicts[speaker.name] for speaker in speakers}


def _utterance(i: int, item: Joined, language: str, verdicts: Mapping[str, RoleVerdict]) -> Utterance:
    verdict = verdicts.get(item.speaker or "")
    sure = 0.0 if verdict is None else verdict.confidence
    if verdict is not None and verdict.confidence < 1.0:
        sure = verdict.confidence * (0.7 + 0.3 * item.sureness)
    length = sum(max(1, word.span.length_ms) for word in item.words)
    weighted = sum(word.confidence * max(1, word.span.length_ms) for word in item.words)
    return Utterance(
        i=i,
        span=Span(item.words[0].span.start_ms, max(word.span.end_ms for word in item.words)),
        speaker=item.speaker,
        role=Role.UNKNOWN.value if verdict is None else verdict.role,
        role_confidence=round(sure, 4),
        text=_text(item),
        confidence=round(weighted / length, 4),
        words=item.words,
        language=language,
    )


def _text(item: Joined) -> str:
    return " ".join(word.text.strip() for word in item.words)


STAGE = UtterancesStage()
