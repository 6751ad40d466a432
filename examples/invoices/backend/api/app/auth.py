"""Who is asking: the front end signs people in (Better Auth) and sends the session's token along."""

from functools import wraps

from flask import abort, g, request

from app.models import Session, db


def login_required(view):
    @wraps(view)
    def wrapper(*args, **kwargs):
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        session = db.session.scalar(db.select(Session).filter_by(token=token))
        if session is None or session.is_expired():
            abort(401)
        g.user = session.user
        return view(*args, **kwargs)

    return wrapper


def admin_required(view):
    @wraps(view)
    @login_required
    def wrapper(*args, **kwargs):
        if not g.user.is_admin:
            abort(403)
        return view(*args, **kwargs)

    return wrapper
