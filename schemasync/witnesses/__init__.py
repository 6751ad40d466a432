"""First floor: each file or folder reads one witness into a Schema."""
