"""Labels of speakers: the right role or ``unknown``, never a wrong one; what somebody says before a colon stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from bodyworn.findings.transcripts.labels import label_of, role_of_label
from tests.findings.test_caption_variants import read

OFFICERS = [
    "Officer",
    "OFFICER HALE",
    "Off. Hale",
    "Ofcr. Hale",
    "Officer Hale, A.",
    "Officer A. Hale",
    "Woman Officer",
    "Arresting Officer",
    "K-9 Officer",
    "Harmon PD Officer",
    "Tpr. Hale",
    "State Trooper",
    "Dep. Hale",
    "Deputy Sheriff Hale",
    "Sheriff's Deputy",
    "Officer Hale's Sergeant",
    "Chief of Police",
    "Asst. Chief Hale",
    "Inspector Hale",
    "Agent Hale",
    "Policeman",
    "The Officer",
    "Officer (shouting)",
    "Officer over radio",
    "OFFICER ON PHONE",
    "Officer to Driver",
    "Officer #1",
    "Unidentified Police Officer",
    "Officer Hale (00:01:02)",
    "OFFICER HALE (CONT'D)",
    "Oficial",
    "Agente de policía",
    "Voice of Officer Hale",
    "Backup Officer",
    "Off-duty Officer",
    "Det. Sgt. Hale",
    "Capt. Hale",
    "Major Hale",
    "Undersheriff Hale",
]
SECONDS = [
    "Officer 2",
    "Officer #2",
    "OFFICER NO. 2",
    "Second Officer",
    "2nd Officer",
    "Officer two",
    "Officer_2",
    "Deputy 2",
    "Officer II",
]
DISPATCH = [
    "Dispatch",
    "DISPATCHER",
    "911 Dispatcher",
    "9-1-1 Operator",
    "County Dispatch",
    "Radio",
    "Police Radio",
    "Dispatch (radio)",
    "Radio Dispatcher",
    "Emergency Operator",
    "Despacho",
    "Sheriff's Dispatcher",
    "Female Dispatcher",
    "Dispatch Officer",
]
COMMUNITY = [
    "Driver",
    "Female Driver",
    "Driver's Wife",
    "Caller",
    "911 Caller",
    "Officer Hale's wife",
    "Officer's mother",
    "Mother of Deputy Hale",
    "Suspect in the van",
    "Driver to Officer",
    "Passenger (crying)",
    "Mother-in-law",
    "Homeowner",
    "Store Manager",
    "Landlord",
    "The suspect",
    "Older Woman",
    "Elderly Man",
    "Young Man",
    "Woman in red",
    "Conductora",
    "Mujer",
    "Victim's Sister",
    "Stepfather",
    "Suspect's Friend",
    "Driver and Passenger",
    "Driver with Officer",
    "Witness for the police",
]
NOBODY = [
    "Male",
    "UNIDENTIFIED FEMALE",
    "Unidentified Speaker",
    "SPEAKER_01",
    "Speaker 3",
    "Voice",
    "Multiple Speakers",
    "All",
    "Paramedic",
    "EMT",
    "Fire Chief",
    "Fire Captain Hale",
    "Deputy Mayor",
    "Deputy Coroner",
    "Deputy District Attorney",
    "Security Officer",
    "Probation Officer",
    "Medical Officer",
    "Police Reporter",
    "Police Interpreter",
    "Radio Host",
    "Camera Operator",
    "Animal Control",
    "Poison Control",
    "Officer and Driver",
    "Officer/Driver",
    "Former Officer",
    "Judge",
    "Crowd",
    "ANN HALE",
    "Mr. Hale",
    "Officer Driver",
    "Sheriff's Nurse",
    "Union Attorney",
    "Sports Anchor",
]


@pytest.mark.parametrize(
    ("label", "role"),
    [
        (label, role)
        for labels, role in (
            (OFFICERS, "officer"),
            (SECONDS, "officer_2"),
            (DISPATCH, "dispatch"),
            (COMMUNITY, "community"),
            (NOBODY, "unknown"),
        )
        for label in labels
    ],
)
def test_a_label_is_the_right_role_or_unknown(label: str, role: str) -> None:
    assert role_of_label(label) == role
    if role != "unknown" and label not in ("Driver with Officer",):
        found = label_of(f"{label}: Hold still.")
        assert found is not None
        assert (found.role, found.sure, found.length) == (role, True, len(label) + 2)


SENTENCES = [
    "So I told the officer: leave me alone",
    "My mother: she is sick",
    "HE TOLD THE OFFICER: NO",
    "I said to the driver: stop",
    "Listen: help me",
    "Look, officer: please",
    "Thank you, officer: really",
    "Note to self: call the officer",
    "Warning: K9",
    "He was like, officer: what",
    "The license plate number: four",
    "What the officer said: nothing",
    "Here's my driver: Joe",
    "this is the caller: hello",
    "Address: 12 Elm",
    "It's 10:30 now",
    "One thing: don't move",
    "Ask your wife: she knows",
]


@pytest.mark.parametrize("text", SENTENCES)
def test_words_before_a_colon_that_are_said_are_no_label(text: str) -> None:
    found = label_of(text)
    assert found is None or not found.sure


ASIDES = [
    "[police siren]",
    "[radio chatter]",
    "(woman screaming)",
    "[radio static]",
    "(to officer)",
    "[over radio]",
    "[man yelling in background]",
    "(crowd shouting)",
    "[dispatch tone]",
    "[phone rings]",
]


@pytest.mark.parametrize("aside", ASIDES)
def test_descriptions_of_sounds_name_nobody(tmp_path: Path, aside: str) -> None:
    text = f"1\n00:00:01,000 --> 00:00:02,000\n{aside} Get back.\n\n2\n00:00:03,000 --> 00:00:04,000\nMe?\n"
    assert [role for role, _ in read(tmp_path, text)] == ["unknown", "unknown"]


BRACKETED = [
    "[Officer]",
    "(Officer)",
    "[OFFICER HALE]",
    "[Officer]:",
    "(Officer 1):",
    "<Officer>",
    "[Officer Hale] ",
    "OFFICER -",
]


@pytest.mark.parametrize("label", BRACKETED)
def test_labels_in_brackets_come_off(label: str) -> None:
    text = f"{label} Hold still."
    found = label_of(text)
    assert found is not None
    assert (found.role, text[found.length :].strip()) == ("officer", "Hold still.")


def test_a_label_inside_a_line_begins_a_turn(tmp_path: Path) -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\nOFFICER: Back up! DRIVER: Why? [Officer] Now. (Driver) Okay.\n"
    assert read(tmp_path, text) == [
        ("officer", "Back up!"),
        ("community", "Why?"),
        ("officer", "Now."),
        ("community", "Okay."),
    ]


def test_dashes_in_one_caption_are_two_people_whoever_they_are(tmp_path: Path) -> None:
    text = (
        "1\n00:00:01,000 --> 00:00:02,000\n- Where is he?\n- He ran.\n\n"
        "2\n00:00:03,000 --> 00:00:04,000\n– Officer: Which way?\n– South.\n"
    )
    assert read(tmp_path, text) == [
        ("unknown", "Where is he?"),
        ("unknown", "He ran."),
        ("officer", "Which way?"),
        ("unknown", "South."),
    ]
