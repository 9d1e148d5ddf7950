"""What the JSON of each command holds, key by key; the reference is written from it, and a test runs the commands."""

from __future__ import annotations

from collections.abc import Mapping

from bodyworn.cli.reference.json_shape import JsonShape as JsonShape
from bodyworn.cli.reference.library_shapes import LIBRARY_SHAPES
from bodyworn.cli.reference.people_shapes import PEOPLE_SHAPES
from bodyworn.cli.reference.retention_shapes import RETENTION_SHAPES

RECORDING = {
    "id": "ID in the library: `rec_` and 26 letters, from the SHA-256",
    "name": "name of the file, safe to show",
    "sha256": "hexadecimal",
    "sha512": "hexadecimal",
    "size_bytes": "a whole number",
    "taken_in_at": "when it was ingested, ISO 8601 in UTC",
    "facts": "what the probe read from the container",
    "sidecar": "mapped fields of the file that came with it, or null",
}
ANALYSIS = {
    "schema": "`https://bodyworn.org/schema/analysis-1.json`",
    "recording": "as of `recordings show`",
    "speakers": "by name: role, confidence and measures of the voice",
    "utterances": "who says what and when",
    "findings": "in order of time",
    "unknown": "spans that could not be judged, and why",
    "made_by": "by stage: what made its result",
    "not_made": "by stage: why there is no result",
}
RELEASE = {
    "id": "ID of the release",
    "recording": "ID of the recording",
    "state": "draft, checked, reviewed, half_approved, approved, published or withdrawn",
    "clip_sha256": "SHA-256 of the rendered clip",
    "contents_sha256": "SHA-256 over everything that leaves: what people approve",
    "approval_caution": "what must be told with the approvals, or empty",
    "steps": "act, account, stated name, time and clip of each step",
    "render": "the request, the plan's SHA-256 and what the check reported",
}
REDACTION = {
    "id": "ID of the redaction",
    "recording_id": "ID of the recording",
    "made_by": "account that made it",
    "made_at": "when, ISO 8601 in UTC",
    "versions": "number, plan, account, time, change and counts of each version, the newest last",
}
RENDER = {
    "clip": "path of the clip",
    "clip_sha256": "hexadecimal",
    "plan_sha256": "of the plan that it follows",
    "frames": "how many frames it has",
    "start_ms": "where it starts in the recording",
    "end_ms": "where it ends there",
    "width": "pixels",
    "height": "pixels",
    "sound": "what became of the sound",
    "copied": "frames copied as they were",
    "damaged": "frames that did not decode",
    "counts": "how much is in the plan",
    "needs_review": "spans that a person should look at, in microseconds of the recording",
}
WRITTEN = {
    "redaction": "ID of the redaction",
    "plan_sha256": "of the plan that it was made from",
    "file": "path of the file",
}
ENCOUNTER = {
    "id": "ID of the encounter",
    "starts_at": "earliest start of a recording by its clock, ISO 8601 in UTC, or null",
    "ends_at": "latest end, or null",
    "members": "recording, name, duration_ms, starts_at, clock and offset (offset_ms, source, confidence) of each",
}
LISTED_ENCOUNTER = {
    **ENCOUNTER,
    "proposals": "what it may be one with: one, other, confidence and reasons (kind, says, confidence, token, against)",
}
SHOWN_ENCOUNTER = {
    **LISTED_ENCOUNTER,
    "facts": "kind, value, role and source (kind, and where to look) of each",
    "unknown": "kinds that no source says, and why",
    "disagree": "kinds of which sources say what cannot both be so",
    "not_heard": "recordings that are not transcribed yet",
}
JOINED_TRANSCRIPT = {
    "encounter": "ID of the encounter",
    "recordings": "recording, name, offset, by_clock, utterances (how many are from it) and not_read of each",
    "voices": "name, called (recording, speaker, role, confidence) and words that two recordings heard, of each",
    "utterances": "by time: start_ms and end_ms in the encounter, recording, at (in the recording), voice, role, text; "
    "`also` is what other recordings made of it",
    "apart": "by recording whose place in time cannot be told: its utterances in its own time",
}
ENCOUNTER_FINDINGS = {
    "encounter": "ID of the encounter",
    "recordings": "recording, name, offset, by_clock, not_made (by stage) and not_read of each",
    "findings": "by time: kind, start_ms and end_ms in the encounter, score, role, told_by (the findings of recordings "
    "in their own time), not_told_by (recording, why, text, heard_best) and roles_disagree",
    "unknown": "sense (hearing or seeing), start_ms, end_ms and because (recording and state) of what none tells",
    "not_recorded": "stretches in which no recording ran",
    "apart": "recording, findings and unknown of those whose place in time cannot be told",
}
_PLANNED = JsonShape(
    "the redaction as it is now.", {**REDACTION, "plan": "the newest plan; see docs/redactions/plan.md"}
)
_RENDERED = JsonShape("the clip.", RENDER)
_RELEASE = JsonShape("the release as it stands now.", RELEASE)
_ANALYSIS = JsonShape("the analysis; its schema is `src/bodyworn/findings/analysis-1.schema.json`.", ANALYSIS)

