"""The Prisma witness: text → syntax tree → resolved schema → the PostgreSQL schema that Prisma Migrate makes of it."""
