"""The catalogue's entries, a file for each group of kinds."""
