"""How two recordings lie in time beside each other, from the sound that both hear: numbers in, numbers out."""
