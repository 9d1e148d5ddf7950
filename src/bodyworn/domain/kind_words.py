"""What each kind, family and state of *unknown* means, in one plain sentence for people who review footage.

The word-based kinds follow the labeling guidelines that the labeled encounters were written by. A sentence says when a
kind is proposed, never what it proves.
"""

from __future__ import annotations

from collections.abc import Mapping

from bodyworn.domain.finding import Family, UnknownState

FAMILY_MEANS: Mapping[Family, str] = {
    Family.DISTRESS: "A person is suffering, asks for help, needs medical care or may harm themselves.",
    Family.COMPASSION: "An officer shows feeling for the person, comforts or helps.",
    Family.JUSTICE: "An officer listens, explains, is polite, is lenient or calms the situation.",
    Family.CONDUCT: "How people speak to each other: hostile words, threats, thanks.",
    Family.CONTROL: "Orders, warnings of force, and signs of danger.",
    Family.SOUND: "What is heard in voices and in the sound itself, whatever the words.",
    Family.SIGHT: "What the picture shows of the camera itself.",
    Family.DERIVED: "What follows from the words and the other findings taken together.",
}

KIND_MEANS: Mapping[str, str] = {
    "distress": "The words show acute suffering, such as panic, grief, fear or pain; not mere annoyance.",
    "help_request": "The person asks for help, comfort or aid, for themselves or another.",
    "self_harm_risk": "The words resemble a wish to die, thoughts or plans of suicide, or daring an officer to shoot.",
    "medical": "A medical emergency is stated, or medical aid is asked for or announced.",
    "empathy": "An officer names or shares a feeling, or is sorry for what happened.",
    "reassurance": "An officer gives comfort, hope or safety to a person who is upset.",
    "supportive_act": "An officer offers or gives concrete help, such as a call, a ride, water or staying with them.",
    "listening": "An officer invites the person to tell what happened or how they feel, or repeats it in other words.",
    "explanation": "An officer gives the reason for the stop, order or decision, or says what happens next.",
    "courtesy": "An officer gives name or agency, apologizes, thanks, says please, sir or ma'am, or closes kindly.",
    "leniency": "An officer decides in the person's favor, such as a warning in place of a ticket.",
    "deescalation": "An officer lowers tension by offering time, space or choices, or by ruling out force.",
    "hostility": "Insults, slurs, or demeaning or profane words aimed at a person.",
    "threat": "A person says that they will harm someone; lawful warnings of force are not counted here.",
    "gratitude": "The person thanks or praises the officer for treatment or help.",
    "command": "An officer orders a physical act, or orders one to stop.",
    "force_warning": "An officer warns of force, a dog, a TASER or arrest if an order is not obeyed.",
    "safety_risk": "A weapon, shots, an injured officer, a call for backup, or a sign of flight or attack.",
    "raised_voice": "A voice is clearly louder, and higher or sharper, than that speaker's usual voice.",
    "strained_voice": "A voice is higher or shakier than that speaker's usual voice without being louder.",
    "crying_like": "It sounds like crying, as of a baby or small child; most sobs of adults are missed.",
    "overlap": "Two or more people speak at once for at least half a second.",
    "long_silence": "No one speaks for at least 15 seconds although sound was recorded.",
    "radio": "A voice comes over a radio.",
    "lens_obscured": "Something covers the lens after the picture was clear.",
    "darkness": "There is so little light that hardly anything can be made out.",
    "camera_struck": "The whole picture is thrown about for an instant, as by a blow to the camera.",
    "camera_fallen": "The picture is thrown about and then lies still.",
    "opening_with_reason": "A reason is given within the officer's first 45 words.",
    "opening_with_order": "The officer's first 45 words hold an order and no reason.",
    "introduction": "The first time an officer gives name, rank or agency.",
    "distress_to_compassion": "The time from the first distress or call for help to an officer's first compassion.",
    "medical_to_aid": "The time from the first medical need to the first request for, or start of, aid.",
    "repeated_command": "The same order is given again within 30 seconds.",
    "conflicting_commands": "Two orders that cannot both be obeyed are given within 10 seconds.",
    "closing": "The last words of parting that an officer says.",
}

STATE_MEANS: Mapping[UnknownState, str] = {
    UnknownState.PRE_EVENT_BUFFER: "Silent seconds that the camera keeps from before it was switched on.",
    UnknownState.MUTED: "The sound was switched off for a while.",
    UnknownState.AUDIO_DROPOUT: "Sound is missing although it should be there.",
    UnknownState.NO_AUDIO: "The recording has no sound.",
    UnknownState.UNINTELLIGIBLE: "A person speaks, and the words could not be understood.",
    UnknownState.NOT_SEARCHED: "A person speaks another language: the words are written down and not searched.",
    UnknownState.OBSCURED: "Something covers the lens.",
    UnknownState.NO_PICTURE: "Nothing can be seen, and the reason cannot be told.",
    UnknownState.DARK: "It is too dark to see.",
    UnknownState.VIDEO_DROPOUT: "Pictures are missing or damaged.",
}
