"""How work runs: the stage interface, jobs with leases, and the engines that carry them out."""
