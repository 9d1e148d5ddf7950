"""Records of dispatch and records systems: mapped, read in a child with limits, imported, and read as facts."""
