"""People with accounts: who they are, what they do, where; and the policy that follows from it."""
