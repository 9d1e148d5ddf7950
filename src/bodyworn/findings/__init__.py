"""Findings: what the stages heard and saw in a recording, and the plan that runs them."""
