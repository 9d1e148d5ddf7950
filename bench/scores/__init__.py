"""How an answer is scored against the truth."""
