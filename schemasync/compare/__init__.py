"""Second floor: facts side by side. Reads no file and no database; compares Schema values and judges the drifts."""
