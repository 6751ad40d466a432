"""Somebody asks to be let in; an administrator decides."""

import uuid
from datetime import timedelta

from flask import Blueprint, abort, g, jsonify, request

from app.auth import admin_required
from app.models import AccessCode, AuditLog, db
from app.models.base import utc_now

blueprint = Blueprint("access_requests", __name__, url_prefix="/api/access-requests")

# TODO: there is no AccessRequest model yet, and AccessCode does not know the columns that came with it,
# so this module talks SQL to what the front end added in 20250918113012 and 20251106094455.
INSERT_REQUEST = db.text("""
    INSERT INTO access_requests (id, email, full_name, company, reason, updated_at)
    VALUES (:id, :email, :full_name, :company, :reason, :now)
""")
LOCK_REQUEST = db.text("SELECT email, status FROM access_requests WHERE id = :id FOR UPDATE")
DECIDE_REQUEST = db.text("""
    UPDATE access_requests
    SET status = :status, reviewed_by = :reviewer, reviewed_at = :now, updated_at = :now
    WHERE id = :id
""")
LINK_CODE = db.text("""
    UPDATE access_codes
    SET generated_by = :reviewer, generation_type = 'access_request', access_request_id = :request
    WHERE id = :id
""")


@blueprint.post("")
def ask():
    form = request.get_json()
    request_id = uuid.uuid4()
    db.session.execute(
        INSERT_REQUEST,
        {
            "id": request_id,
            "email": form["email"],
            "full_name": form["full_name"],
            "company": form.get("company"),
            "reason": form.get("reason"),
            "now": utc_now(),
        },
    )
    db.session.commit()
    return jsonify(id=str(request_id), status="pending"), 201


@blueprint.post("/<uuid:request_id>/approve")
@admin_required
def approve(request_id):
    email = decide(request_id, "approved")
    code = AccessCode(code=AccessCode.new_code(), email=email, expires_at=utc_now() + timedelta(days=14))
    db.session.add(code)
    db.session.flush()
    db.session.execute(LINK_CODE, {"id": code.id, "reviewer": g.user.id, "request": request_id})
    db.session.commit()
    return jsonify(id=str(request_id), status="approved", code=code.code)


@blueprint.post("/<uuid:request_id>/reject")
@admin_required
def reject(request_id):
    decide(request_id, "rejected")
    db.session.commit()
    return jsonify(id=str(request_id), status="rejected")


def decide(request_id, status):
    """Record the decision on a pending request, and give the address that it came from."""
    pending = db.session.execute(LOCK_REQUEST, {"id": request_id}).one_or_none()
    if pending is None:
        abort(404)
    if pending.status != "pending":
        abort(409, f"already {pending.status}")
    db.session.execute(DECIDE_REQUEST, {"id": request_id, "status": status, "reviewer": g.user.id, "now": utc_now()})
    db.session.add(
        AuditLog(
            actor_id=g.user.id,
            action=f"access_request.{status}",
            entity_type="access_request",
            entity_id=request_id,
            changes={"status": ["pending", status]},
            ip_address=request.remote_addr,
        )
    )
    return pending.email
