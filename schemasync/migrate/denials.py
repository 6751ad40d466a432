"""Statements that are no migration's matter, whatever they name: the parse tree's node, and why."""

DENIALS = {
    "CreateEventTrigStmt": "an event trigger fires on everybody's DDL, Prisma's too",
    "AlterEventTrigStmt": "an event trigger fires on everybody's DDL, Prisma's too",
    "AlterSystemStmt": "ALTER SYSTEM changes the whole server",
    "AlterDatabaseStmt": "ALTER DATABASE changes the database for Prisma too",
    "AlterDatabaseSetStmt": "ALTER DATABASE changes the settings of everybody's sessions",
    "AlterRoleSetStmt": "ALTER ROLE … SET changes the settings of other sessions",
    "AlterRoleStmt": "ALTER ROLE changes what a role may do, which is not a migration's matter",
    "DropRoleStmt": "DROP ROLE takes a role away from everybody",
    "GrantRoleStmt": "GRANT of a role changes who may do what, which is not a migration's matter",
    "DropdbStmt": "it drops a database",
    "DropOwnedStmt": "DROP OWNED drops whatever a role owns, declared or not",
    "ReassignOwnedStmt": "REASSIGN OWNED changes the owner of whatever a role owns",
    "AlterDefaultPrivilegesStmt": "ALTER DEFAULT PRIVILEGES applies to tables that Prisma will create",
    "CreatePublicationStmt": "a publication changes which UPDATEs and DELETEs its tables accept",
    "AlterPublicationStmt": "a publication changes which UPDATEs and DELETEs its tables accept",
    "CreateSubscriptionStmt": "a subscription writes rows behind every application's back",
    "CreateCastStmt": "a cast changes how everybody's statements are read",
    "LoadStmt": "LOAD runs a library in the database server",
}
