"""Access lists in SQL: as an object by grantee, and whether they say more than PostgreSQL's default."""


def privileges(acl: str, owner: str) -> str:
    """An access list as an object: grantee to privileges, in one order however they were granted."""
    return f"""(SELECT coalesce(json_object_agg(g.grantee, g.privileges ORDER BY g.grantee COLLATE "C"), '{{}}')
    FROM (SELECT CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END AS grantee,
        string_agg(x.privilege_type || CASE WHEN x.is_grantable THEN ' with grant option' ELSE '' END || CASE WHEN
        x.grantor <> {owner} THEN ' from ' || quote_ident(pg_get_userbyid(x.grantor)) ELSE '' END, ', '
        ORDER BY x.privilege_type COLLATE "C", pg_get_userbyid(x.grantor)) AS privileges
        FROM aclexplode({acl}) AS x GROUP BY 1) AS g)"""


def granted(acl: str, kind: str, owner: str) -> str:
    """That an access list says something else than PostgreSQL's default, in whatever order."""
    default = f"acldefault('{kind}', {owner})"
    return f"{acl} IS NOT NULL AND NOT ({acl} @> {default} AND {acl} <@ {default})"
