"""An administrator makes invitations; whoever signs up redeems one."""

from datetime import timedelta

from flask import Blueprint, abort, g, jsonify, request

from app.auth import admin_required, login_required
from app.models import AccessCode, UserRole, db
from app.models.base import utc_now

blueprint = Blueprint("invites", __name__, url_prefix="/api/invites")


@blueprint.post("")
@admin_required
def create():
    form = request.get_json()
    invite = AccessCode(
        code=AccessCode.new_code(),
        email=form.get("email"),
        role=UserRole(form.get("role", "user")),
        max_uses=form.get("max_uses", 1),
        expires_at=utc_now() + timedelta(days=form.get("days", 7)),
    ).save()
    return jsonify(invite.to_dict()), 201


@blueprint.post("/<code>/redeem")
@login_required
def redeem(code):
    invite = db.session.scalar(db.select(AccessCode).filter_by(code=code).with_for_update())
    if invite is None:
        abort(404)
    try:
        invite.redeem(g.user)
    except ValueError as error:
        abort(409, str(error))
    g.user.role = invite.role
    db.session.commit()
    return jsonify(role=g.user.role)
