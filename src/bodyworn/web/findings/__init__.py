"""What the encounter page fetches of the findings: times for the scripts, the waveform, progress."""
