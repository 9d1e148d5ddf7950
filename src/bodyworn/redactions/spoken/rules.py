"""Every rule that hides spoken words: its name, how sure it is, and the reason a person reads.

The confidences were set on the tuning scripts of the spoken-data bench, never on the scripts that are scored. A rule
below :data:`LEAST_SURE` proposes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

#: Proposals less sure than this are not made.
LEAST_SURE = 0.5


@dataclass(frozen=True)
class SpokenRule:
    """``id`` names the rule, ``confidence`` is 0..1, ``why`` never quotes what is to be hidden."""

    id: str
    confidence: float
    why: str

    def as_sure_as(self, confidence: float) -> SpokenRule:
        """The same rule with a confidence of its own."""
        return replace(self, confidence=confidence)


# Names
NAME_BY_NETWORK = SpokenRule("name-by-network", 0.0, "read as a name by the network")  # as sure as the network is
NAME_INTRODUCED = SpokenRule("name-introduced", 0.9, "said where somebody is introduced")
NAME_PERHAPS_INTRODUCED = SpokenRule("name-perhaps-introduced", 0.7, "said where somebody is introduced")
NAME_READ_OUT = SpokenRule("name-read-out", 0.7, "read out where a name stands")
NAME_PLACE = SpokenRule("name-place", 0.65, "stands where a name is given")
NAME_CAPITAL = SpokenRule("name-capital", 0.55, "a word with a capital that is no other word")
NAME_STRANGE = SpokenRule("name-strange", 0.5, "a word that English does not know")
NAME_ANSWER = SpokenRule("name-answer", 0.85, "the answer to a question for a name")
NAME_SHORT_ANSWER = SpokenRule("name-short-answer", 0.6, "a short answer to a question for a name")
NAME_AFTER_TITLE = SpokenRule("name-after-title", 0.9, "said after a title")
NAME_TITLE = SpokenRule("name-title", 0.9, "the title before a name")
NAME_BEFORE_LETTERS = SpokenRule("name-before-letters", 0.8, "spelled letter by letter right after")
NAME_INITIAL = SpokenRule("name-initial", 0.8, "the initial of a name")
NAME_BEFORE_BIRTH = SpokenRule("name-before-birth", 0.7, "right before a date of birth in a record")
NAME_SPELLED_WHEN_ASKED = SpokenRule("name-spelled-when-asked", 0.9, "spelled letter by letter")
NAME_SPELLED = SpokenRule("name-spelled", 0.75, "spelled letter by letter")
NAME_AGAIN = SpokenRule("name-again", 0.75, "the same word is a name elsewhere in the recording")
NAME_MISHEARD = SpokenRule("name-misheard", 0.55, "hardly understood, beside a name")
#: From this confidence a name is looked for in the whole recording.
SURE_NAME = 0.8

# Dates of birth
BIRTH_NUMBERS = SpokenRule("birth-numbers", 0.85, "numbers where a date of birth is spoken of")
BIRTH_DATE = SpokenRule("birth-date", 0.95, "a date where a birth is spoken of")
BIRTH_FULL_DATE = SpokenRule("birth-full-date", 0.6, "a full date that can be of birth")

BIRTH_PART = SpokenRule("birth-part", 0.85, "the year of a date of birth that is asked for")
BIRTH_BEFORE_ADDRESS = SpokenRule("birth-before-address", 0.6, "a date right before an address")
BIRTH_ALONE = SpokenRule("birth-alone", 0.5, "a date that is all that is said")

# Addresses
ADDRESS_CORNER = SpokenRule("address-corner", 0.7, "a corner where an address is given")
ADDRESS_ROOM = SpokenRule("address-room", 0.7, "a place with a room where an address is given")
ADDRESS_ANSWER = SpokenRule("address-answer", 0.65, "the answer to a question for an address")
ADDRESS_PART = SpokenRule("address-part", 0.7, "a part of an address that is asked for")
ADDRESS_CODE = SpokenRule("address-code", 0.7, "the code of a place")
ADDRESS_UNIT = SpokenRule("address-unit", 0.6, "a part of a house")
ADDRESS_BOX = SpokenRule("address-box", 0.9, "a post office box")
ADDRESS_STREET_ASKED = SpokenRule("address-street-asked", 0.95, "a number and a street")
ADDRESS_STREET = SpokenRule("address-street", 0.85, "a number and a street")
ADDRESS_PLACE = SpokenRule("address-place", 0.7, "a number and the name of a place")
ADDRESS_GIVEN = SpokenRule("address-given", 0.6, "a number where an address is given")
ADDRESS_LOOSE = SpokenRule("address-loose", 0.5, "figures and a word that measures nothing")

# Numbers of a person or a vehicle
PHONE_NINE_FIGURES = SpokenRule("phone-nine-figures", 0.7, "a number where a phone is spoken of")
PHONE_SPOKEN_OF = SpokenRule("phone-spoken-of", 0.95, "a number where a phone is spoken of")
SOCIAL_SPOKEN_OF = SpokenRule("social-spoken-of", 0.95, "a number where a social security number is spoken of")
LICENSE_SPOKEN_OF = SpokenRule("license-spoken-of", 0.95, "letters and numbers where a license is spoken of")
PLATE_SPOKEN_OF = SpokenRule("plate-spoken-of", 0.95, "letters and numbers where a plate is spoken of")
ID_SPOKEN_OF = SpokenRule("id-spoken-of", 0.95, "a number where an identification number is spoken of")
#: How sure the rules above are by where their word was heard, and for fewer than four figures.
BEFORE_NUMBER, IN_QUESTION, AFTER_NUMBER, FEW_FIGURES = 0.95, 0.9, 0.8, 0.6
PHONE_TEN = SpokenRule("phone-ten", 0.8, "ten digits, as a phone number has")
PHONE_TWICE = SpokenRule("phone-twice", 0.6, "digits enough for a phone number said twice")
PHONE_SEVEN = SpokenRule("phone-seven", 0.6, "seven digits, as a local phone number has")
SOCIAL_NINE = SpokenRule("social-nine", 0.6, "nine digits, as a social security number")
LICENSE_SHAPE = SpokenRule("license-shape", 0.7, "a letter and digits, as a license number has")
PLATE_SHAPE = SpokenRule("plate-shape", 0.8, "letters and digits, as a plate has")
PLATE_LETTERS = SpokenRule("plate-letters", 0.65, "letters of a phonetic alphabet or a state")
NUMBER_GOES_ON = SpokenRule("number-goes-on", 0.6, "goes on with the number before it")

# E-mail
EMAIL_SPOKEN_OF = SpokenRule("email-spoken-of", 0.95, "has the form of an e-mail address")
EMAIL_SHAPE = SpokenRule("email-shape", 0.85, "has the form of an e-mail address")
