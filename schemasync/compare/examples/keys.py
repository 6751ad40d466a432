"""Primary keys, foreign keys and CHECK and exclusion constraints."""

from schemasync.compare.examples import Example, Pair, pair

OWNED = """\
class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column({key})
"""
KEY = 'ForeignKey("users.id", name="orders_user_id_fkey")'
CASCADING = 'ForeignKey("users.id", name="orders_user_id_fkey", ondelete="CASCADE")'
DEFERRED = """
        ForeignKey("users.id", name="orders_user_id_fkey", deferrable=True, initially="DEFERRED")
    """
TABLES = """\
CREATE TABLE users (id integer PRIMARY KEY);
CREATE TABLE orders (id integer PRIMARY KEY, user_id integer NOT NULL);
"""
ADD_KEY = "ALTER TABLE orders ADD CONSTRAINT orders_user_id_fkey FOREIGN KEY (user_id) REFERENCES users"
CHECKED = """\
class Invoice(Base):
    __tablename__ = "invoices"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    total: Mapped[int]
"""
TOTAL_CHECK = '    __table_args__ = (CheckConstraint("total >= 0", name="invoices_total_check"),)\n'
INVOICES = "CREATE TABLE invoices (id integer PRIMARY KEY, total integer NOT NULL);\n"
ADD_CHECK = "ALTER TABLE invoices ADD CONSTRAINT invoices_total_check CHECK (total >= 0)"
BOOKED = """\
class Booking(Base):
    __tablename__ = "bookings"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    days = mapped_column(INT4RANGE)
    __table_args__ = (ExcludeConstraint(("days", "&&"), using="gist", name="bookings_days_excl"),)
"""
BOOKINGS = "CREATE TABLE bookings (id integer PRIMARY KEY, days int4range);\n"


def _owned(key: str) -> str:
    return OWNED.replace("{key}", key)


PAIRS: dict[str, Pair] = {
    "primary-key": pair(
        Example(
            prisma='model Member {\n  teamId Int @map("team_id")\n  userId Int @map("user_id")\n\n'
            '  @@id([teamId, userId])\n  @@map("members")\n}\n',
            python='class Member(Base):\n    __tablename__ = "members"\n'
            "    team_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)\n"
            "    user_id: Mapped[int]\n",
        ),
        python='class Member(Base):\n    __tablename__ = "members"\n'
        "    team_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)\n"
        "    user_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)\n",
    ),
    "foreign-key-missing": pair(Example(python=_owned(KEY), sql=TABLES), sql=f"{TABLES}{ADD_KEY};\n"),
    "foreign-key-extra": pair(Example(python=_owned(""), sql=f"{TABLES}{ADD_KEY};\n"), python=_owned(KEY)),
    "foreign-key-action": pair(
        Example(python=_owned(CASCADING), sql=f"{TABLES}{ADD_KEY};\n"),
        sql=f"{TABLES}{ADD_KEY} ON DELETE CASCADE;\n",
    ),
    "foreign-key-deferrable": pair(
        Example(python=_owned(DEFERRED), sql=f"{TABLES}{ADD_KEY};\n"),
        sql=f"{TABLES}{ADD_KEY} DEFERRABLE INITIALLY DEFERRED;\n",
    ),
    "check-missing": pair(Example(python=CHECKED + TOTAL_CHECK, sql=INVOICES), sql=f"{INVOICES}{ADD_CHECK};\n"),
    "check-extra": pair(Example(python=CHECKED, sql=f"{INVOICES}{ADD_CHECK};\n"), python=CHECKED + TOTAL_CHECK),
    "check-expression": pair(
        Example(python=CHECKED + TOTAL_CHECK, sql=INVOICES + ADD_CHECK.replace(">= 0", "> 0") + ";\n"),
        sql=f"{INVOICES}{ADD_CHECK};\n",
    ),
    "exclusion": pair(
        Example(python=BOOKED, sql=BOOKINGS),
        sql=BOOKINGS + "ALTER TABLE bookings ADD CONSTRAINT bookings_days_excl EXCLUDE USING gist (days WITH &&);\n",
    ),
    "constraint-name": pair(
        Example(python=CHECKED + TOTAL_CHECK, sql=f"{INVOICES}{ADD_CHECK};\n".replace("total_check", "positive")),
        sql=f"{INVOICES}{ADD_CHECK};\n",
    ),
    "constraint-not-valid": pair(
        Example(python=CHECKED + TOTAL_CHECK, sql=f"{INVOICES}{ADD_CHECK} NOT VALID;\n"),
        sql=f"{INVOICES}{ADD_CHECK} NOT VALID;\nALTER TABLE invoices VALIDATE CONSTRAINT invoices_total_check;\n",
    ),
}
