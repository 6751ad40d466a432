"""`python -m schemasync`."""

try:
    from schemasync.cli.main import run
except KeyboardInterrupt:
    raise SystemExit(130) from None

run()
