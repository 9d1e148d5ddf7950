"""How names are asked for, given and led up to, and words that are none."""

from __future__ import annotations

import re

from bodyworn.redactions.spoken.words import listed

RANKS = listed(
    "officer officers deputy sergeant sarge trooper corporal lieutenant detective captain chief agent marshal sheriff"
    " investigator patrolman constable"
)
TITLES = listed("mister missus misses missis miss mr mrs ms sir ma'am doctor dr professor pastor reverend")
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
NOT_NAMES = listed(
    "god jesus christ lord bro bud buddy dude man honda ford toyota chevy chevrolet dodge nissan jeep kia hyundai"
    " silverado camry impala accord civic tahoe silver gray grey white black blue red walmart target denny's state farm"
    " google facebook dispatch medic engine miranda radar dui baby honey sweetie mommy daddy mom dad grandma grandpa"
    " mama papa tylenol taser narcan bud miss ma'am sir mister county city street avenue road drive lane court"
    " boulevard parkway english spanish american uber lyft geico progressive amazon apple iphone android monday tuesday"
    " wednesday thursday friday saturday sunday christmas thanksgiving easter okay ok yeah um uh copy hey hi hello"
    " i'm i i'll i've i'd it's that's phone number social security police department house white west north south east"
    ""
    " clocked birthdays german french upstairs downstairs license date birth plate tag sheriff"
    " sheriff's office hospital school church internet bible facetime tv dna id"
)
#: After these a name is rather that of a street.
WHERE = listed("on at past near down from by to onto along off")
#: What does not begin a name after ``my name is``, and what does not go on with it.
NO_START = listed("not on in under the a an at your my none what and that it listed spelled also still")
NO_PART = listed(
    "and i i'm he she they we you my his her date is was but who what so from with for not that he's she's"
)
NO_ANSWER = listed(
    "it's its it is i i'm my name name's names that's this the and uh um yes no yeah yep sir ma'am okay ok so well oh"
    " last tonight here first middle sure hold second please thanks thank like with me he's she's his her you can see"
    " have"
)
VERBS = listed(
    "was were have got do did can could will would need want live lives know said call called go get gonna tell take"
    " give think see saw are isn't"
)
#: Short words that a recognizer makes of the middle of a name.
INSIDE = listed("at in a de la del of the o van von den el da di")
LEAST = 0.4
#: The recognizer's confidence below which a word beside a name is taken for a part of it.
DOUBTED = 0.4
STREETS = listed(
    "street avenue road drive lane court boulevard parkway highway county avenue circle terrace park school"
)
