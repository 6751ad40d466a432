"""A program that holds a scratch database and waits; the tests end it in every way there is.

Prints a JSON line with the database's URL and name, the server's process and its data folder, then waits
on its input. Takes a choice of server, and `as-nobody` to give up root first.
"""

import importlib
import json
import os
import sys

from schemasync.scratch import scratch_server

choice, *flags = sys.argv[1:]
if "as-nobody" in flags:
    # Python's own files may be out of nobody's reach: what is needed is imported before.
    for module in ("psycopg2.extensions", "schemasync.scratch.embedded", "schemasync.scratch.watchdog"):
        importlib.import_module(module)
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)

database = scratch_server(choice).create_database()
connection = database.connect()
with connection.cursor() as cursor:
    cursor.execute("SELECT pg_backend_pid(), current_setting('data_directory')")
    backend, data = cursor.fetchone() or (0, "")
print(json.dumps({"url": database.url, "name": database.name, "backend": backend, "data": data}), flush=True)
sys.stdin.readline()
