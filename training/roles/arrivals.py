"""Try the weights of roles on encounters that are never reported: ``python -m training.roles.arrivals``.

Three and four voices: a radio, an officer who arrives, two people at the door. Texts and voices (but ``joe``) are
others than those of ``python -m bench roles``. Prints the accuracy by time, and which role was taken for which.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from bench.report import table
from bench.scenes.conversations import Line, Person, Studio
from bench.scenes.role_scripts import parsed
from bench.scores.role_accuracy import Heard, hear, taken_for

SCRIPTS: dict[str, str] = {
    "late_radio": """
o Afternoon, sir. Sheriff's office. You got your license on you?
c It's in the glove box. Can I reach for it?
o Go ahead, slow for me. Where are you coming from?
c My brother's place, out on the county road.
d Adam twelve, your status?
o Adam twelve, I'm fine, one driver, stand by.
c Was I going that fast?
o Sixty eight in a forty five. That's why I stopped you.
c I didn't see the sign, honestly.
d Adam twelve, your plate is clear and current.
o Copy, thanks.
c So what happens now?
o I'm going to write it as a warning. Slow down through the school zone.
c Yes sir. I appreciate that.
""",
    "sergeant": """
o Evening, police. Somebody called about shouting?
c That was my neighbor. We were just talking.
o Is anyone hurt in there?
c No. Nobody's hurt, I swear to you.
p Hey, what do we have?
o Verbal argument, neighbor called it in. He says no one's hurt.
p Did you talk to the other half?
o Not yet. Sir, who else is home?
c My wife. She's in the bedroom, she's upset.
p I'll go talk to her. Ma'am? Police, can you come out here for me?
o Have a seat on the couch for me, sir.
c Am I under arrest?
o No. You're not under arrest, we're just making sure everybody is safe.
p She's okay. She says it was just words, no marks.
o All right. We'll get out of your way, keep it down tonight.
c Okay. Thank you, officers.
""",
    "two_at_door": """
o Police department. Hi, did one of you call?
c I called. He took my car without asking and he wrecked it.
e I didn't wreck it, it's a scratch!
o One at a time. Ma'am, whose name is the car in?
c Mine. He doesn't even have a license.
e She told me I could take it. Yesterday, in the kitchen.
c That's a lie and you know it.
o Hey. Look at me. I want to hear both sides, but not at once.
e I was only going to the store and back.
o When did you bring it back?
e An hour ago. I was going to pay for the paint.
c With what money?
o Okay. I can take a report for the damage. Do you want that?
c I don't want him arrested. I just want it fixed.
""",
    "medic_call": """
o Sir, can you hear me? It's the police. What did you take?
c Nothing. I just got dizzy and sat down.
o Six Charlie, I need medics at the bus stop, male in his fifties, conscious.
d Six Charlie, medics are rolling, eight minutes out.
o Help is coming. Do you have any medical conditions?
c Diabetes. I forgot to eat this morning.
p I've got some juice in the car, want me to grab it?
o Yeah, go ahead. Sir, what's your name?
c Walter. Walter Briggs.
p Here you go, drink it slow.
c Thank you. My hands won't stop shaking.
d Six Charlie, fire is two minutes out.
o Copy. You're doing fine, Walter, just keep drinking.
p You got family we can call for you?
c My daughter. Her number is on the card in my wallet.
""",
    "alley": """
o Stop right there! Police, show me your hands!
c Okay, okay! Don't shoot!
o Get on the ground. Do it now.
p Got your back. Left side, I've got cover.
c I didn't do anything, man!
o Put your arms out to the side. Don't move.
p Moving up to cuff. Give me your right hand.
c You're hurting my arm!
p Stop pulling and it won't hurt. There. He's in cuffs.
o Seven Adam, one in custody, behind the laundromat.
d Seven Adam, copy, one in custody.
o Do you have anything on you that's going to poke me or stick me?
c No. Just my phone and my keys.
p Sit up for me. Ready? One, two, three.
o We're talking to you because of a burglary right around the corner.
c I was walking home from work!
""",
}
#: Voices of officer, community, further officer, second member of the community; and how far the others are.
CASTS = {
    "late_radio": ("middle", "joe", "bright", "low"),
    "sergeant": ("joe", "bright", "low", "middle"),
    "two_at_door": ("low", "joe", "middle", "bright"),
    "medic_call": ("joe", "low", "bright", "middle"),
    "alley": ("middle", "low", "joe", "bright"),
}
METERS = (1.5, 3.0)


def heard() -> list[Heard]:
    """All scripts at both distances."""
    studio, found = Studio(Path(tempfile.gettempdir()) / "bodyworn-bench-lines"), []
    for number, (name, text) in enumerate(SCRIPTS.items()):
        o, c, p, e = CASTS[name]
        for meters in METERS:
            people = {
                "o": Person(o, "officer", 0.4),
                "c": Person(c, "community", meters),
                "p": Person(p, "officer_2", 1.2 + 0.3 * number),
                "e": Person(e, "community", meters + 0.7),
                "d": Person("plain", "dispatch", None),
            }
            lines = [Line(who, said, -0.5 if cuts else 0.6) for who, said, cuts in parsed(text)]
            found.append(hear(studio, name, lines, people, 7000 + 10 * number + int(meters)))
    return found


def main() -> None:
    """Print what was right and what was taken for what."""
    rows: list[tuple[object, ...]] = []
    right = everything = 0
    for one in heard():
        counts = taken_for(one, one.made["utterances"].data["roles"])
        hits, total = sum(n for (truth, given), n in counts.items() if truth == given), sum(counts.values())
        right, everything = right + hits, everything + total
        wrong = [
            f"{t} as {g or 'none'} {n / total:.3f}" for (t, g), n in counts.most_common() if t != g and n > total / 100
        ]
        rows.append((one.name, one.meters, f"{hits / total:.3f}", "; ".join(wrong)))
    rows.append(("all", "", f"{right / everything:.3f}", ""))
    print(table(("script", "meters", "right", "taken for another"), rows))


if __name__ == "__main__":
    main()
