"""Ground floor: what a PostgreSQL schema is. Pure data; imports the standard library only."""
