"""Who acts and what they may do: identity, the one policy, sessions."""
