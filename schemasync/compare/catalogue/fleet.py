"""Databases of a fleet that were not compared."""

from schemasync.compare.kinds import Kind

KINDS = (
    Kind(
        name="database-unreachable",
        group="fleet",
        meaning="One of several databases could not be connected to, or its catalogue could not be read.",
        breaks="Nothing is known of it: what all the others agree on may be missing there.",
        fix="Mend its URL, its server or the role's rights, or take it out of the list.",
    ),
    Kind(
        name="database-unrelated",
        group="fleet",
        meaning="One of several databases has no table in common with what it is held against, or no history.",
        breaks="It is empty, its migrations have not run, or its URL leads to another database.",
        fix="Run the migrations there, mend its URL, or take it out of the list.",
    ),
)
