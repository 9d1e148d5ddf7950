"""The record: hash chain, Merkle checkpoints and verification. Only this layer imports c2pa."""
