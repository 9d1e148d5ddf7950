"""The audit log: hash chain, Merkle checkpoints and verification. Only this layer imports c2pa."""
