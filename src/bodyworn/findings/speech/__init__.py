"""Speech to text: where there is speech, what was said, and which lines were not said."""
