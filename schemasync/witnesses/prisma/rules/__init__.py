"""Prisma's rules on names, types, attributes and relations, one subject a file.

They run in Prisma's order: names, types, attributes, relations, then what only the whole schema can tell.
Within a stage every error is reported; a stage that found errors ends the run, because what follows would
only report consequences. The source of the rules is the behaviour of Prisma's own validation.
"""
