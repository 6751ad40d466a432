"""What the user's own tools load: Alembic's env.py, a Flask application."""
