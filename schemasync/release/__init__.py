"""Third floor: what a release changes, in which order, and whether everything that runs can run meanwhile."""
