# ruff: noqa: E501 - the script is a table, one row a line
"""Documents of the published shape to show on the pages: an invented encounter, and a very long one."""

from __future__ import annotations

import math
from typing import Any

MODEL = "model 4f1d09c2ab7e"

#: role, text, pause before in ms, findings as (kind, score, words). The quoted words are those of a news report.
Row = tuple[str, str, int, list[tuple[str, float, list[str]]]]

SCRIPT: list[Row] = [
    ("officer", "Two fourteen, traffic stop, silver sedan, county road six.", 1500, []),
    ("dispatch", "Two fourteen, copy.", 700, []),
    ("officer", "Good evening, sir. I'm Deputy Alder with the Sheriff's Office.", 6500, [("courtesy", 0.97, ["Good evening", "sir"])]),
    ("officer", "The reason I stopped you is your speed. You were going seventy eight in a fifty five.", 400, [("explanation", 0.95, ["The reason I stopped you"])]),
    ("officer", "Turn the engine off for me, please.", 600, [("command", 0.88, ["Turn the engine off"]), ("courtesy", 0.71, ["please"])]),
    ("community", "I know. I'm sorry. I wasn't even looking.", 1600, []),
    ("community", "I can't stop crying. I can't do this any more.", 2400, [("distress", 0.96, ["can't stop crying", "can't do this any more"])]),
    ("officer", "Hey. Take your time. Just breathe. You're okay.", 900, [("reassurance", 0.94, ["Take your time", "You're okay"]), ("deescalation", 0.58, ["Just breathe"])]),
    ("officer", "What's going on tonight? Tell me what happened.", 700, [("listening", 0.93, ["What's going on", "Tell me what happened"])]),
    ("community", "My brother died on Monday. I am falling apart.", 1700, [("distress", 0.91, ["falling apart"])]),
    ("officer", "I'm so sorry about your brother. That is a terrible thing to go through.", 900, [("empathy", 0.98, ["so sorry", "terrible thing to go through"])]),
    ("officer", "I have to ask. Are you thinking about hurting yourself?", 1300, [("listening", 0.55, ["Are you thinking"])]),
    ("community", "No. No, nothing like that.", 1200, []),
    ("officer", "I'm giving you a warning for the speed, no ticket tonight.", 900, [("leniency", 0.92, ["warning", "no ticket"]), ("explanation", 0.61, ["for the speed"])]),
    ("community", "Can I have a hug? I need a hug. Can I have a hug, please?", 2200, [("help_request", 0.97, ["Can I have a hug", "I need a hug"]), ("distress", 0.64, ["I need a hug"])]),
    ("officer", "Sure. Sure. Yeah.", 400, [("supportive_act", 0.83, ["Sure"])]),
    ("officer", "Step out on this side, watch your step.", 700, [("command", 0.79, ["Step out"])]),
    ("community", "I'm sorry.", 7000, [("distress", 0.52, ["I'm sorry"])]),
    ("officer", "No, you're good, man. I promise you, it's going to get better.", 600, [("reassurance", 0.97, ["you're good", "it's going to get better"])]),
    ("unknown", "with the by the", 3000, []),
    ("community", "Thank you. Nobody has been this kind to me.", 2400, [("gratitude", 0.95, ["Thank you", "this kind to me"])]),
    ("officer", "You're not alone tonight. Drive safe.", 1200, [("reassurance", 0.81, ["not alone"]), ("courtesy", 0.74, ["Drive safe"])]),
]  # fmt: skip

FAMILY = {
    "distress": "distress", "help_request": "distress", "self_harm_risk": "distress", "medical": "distress",
    "empathy": "compassion", "reassurance": "compassion", "supportive_act": "compassion",
    "listening": "justice", "explanation": "justice", "courtesy": "justice", "leniency": "justice", "deescalation": "justice",
    "hostility": "conduct", "threat": "conduct", "gratitude": "conduct",
    "command": "control", "force_warning": "control", "safety_risk": "control",
    "raised_voice": "sound", "strained_voice": "sound", "crying_like": "sound", "overlap": "sound", "long_silence": "sound", "radio": "sound",
    "lens_obscured": "sight", "darkness": "sight", "camera_struck": "sight", "camera_fallen": "sight",
}  # fmt: skip
SPEAKERS = {"officer": "S1", "community": "S2", "dispatch": "S3", "unknown": "S4"}


def utterance(i: int, start_ms: int, role: str, text: str) -> dict[str, Any]:
    """One utterance with a time and a confidence for each word; every eleventh word is an unsure one."""
    at, words = start_ms, []
    for n, word in enumerate(text.split()):
        length = 120 + 45 * len(word)
        confidence = 0.34 if (i * 7 + n) % 11 == 4 else 0.93
        words.append({"start_ms": at, "end_ms": at + length, "text": word, "confidence": confidence})
        at += length + 30
    unsure = role == "unknown"
    return {
        "i": i, "start_ms": start_ms, "end_ms": at - 30, "speaker": SPEAKERS[role], "role": role,
        "role_confidence": 0.31 if unsure else {"officer": 0.98, "community": 0.91, "dispatch": 0.77}[role],
        "text": text, "confidence": 0.29 if unsure else 0.9, "words": words,
    }  # fmt: skip


