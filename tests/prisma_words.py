"""The words that made-up schemas are made of: what fits, then what is refused."""

Words = tuple[list[str], list[str]]

NAMES = ["User", "Post", "Tag", "model", "order", "select", "Größe", "a", "A1", "x_", "under__score", "Straße", "名前"]
NAMES += ["type", "view", "Int1", "user", "USER", "äöüß" * 7]
NAMES += ["VeryLongNameThatNobodyWouldWriteButThatALimitOfSixtyThreeBytesCutsOffSomewhere"]
FIELDS = ["id", "name", "email", "ownerId", "value", "count_", "größe", "createdAt", "model", "order_", "A", "B", "x1"]
FIELDS += ["user", "User", "select", "aVeryLongNameForAColumnThatTogetherWithItsTableExceedsTheLimitOfBytes"]
MAPPED = ["t", "some table", "Ünïcode", "it's", "UPPER", "select", "x" * 63, "ä" * 31, "a.b", "-", "id", "A"]
ENUM_VALUES = ["A", "B_1", "größe", "user", "X" * 63, "default"]
# Prisma doubles no quote in an enum's labels: its DDL would be broken SQL.
ENUM_MAPPED = [name for name in MAPPED if "'" not in name]
NATIVE: dict[str, Words] = {
    "String": (
        ["Text", "VarChar", "VarChar(20)", "Char", "Char(3)", "Bit", "Bit(4)", "VarBit(9)", "Uuid", "Xml", "Inet"],
        ["VarChar(x)", "Text(3)", "Integer", "Bit(0)", "VarBit"],
    ),
    "Boolean": (["Boolean"], ["Bool"]),
    "Int": (["Integer", "SmallInt", "Oid"], ["BigInt", "Integer(3)"]),
    "BigInt": (["BigInt"], ["Integer"]),
    "Float": (["Real", "DoublePrecision"], ["Decimal"]),
    "Decimal": (
        ["Decimal", "Decimal(10, 2)", "Decimal(5,5)", "Money", "Decimal(1000,0)"],
        ["Decimal(3, 9)", "Decimal(8)", "Decimal(1001, 0)"],
    ),
    "DateTime": (
        ["Timestamp", "Timestamp(0)", "Timestamp(6)", "Timestamptz", "Timestamptz(3)", "Date", "Time(2)", "Timetz(6)"],
        ["Timestamp(7)", "Timestamptz(-1)", "timestamp"],
    ),
    "Json": (["Json", "JsonB"], ["Text"]),
    "Bytes": (["ByteA"], ["Bytea"]),
}
SCALARS = list(NATIVE)
LITERALS: dict[str, Words] = {
    "String": (['""', '"a"', '"it\'s \\"x\\" \\n \\\\"', '"ü😀"', '"\\u00e9"'], ["1", "true", "'a'"]),
    "Boolean": (["true", "false"], ['"true"', "TRUE"]),
    "Int": (["0", "-1", "007", "2147483647"], ["2147483648", "1.5", '"1"']),
    "BigInt": (["0", "-9223372036854775808", "9223372036854775807"], ["9223372036854775808", '"1"']),
    "Float": (["0", "1.50", "-3", "1.0000000000000000001"], ['"1.5"', "1e5"]),
    "Decimal": (["0", "1.10", "-3.14159265358979323846", '"2.00"', "-0.00"], ['"x"', "true"]),
    "DateTime": (
        ['"2020-01-01T00:00:00Z"', '"2020-01-01T10:00:00.123+02:00"', '"1900-12-31T23:59:59.999999-11:30"'],
        ['"2020-02-30T00:00:00Z"', '"2020-01-01"', "now"],
    ),
    "Json": (['"{}"', '"[1, 2]"', '"{\\"a\\": null}"', '" 1 "'], ['"{"', "1", '""']),
    "Bytes": (['"SGVsbG8="', '""', '"AA=="'], ['"SGVsbG8"', '"!"']),
}
FUNCTIONS: dict[str, Words] = {
    "String": (
        ["uuid()", "uuid(4)", "uuid(7)", "cuid()", "cuid(2)", "ulid()", "nanoid()", "nanoid(5)"],
        ["uuid(1)", "now()", "cuid(3)", "nanoid(1)", "auto()", "foo()"],
    ),
    "Int": (["autoincrement()"], ["cuid()", "autoincrement(1)"]),
    "BigInt": (["autoincrement()"], ["autoincrement(1)"]),
    "DateTime": (["now()"], ["uuid()", "now(1)"]),
}
GENERATED: Words = (['dbgenerated("now()")', "dbgenerated()", "dbgenerated(\"'x'::text\")"], ['dbgenerated("")'])
CONDITIONS: Words = (['raw("1 = 1")', 'raw("x IS NOT NULL AND y > 3")'], ['raw("")', "1"])
METHODS = ["Gin", "Gist", "SpGist", "Brin", "Hash"]
OPERATOR_CLASSES = {
    "Gin": ["JsonbPathOps", "JsonbOps", "ArrayOps"],
    "Gist": ["InetOps"],
    "SpGist": ["InetOps", "TextOps"],
    "Brin": ["Int4MinMaxOps", "TextBloomOps", "UuidMinMaxMultiOps"],
}
RAW_CLASSES = ['raw("text_pattern_ops")', 'raw("gin_trgm_ops")']
ACTIONS = ["Cascade", "Restrict", "NoAction", "SetNull", "SetDefault"]
