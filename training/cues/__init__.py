"""The cue model: 18 kinds of what is said."""
