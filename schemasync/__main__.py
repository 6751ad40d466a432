"""`python -m schemasync`."""

from schemasync.cli.main import run

run()
