"""What follows from the words and the cues together. Counts, times and quotes; never a grade of a person."""
