"""What it means when the server stopped a statement on the fence's behalf."""

from schemasync.migrate import gate, tripwires
from schemasync.migrate.layers import Executed
from schemasync.migrate.refusals import Refusal

QUERY_CANCELED = "57014"


def refusal_of(error: BaseException, executed: Executed, cancelled_by_guard: bool) -> Refusal | None:
    """The refusal that an error stands for; None where the statement failed by itself.

    Args:
        error: the driver's.
        executed: the statement.
        cancelled_by_guard: whether the guard has cancelled this connection's statement.
    """
    code = getattr(error, "pgcode", None)
    if code == QUERY_CANCELED and cancelled_by_guard:
        what = "it waits for a protected table that the guard session holds against DDL"
        instead = "change only owned tables; a foreign key of theirs is let through"
        return Refusal("guard", what, executed.place, executed.sql, instead=instead)
    if code == tripwires.CODE:
        what = f"it does what must not be done to what is protected: {str(error).partition(chr(10))[0]}"
        instead = "do it in the application, or in a migration of the owner"
        return Refusal("rehearsal", what, executed.place, executed.sql, instead=instead)
    if code == gate.CODE:
        what = "it ends the transaction, which is the fence's"
        instead = "leave COMMIT to Alembic; for what cannot run in a transaction use autocommit_block()"
        return Refusal("gate", what, executed.place, executed.sql, instead=instead)
    return None
