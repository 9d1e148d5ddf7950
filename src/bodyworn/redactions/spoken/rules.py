"""The rules that propose spoken words to hide: each once, with its id, its reason, how sure it is, and why.

What the figures are worth is measured by ``bench/spoken_pii.py``; they order proposals and are not probabilities.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bodyworn.domain.redaction import Reason
from bodyworn.redactions.spoken.proposal import SpokenProposal

#: Proposals less sure than this are not made.
LEAST_SURE = 0.5


@dataclass(frozen=True)
class SpokenRule:
    """One rule: ``confidence`` is 0..1, ``why`` says what made it think so and never quotes what is to be hidden."""

    id: str
    reason: Reason
    confidence: float
    why: str

    def propose(self, first: int, last: int) -> SpokenProposal:
        """Words ``first..last`` (inclusive) by this rule."""
        return SpokenProposal(first, last, self.reason, self.confidence, self.why)


_TABLE = (
    SpokenRule("name.tagged", Reason.NAME, 1.0, "read as a name by the network"),  # times the network's own figure
    SpokenRule("name.introduced", Reason.NAME, 0.9, "said where somebody is introduced"),
    SpokenRule("name.perhaps_introduced", Reason.NAME, 0.7, "said where somebody is introduced"),
    SpokenRule("name.read_out", Reason.NAME, 0.7, "read out where a name stands"),
    SpokenRule("name.in_place", Reason.NAME, 0.65, "stands where a name is given"),
    SpokenRule("name.capital", Reason.NAME, 0.55, "a word with a capital that is no other word"),
    SpokenRule("name.unknown_word", Reason.NAME, 0.5, "a word that English does not know"),
    SpokenRule("name.answer", Reason.NAME, 0.85, "the answer to a question for a name"),
    SpokenRule("name.short_answer", Reason.NAME, 0.6, "a short answer to a question for a name"),
    SpokenRule("name.titled", Reason.NAME, 0.9, "said after a title"),
    SpokenRule("name.title", Reason.NAME, 0.9, "the title before a name"),
    SpokenRule("name.before_spelling", Reason.NAME, 0.8, "spelled letter by letter right after"),
    SpokenRule("name.initial", Reason.NAME, 0.8, "the initial of a name"),
    SpokenRule("name.before_birth", Reason.NAME, 0.7, "right before a date of birth in a record"),
    SpokenRule("name.again", Reason.NAME, 0.75, "the same word is a name elsewhere in the recording"),
    SpokenRule("name.misheard", Reason.NAME, 0.55, "hardly understood, beside a name"),
    SpokenRule("name.spelled", Reason.NAME, 0.75, "spelled letter by letter"),
    SpokenRule("name.spelled_when_asked", Reason.NAME, 0.9, "spelled letter by letter"),
    SpokenRule("email.form", Reason.EMAIL, 0.85, "has the form of an e-mail address"),
    SpokenRule("email.spoken_of", Reason.EMAIL, 0.95, "has the form of an e-mail address"),
    SpokenRule("birth.spoken_of", Reason.BIRTH_DATE, 0.95, "a date where a birth is spoken of"),
    SpokenRule("birth.full_date", Reason.BIRTH_DATE, 0.6, "a full date that can be of birth"),
    SpokenRule("birth.numbers", Reason.BIRTH_DATE, 0.85, "numbers where a date of birth is spoken of"),
    SpokenRule("address.unit", Reason.ADDRESS, 0.6, "a part of a house"),
    SpokenRule("address.box", Reason.ADDRESS, 0.9, "a post office box"),
    SpokenRule("address.street", Reason.ADDRESS, 0.85, "a number and a street"),
    SpokenRule("address.street_asked", Reason.ADDRESS, 0.95, "a number and a street"),
    SpokenRule("address.place", Reason.ADDRESS, 0.7, "a number and the name of a place"),
    SpokenRule("address.given", Reason.ADDRESS, 0.6, "a number where an address is given"),
    SpokenRule("address.loose", Reason.ADDRESS, 0.5, "figures and a word that measures nothing"),
    SpokenRule("phone.spoken_of", Reason.PHONE, 1.0, "a number where a phone is spoken of"),  # times CUE_SURE
    SpokenRule("phone.nine_digits", Reason.PHONE, 0.7, "a number where a phone is spoken of"),
    SpokenRule("phone.ten_digits", Reason.PHONE, 0.8, "ten digits, as a phone number has"),
    SpokenRule("phone.said_twice", Reason.PHONE, 0.6, "digits enough for a phone number said twice"),
    SpokenRule("phone.seven_digits", Reason.PHONE, 0.6, "seven digits, as a local phone number has"),
    SpokenRule("social.spoken_of", Reason.SOCIAL_SECURITY, 1.0, "a number where a social security number is spoken of"),
    SpokenRule("social.nine_digits", Reason.SOCIAL_SECURITY, 0.6, "nine digits, as a social security number"),
    SpokenRule("license.spoken_of", Reason.LICENSE, 1.0, "letters and numbers where a license is spoken of"),
    SpokenRule("license.form", Reason.LICENSE, 0.7, "a letter and digits, as a license number has"),
    SpokenRule("plate.spoken_of", Reason.SPOKEN_PLATE, 1.0, "letters and numbers where a plate is spoken of"),
    SpokenRule("plate.form", Reason.SPOKEN_PLATE, 0.8, "letters and digits, as a plate has"),
    SpokenRule("plate.letters", Reason.SPOKEN_PLATE, 0.65, "letters of a phonetic alphabet or a state"),
)
#: All rules by id.
RULES: Mapping[str, SpokenRule] = {rule.id: rule for rule in _TABLE}

#: How sure a number is that is spoken of, by where: just before it, in the question before it, or just after it.
CUE_BEFORE, CUE_ASKED, CUE_AFTER = 0.95, 0.9, 0.8
#: The same for fewer than four digits.
CUE_SHORT = 0.6
#: A number that goes on with the one before it, whatever it is.
GOES_ON = 0.6
GOES_ON_WHY = "goes on with the number before it"
#: From here on a name is looked for everywhere else in the recording.
SURE_NAME = 0.8
