"""What is said in a recording, for encounters: they lie below findings and are handed the words."""

from __future__ import annotations

from bodyworn.access.access import Access
from bodyworn.domain.language import ENGLISH
from bodyworn.domain.recording import Recording
from bodyworn.encounters.heard import RecordingTalk, SaidTurn
from bodyworn.findings.artifacts.utterances import UtterancesArtifact
from bodyworn.findings.service import Findings, thing_of


def conversation_in(findings: Findings, access: Access, recording: Recording) -> RecordingTalk | None:
    """The English utterances of a recording as encounters read them.

    ``None`` while there are none, and for an actor who may not read them: facts of an encounter show no words then.
    """
    if not access.may("findings.artifact", thing_of(recording)).allowed:
        return None
    artifact = findings.artifact(recording, UtterancesArtifact.ARTIFACT)
    if artifact is None:
        return None
    said = artifact.content(UtterancesArtifact)
    turns = tuple(
        SaidTurn(one.span, one.role, one.text, one.speaker or "") for one in said.utterances if one.language == ENGLISH
    )
    return RecordingTalk(turns, {speaker: assigned.role for speaker, assigned in said.roles.items()})
