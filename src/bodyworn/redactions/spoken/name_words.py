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
    r"|(caller|owner|victim|witness|complainant|passenger|driver|contact|subject) is)\Z"
)
SURE = re.compile(r"\b(name|name's|names|last of|first of|call me|goes by|surname|named)\b")
#: After these a name is read out, whatever its first words are: up to a word that can only be a name.
READ_OUT = re.compile(
    r"\b((last|first|middle) name|(last|first) of|(back|registered|listed|titled|belongs) to( an?)?)\Z"
)
QUESTION = re.compile(
    r"\b((what's|what is|whats|get|have|need|give me|tell me|and|state|confirm|is) (your|his|her|their|the|a|you)?"
    r" ?(full |first |last |whole |legal |middle )*names?\b|who are you|they call you|you go by"
    r"|who is (he|she|that|this)"
    r"|who's (he|she|that|this)|names?\?*\Z|(first|last) (and last )?names?\b|your names?\b)"
)
SPELL = re.compile(r"\b(spell|spelled|spelling|how do you spell|last name|first name)\b")
NOT_NAMES = listed("names.not_names")
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
STREETS = listed("names.streets")
