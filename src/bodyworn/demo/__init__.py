"""The sample encounter: an invented traffic stop, spoken, sounded and drawn on the user's machine.

Nothing here is footage of anyone. The few quoted words come from press reports of a real stop; every name, place and
other word is made up.
"""
