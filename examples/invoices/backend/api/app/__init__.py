"""The back end of the invoice system."""

import os
from pathlib import Path

from flask import Flask

from app.extensions import db, migrate


def create_app() -> Flask:
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = database_url()
    # Prisma keeps UTC in columns without a time zone, so a session must speak UTC too.
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"connect_args": {"options": "-c timezone=utc"}}

    from app import models
    from app.migration_filter import include_object
    from app.routes import access_requests, invites, invoices

    db.init_app(app)
    migrate.init_app(
        app,
        models.db,
        directory=str(Path(app.root_path).parent / "migrations"),
        include_object=include_object,
        compare_server_default=True,
    )
    app.register_blueprint(access_requests.blueprint)
    app.register_blueprint(invites.blueprint)
    app.register_blueprint(invoices.blueprint)
    return app


def database_url() -> str:
    """Both applications share DATABASE_URL; only SQLAlchemy wants the driver named in it."""
    scheme, _, rest = os.environ["DATABASE_URL"].partition("://")
    return f"postgresql+psycopg2://{rest}" if scheme in ("postgres", "postgresql") else f"{scheme}://{rest}"