def finding(
    kind: str, start_ms: int, end_ms: int, score: float, made_by: str, role: str = "unknown", **evidence: Any
) -> dict[str, Any]:
    """One finding of the published shape."""
    return {
        "kind": kind, "family": FAMILY.get(kind, "derived"), "start_ms": start_ms, "end_ms": end_ms, "role": role,
        "speaker": None if role == "unknown" else SPEAKERS[role], "score": score, "evidence": evidence, "made_by": made_by,
    }  # fmt: skip


def encounter() -> dict[str, Any]:
    """The invented stop: a 30 s silent buffer, distress, compassion, an embrace that covers the lens."""
    utterances, findings = _spoken(SCRIPT, 30_000)
    first = {k: next(f for f in findings if f["family"] == k) for k in ("distress", "compassion")}
    last = utterances[-1]["end_ms"]
    unclear = next(u for u in utterances if u["role"] == "unknown")
    cover = next(u for u in utterances if u["text"].startswith("I'm sorry."))["start_ms"] - 2000
    findings += [
        finding("crying_like", 55_000, 57_400, 0.66, "sound@1", "community", measures={"pitch_spread_hz": 61.2}),
        finding("strained_voice", 72_000, 74_500, 0.58, "sound@1", "community", measures={"above_db": 7.4, "baseline_db": -31.0}),
        finding("radio", 34_400, 35_800, 0.9, "sound@1", "dispatch", measures={"band_limited": 0.94}),
        finding("lens_obscured", cover, last + 2500, 0.93, "sight@1", measures={"hf99": 1.4}),
        finding("opening_with_reason", utterances[2]["start_ms"], utterances[3]["end_ms"], 0.95, "derived@1", "officer", quote=utterances[3]["text"], words=["The reason I stopped you"], i=utterances[3]["i"]),
        finding("introduction", utterances[2]["start_ms"], utterances[2]["end_ms"], 0.97, "derived@1", "officer", quote=utterances[2]["text"], words=["I'm Deputy Alder"], i=utterances[2]["i"]),
        finding("distress_to_compassion", first["distress"]["start_ms"], first["compassion"]["start_ms"], 0.9, "derived@1", **{key: first["distress"]["evidence"][key] for key in ("quote", "words", "i")}, measures={"delay_ms": first["compassion"]["start_ms"] - first["distress"]["start_ms"]}),
        finding("closing", utterances[-1]["start_ms"], last, 0.74, "derived@1", "officer", quote=utterances[-1]["text"], words=["Drive safe"], i=utterances[-1]["i"]),
    ]  # fmt: skip
    return {
        "utterances": utterances,
        "findings": findings,
        "unknown": [
            {"state": "pre_event_buffer", "start_ms": 0, "end_ms": 30_000},
            {"state": "unintelligible", "start_ms": unclear["start_ms"], "end_ms": unclear["end_ms"] + 900},
            {"state": "obscured", "start_ms": cover, "end_ms": last + 2500},
        ],
        "speakers": {
            "S1": {"role": "officer", "confidence": 0.98, "because": ["nearest and loudest", "says 'I'm Deputy'"]},
            "S2": {"role": "community", "confidence": 0.91, "because": ["farther away"]},
            "S3": {"role": "dispatch", "confidence": 0.77, "because": ["band-limited voice"]},
            "S4": {"role": "unknown", "confidence": 0.31, "because": ["too little speech"]},
        },
        "made_by": {
            stage: f"{stage}@1"
            for stage in ("audio", "transcript", "speakers", "utterances", "cues", "sound", "sight", "derived")
        },
        "duration_ms": last + 2500,
    }


def _spoken(script: list[Row], start_ms: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    utterances: list[dict[str, Any]] = []
    findings: list[dict[str, Any]] = []
    at = start_ms
    for i, (role, text, pause, kinds) in enumerate(script):
        said = utterance(i, at + pause, role, text)
        utterances.append(said)
        for kind, score, words in kinds:
            findings.append(
                finding(
                    kind,
                    said["start_ms"],
                    said["end_ms"],
                    score,
                    f"cues@1 ({MODEL})",
                    role,
                    quote=text,
                    words=words,
                    i=i,
                )
            )
        at = said["end_ms"]
    return utterances, findings


def long_encounter(utterances: int = 2000, findings: int = 800, hours: float = 2.0) -> dict[str, Any]:
    """Two hours with 2,000 utterances and 800 findings, the size at which the page must stay quick."""
    length = int(hours * 3_600_000)
    said = [utterance(i, int(i * length / utterances), *SCRIPT[i % len(SCRIPT)][:2]) for i in range(utterances)]
    kinds = [kind for kind in FAMILY if kind != "long_silence"]
    found = []
    for n in range(findings):
        of = said[n * utterances // findings]
        kind, score = kinds[(n * 7) % len(kinds)], 0.5 + 0.5 * abs(math.sin(n))
        found.append(
            finding(
                kind,
                of["start_ms"],
                of["end_ms"],
                round(score, 4),
                f"cues@1 ({MODEL})",
                of["role"],
                quote=of["text"],
                words=of["text"].split()[:2],
                i=of["i"],
            )
        )
    unknown = [
        {"state": "unintelligible", "start_ms": m * 300_000, "end_ms": m * 300_000 + 9000}
        for m in range(1, int(hours * 12))
    ]
    return {
        "utterances": said, "findings": found, "unknown": unknown, "duration_ms": length,
        "speakers": {"S1": {"role": "officer", "confidence": 0.98, "because": []}}, "made_by": dict.fromkeys(("cues", "sound", "sight", "derived"), "1"),
    }  # fmt: skip
