"""Prisma's rules on names, types, attributes and relations, one subject a file.

They run in Prisma's order: names, types, attributes, relations, then what only the whole schema can tell.
Names, types and attributes are checked whatever else is wrong, broken lines included; relations and the rest only
where nothing is, because they would only report consequences. The source of the rules is the behaviour of Prisma's
own validation.
"""
