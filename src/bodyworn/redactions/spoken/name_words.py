"""How names are asked for, given and led up to, and words that are none."""

from __future__ import annotations

import re

from bodyworn.redactions.spoken.word_lists import listed

RANKS = listed("names.ranks")
TITLES = listed("names.titles")
LEAD = re.compile(
    r"\b(my name is|my name's|name is|name's|names|i am|i'm|this is|call me|calls? (him|her)|first name|last name"
    r"|last of|first of|middle name|goes by|named|his name is|her name is|ask for|surname|maiden name|that's my \w+"
    r"|my (brother|sister|son|daughter|husband|wife|mom|dad|mother|father|cousin|friend|boyfriend|girlfriend|uncle|aunt"
    r"|neighbor|roommate|ex|boss|lawyer|lawyer's|nephew|niece|grandson|granddaughter|kid|baby)"
    r"|(back|registered|belongs|listed|titled|returns?) to( an?)?"
    r"|soy|me llamo|mi nombre es|se llama"
    r"|(caller|owner|victim|witness|complainant|passenger|driver|contact|subject) is)\Z"
)
SURE = re.compile(r"\b(soy|llamo|llama|nombre|name|name's|names|last of|first of|call me|goes by|surname|named)\b")
#: After these a name is read out, whatever its first words are: up to a word that can only be a name.
READ_OUT = re.compile(
    r"\b((last|first|middle) name|(last|first) of|(back|registered|listed|titled|belongs) to( an?)?)\Z"
)
QUESTION = re.compile(
    r"\b((what's|what is|whats|get|have|need|give me|tell me|and|state|confirm|is) (your|his|her|their|the|a|you)?"
    r" ?(full |first |last |whole |legal |middle )*names?\b|who are you|they call you|you go by"
    r"|who is (he|she|that|this)"
    r"|who's (he|she|that|this)|names?\?*\Z|(first|last) (and last )?names?\b|your names?\b|names? and\b"
    r"|who am i (speaking|talking) (with|to)|who is calling|who's calling|(he|she|you) called?\Z"
    r"|\A((and|okay|ok|so|your|his|her|the|what's|what about) )*(first|last|middle|maiden)( one| name)?\Z"
    r"|\A(what )?name (on|for|under)\b|\b(under )?what name\b|\bfirst and last\b|\blast and first\b|\bnickname"
    r"|what do (you|they|people|folks) (go by|call (you|him|her))"
    r"|\bwho (was|is|were) (driving|there|with you|in the car|calling)\b)"
)
#: An answer that gives no name.
REFUSAL = re.compile(r"\b(don't|ain't|not|no|why|what|nothing|won't tell|can't|nope|nobody|later|none)\b")
#: What a sentence begins with that is no name.
SENTENCE = listed("names.sentence")
SPELL = re.compile(r"\b(spell|spelled|spelling|how do you spell|last name|first name)\b")
NOT_NAMES = (
    listed("names.not_names")
    | listed("names.abbreviations")
    | listed("names.kin")
    | listed("names.nationalities")
    | listed("names.vehicles")
    | listed("names.weapons")
    | listed("names.medicines")
    | listed("names.chains")
    | listed("names.units")
    | listed("names.spanish")
    | listed("names.known")
)
KIN = listed("names.kin")
#: Contractions as recognizers write them, without their apostrophe.
CONTRACTIONS = listed("names.contractions")
#: After one of these a word is the place of an agency: ``Chicago Fire``.
AGENCIES = listed("names.agencies")
#: After these a name is rather that of a street.
WHERE = listed("names.where")
#: What does not begin a name after ``my name is``, and what does not go on with it.
NO_START = listed("names.no_start")
NO_PART = listed("names.no_part")
NO_ANSWER = listed("names.no_answer")
VERBS = listed("names.verbs")
#: Short words that a recognizer makes of the middle of a name.
INSIDE = listed("names.inside")
LEAST = 0.4
#: The recognizer's confidence below which a word beside a name is taken for a part of it.
DOUBTED = 0.4
#: The confidence below which an answer to a question for a name is a name misheard, whatever was written.
HARDLY = 0.5
STREETS = listed("names.streets")
ROADS = listed("addresses.suffixes") - {"way", "place", "run", "square", "loop", "crossing", "st", "dr"}
#: What speaks of a place, before ``on`` and the name of a street.
PLACE_BEFORE = re.compile(
    r"\b(at|at the|store|station|corner|house|left|right|turn|headed|heading|driving|going|block|north|south|east|west"
    r"|northbound|southbound|eastbound|westbound|parked|lot|stopped)\b"
)
