"""What is true of the second camera: when it begins, how wrong its clock is, where its wearer stands, what he says."""

from __future__ import annotations

from bodyworn.demo.voices import Timbre

#: It begins this long before the line "Step out on this side" of the first recording starts, and runs for so long.
BEFORE_STEPS_OUT_MS, LENGTH_MS = 5_000, 60_000
#: Its clock is ahead of the first camera's by this.
CLOCK_AHEAD_MS = 7_300
#: How far its wearer stands from the people, and how long sound takes from there.
DISTANCE_M = 8.0
SOUND_DELAY_MS = round(DISTANCE_M / 343 * 1000)
#: He sits in his car, with its windows up, until now.
OUT_OF_CAR_MS = 11_500
#: The numbers that the drawn cameras print into their pictures, and that stand in their sidecars.
FIRST_UNIT, SECOND_UNIT = "214", "219"
#: His voice.
DEPUTY = Timbre(pitch=0.70, formants=0.96, speed=1.04)
#: What he says into his radio, before he gets out: nothing of it reaches the first camera.
LINES: tuple[tuple[int, str], ...] = (
    (2_000, "Two nineteen, I am out with two fourteen, county road six at the old mill."),
    (8_300, "Everything looks calm here."),
)