SHAPES: Mapping[str, JsonShape] = {
    "analyze": JsonShape("the analysis of each recording.", ANALYSIS, lines=True),
    "recordings add": JsonShape("each recording that is in custody now.", RECORDING, lines=True),
    "recordings list": JsonShape("each recording.", RECORDING, lines=True),
    "recordings show": JsonShape("the recording.", RECORDING),
    "encounters list": JsonShape("each encounter.", LISTED_ENCOUNTER, lines=True),
    "encounters show": JsonShape("the encounter.", SHOWN_ENCOUNTER),
    "encounters propose": JsonShape(
        "each proposal.",
        {
            "one": "ID of an encounter",
            "other": "ID of the other",
            "confidence": "0 to 1, of all reasons together",
            "reasons": "kind, says, confidence, token and against of each",
            "declined_before": "only where it was declined for other reasons",
        },
        lines=True,
    ),
    "encounters join": JsonShape("the encounter as it is now.", ENCOUNTER),
    "encounters decline": JsonShape(
        "what was declined.", {"one": "ID of an encounter", "other": "ID of the other", "why": "the reason"}
    ),
    "encounters split": JsonShape("the encounter of the recordings that were taken out.", ENCOUNTER),
    "encounters sync": JsonShape("the encounter as its recordings lie in time now.", ENCOUNTER),
    "encounters transcript": JsonShape("the transcript.", JOINED_TRANSCRIPT),
    "encounters findings": JsonShape("the findings.", ENCOUNTER_FINDINGS),
    "encounters edit": JsonShape("the encounter with its facts now.", SHOWN_ENCOUNTER),
    "encounters import": JsonShape(
        "the report.",
        {
            "added": "records of numbers that were not known",
            "changed": "records that say something new of a known number; the former ones are kept",
            "known": "records that were known already",
            "matched": "numbers of the file that encounters here have",
            "quarantined_rows": "how many rows were not taken",
            "quarantined": "row (0: the whole file), number and why, of the first 1,000 of them",
        },
    ),
    "findings cues": JsonShape(
        "each utterance.",
        {
            "id": "encounter",
            "i": "number of the utterance",
            "role": "role of the speaker",
            "kinds": "kinds that were proposed",
            "scores": "by kind, 0 to 1",
            "words": "by proposed kind: the words it rests on",
            "how_sure": "by proposed kind: sure, likely or possible",
            "explained": "with --explain, by kind: in_context and alone (score 0 to 1, null if not read so), rule",
        },
        lines=True,
    ),
    "findings run": _ANALYSIS,
    "findings list": _ANALYSIS,
    "findings plan": JsonShape(
        "each stage.",
        {
            "stage": "name",
            "key": "key of its result, or null while it is not known",
            "state": "done, ready, waiting, running, failed or not needed",
            "note": "more about the state, or empty",
        },
        lines=True,
    ),
    "findings role": _ANALYSIS,
    "findings merge": _ANALYSIS,
    "custody verify": JsonShape(
        "the report. With `--originals` or `--recording`: `holds`, `originals` (how many) and `faults`.",
        {
            "holds": "whether everything holds",
            "rows": "entries of the audit log",
            "sealed": "entries that the newest checkpoint covers",
            "checkpoints": "signed checkpoints that were read",
            "files": "stored files that were read",
            "faults": "rule, row (0: none in particular) and what was found, of each fault",
            "unreferenced": "stored files that no entry names",
            "remarks": "what breaks no rule and should be known, each with the entry it is about (0: none)",
        },
    ),
    "custody log": JsonShape(
        "each entry, newest first.",
        {
            "seq": "number of the entry",
            "at": "when, ISO 8601 in UTC",
            "tag": "the event",
            "actor": "who",
            "node": "on which machine",
            "source": "from where: `cli`, or `web` with the address",
            "outcome": "ok, failed, refused or denied",
            "object": "ID of what it is about",
            "detail": "more about the event, with the digests of rows and files",
        },
        lines=True,
    ),
    **LIBRARY_SHAPES,
    "redact": _RENDERED,
    "redactions plan": _PLANNED,
    "redactions list": JsonShape("each redaction.", REDACTION, lines=True),
    "redactions show": _PLANNED,
    "redactions edit": _PLANNED,
    "redactions import": _PLANNED,
    "redactions words": JsonShape(
        "each utterance.",
        {
            "i": "number of the utterance",
            "start_ms": "when it begins",
            "end_ms": "when it ends",
            "speaker": "name of the speaker, or null",
            "role": "role of the speaker",
            "role_confidence": "0 to 1",
            "text": "what is said",
            "confidence": "0 to 1",
            "words": "each word with its times",
            "language": "ISO 639 code of what is spoken; left out for English",
        },
        lines=True,
    ),
    "redactions preview": JsonShape("the sheet.", WRITTEN),
    "redactions export": JsonShape("the plan's file.", WRITTEN),
    "redactions render": _RENDERED,
    "redactions check": JsonShape(
        "what the check saw.",
        {
            "clip_sha256": "of the clip that was looked at",
            "plan_sha256": "of its plan, or null",
            "checked_by": "which detectors looked",
            "frames": "how many frames the clip has",
            "frames_with_leaks": "in how many of them something still shows",
            "leaks": "frame, class, place and score of each, and whether a person chose to leave it visible",
            "sounds_heard": "span, action, time and level of what is left in hidden sound, of a clip without pictures",
        },
    ),
    "releases list": JsonShape("each release.", RELEASE, lines=True),
    "releases show": _RELEASE,
    "releases make": _RELEASE,
    "releases review": _RELEASE,
    "releases approve": _RELEASE,
    "releases withdraw": _RELEASE,
    "releases publish": JsonShape(
        "the package.",
        {"release": "ID of the release", "package": "path of the zip", "sha256": "of the zip, hexadecimal"},
    ),
    "releases view": JsonShape(
        "what was written.",
        {
            "release": "ID of the release",
            "folder": "path of the folder",
            "contents_sha256": "SHA-256 over everything that leaves",
            "files": "names in the folder",
        },
    ),
    "releases keys": JsonShape(
        "the keys.",
        {
            "folder": "where key and certificates are",
            "encrypted": "whether the key needs a passphrase",
            "fingerprint": "SHA-256 of the authority's certificate",
        },
    ),
    "verify": JsonShape(
        "the answers. Each has a `state` (holds, broken or not_known) and sentences (`said`). Of the certificate of a "
        "disposal, `statement` and `audit_log` stand in the place of `whole_file` and `manifest`, and `says` is the "
        "statement where it holds; its schema is `https://bodyworn.org/schema/disposal-verification-1.json`.",
        {
            "schema": "`https://bodyworn.org/schema/verification-1.json`",
            "genuine": "whether nothing is broken, and manifest and signer hold",
            "whole_file": "are the bytes those that were published?",
            "manifest": "does the manifest inside fit the bytes?",
            "signer": "does the signature lead to a trusted authority?",
        },
    ),
    **RETENTION_SHAPES,
    **PEOPLE_SHAPES,
    "doctor": JsonShape(
        "each check.",
        {"name": "what was examined", "well": "true, false, or null", "found": "what was found"},
        lines=True,
    ),
    "serve": JsonShape(
        "where the workbench is open; the command goes on until it is stopped.",
        {
            "library": "folder of the library",
            "link": "address that lets one browser in, once; with accounts, where people sign in",
            "link_minutes": "for how long the link works; 0 with accounts",
            "port": "port on this machine",
            "accounts": "whether people sign in with accounts",
        },
        lines=True,
    ),
    "demo": JsonShape("the analysis of each recording of the sample encounter.", ANALYSIS, lines=True),
}
