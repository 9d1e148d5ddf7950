"""The stages, one file each; ``STAGES`` in ``findings/plan.py`` lists them."""
