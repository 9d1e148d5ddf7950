"""Forms in which personal data is really said: two items in one breath, halves over turns, names that are words."""

from __future__ import annotations

import re

import pytest

from bodyworn.redactions.spoken.proposing import propose_words
from bodyworn.redactions.spoken.words import transcript_of
from tests.redactions.test_spoken import said

MARK = re.compile(r"\[([^\]]*)\]")


def hidden_and_marked(*lines: str) -> tuple[str, str]:
    """The words that are hidden, and those in brackets, both in order."""
    transcript = transcript_of(said(*[line.replace("[", "").replace("]", "") for line in lines]))
    roles = {word.index: word.role for word in transcript.words}
    hidden = {
        index
        for item in propose_words(transcript)
        for index in range(item.first, item.last + 1)
        if roles[index] == roles[item.first]
    }
    marked = " ".join(part for line in lines for part in MARK.findall(line))
    plain = [word.plain for word in transcript_of(said(f"C: {marked}")).words] if marked else []
    return " ".join(word.plain for word in transcript.words if word.index in hidden), " ".join(plain)


@pytest.mark.parametrize(
    "lines",
    [
        ["D: comes back to [Abernathy], date of birth [six two ninety one], [eighteen twelve Quarry Hill Road]."],
        ["C: [three nineteen seventy six], [four oh five north birch avenue]."],
        ["O: phone and address", "C: [four one two five five five oh one three six], [ninety two Canal Street]"],
        ["C: [eleven two sixty eight].", "O: okay"],
        ["O: date of birth", "C: [april sixth].", "O: And the year?", "C: [ninety three]."],
        ["O: DOB?", "C: [nineteen seventy nine, june second]."],
        ["O: First name?", "C: [Summer].", "O: Last?", "C: [Fields]."],
        ["O: And your last name?", "C: [Do]."],
        ["O: Who am I talking to?", "C: It's [Chase]."],
        ["O: name and date of birth", "C: [Hope Rivers], [may third eighty eight]."],
        ["C: Me llamo [Itzel Quintanilla]."],
        ["O: what's the address", "C: [three oh one avenue of the pines]"],
        ["O: address", "C: [twenty two and a half south ninth street]"],
        ["O: address", "C: [seven seven Camino Verde]"],
        ["C: we're staying at [the Sunrise Inn, room one twelve]."],
        ["C: i live at [the corner of Ninth and Walnut]"],
        ["O: What's your zip code?", "C: [six six one oh two]"],
        ["O: What's the medical record number?", "C: it's [seven seven one four oh nine two]"],
        ["C: my inmate number is [four four oh nine one seven]"],
        ["C: his cell is [area code nine one three five five five oh one nine nine]"],
    ],
)
def test_every_word_of_the_items_is_hidden_and_no_other(lines: list[str]) -> None:
    hidden, marked = hidden_and_marked(*lines)
    assert hidden == marked


@pytest.mark.parametrize(
    "line",
    [
        "O: He's by the Walmart on Grant, Denver Police is on the way.",
        "O: Take Susan Anthony Boulevard north to the light.",
        "O: It was a Chevy Tahoe and a Ruger, nine millimeter.",
        "C: i took ten of the Klonopin and some ibuprofen",
        "C: I'm Honduran, I'm tired.",
        "C: theyre gettin louder and shes waitin outside",
        "O: i clocked you at eighty one in a fifty five",
        "D: show me out at oh nine forty two",
        "C: i'm not 100 % sure about that",
        "C: he gave me a $500 bicycle for it",
    ],
)
def test_streets_agencies_brands_and_plain_words_are_heard(line: str) -> None:
    assert hidden_and_marked(line)[0] == ""
