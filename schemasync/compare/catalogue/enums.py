"""Enum types."""

from schemasync.compare.kinds import Kind

KINDS = (
    Kind(
        name="enum-missing",
        group="enums",
        meaning="The owner declares an enum type that the database lacks.",
        breaks="Statements that cast to it fail with UndefinedObject.",
        fix="Run the owner's pending migrations; if there are none, write one that creates the type.",
    ),
    Kind(
        name="enum-extra",
        group="enums",
        meaning="The database has an enum type that no witness declares.",
        breaks="Nothing fails; no declared column uses it.",
        fix="Declare it on the side that needs it, or drop it.",
    ),
    Kind(
        name="enum-values",
        group="enums",
        meaning="The sets of values differ.",
        breaks="Writing a value that the database lacks fails; reading one that a model lacks raises LookupError.",
        fix="Add the missing values, the database's by a migration of the owner.",
    ),
    Kind(
        name="enum-order",
        group="enums",
        meaning="The same values are in another order.",
        breaks="Sorting and comparing by the enum differ from what the owner declares.",
        fix="Re-create the type in the owner's order if anything sorts by it.",
    ),
)
