"""An upload queues a job for the front end's worker; asking for the job makes the invoice once it is done."""

import hashlib
from datetime import date
from decimal import Decimal

from flask import Blueprint, abort, g, jsonify, request

from app.auth import login_required
from app.models import (
    Company,
    DocumentProcessingLog,
    FileAccessLog,
    FileStorage,
    Invoice,
    InvoiceLineItem,
    InvoiceStatus,
    JobStatus,
    ProcessingJob,
    db,
)

blueprint = Blueprint("invoices", __name__, url_prefix="/api/invoices")


@blueprint.post("/uploads")
@login_required
def upload():
    document = request.files["document"]
    content = document.read()
    checksum = hashlib.sha256(content).hexdigest()
    stored = FileStorage(
        user=g.user,
        original_name=document.filename,
        storage_key=f"invoices/{g.user.id}/{checksum}",
        mime_type=document.mimetype,
        size_bytes=len(content),
        checksum=checksum,
    )
    job = ProcessingJob(file=stored, user=g.user, job_type="invoice-extraction", priority=10)
    log = FileAccessLog(file=stored, user=g.user, action="upload", ip_address=request.remote_addr)
    db.session.add_all([stored, job, log])
    db.session.commit()
    return jsonify(job=str(job.id), status=job.status), 202


@blueprint.get("/jobs/<uuid:job_id>")
@login_required
def poll(job_id):
    # The lock keeps two polls at the same moment from making two invoices.
    job = db.session.get(ProcessingJob, job_id, with_for_update=True)
    if job is None or job.user_id != g.user.id:
        abort(404)
    if job.status != JobStatus.COMPLETED:
        return jsonify(status=job.status, error=job.error_message), 200 if job.is_finished else 202
    invoice = db.session.scalar(db.select(Invoice).filter_by(job_id=job.id))
    if invoice is None:
        invoice = create_invoice(job)
        db.session.add(DocumentProcessingLog(job=job, invoice=invoice, stage="invoice", message="created"))
        db.session.commit()
    return jsonify(status=job.status, invoice=invoice.to_dict())


def create_invoice(job):
    """The invoice that the worker has read from the file."""
    found = job.result
    company = db.session.scalar(db.select(Company).filter_by(vat_number=found["vat_number"]))
    if company is None:
        company = Company(name=found["company"], vat_number=found["vat_number"])
    net_amount, tax_amount = Decimal(found["net"]), Decimal(found["tax"])
    return Invoice(
        company=company,
        uploader=job.user,
        file=job.file,
        job=job,
        number=found["number"],
        status=InvoiceStatus.RECEIVED,
        issued_on=date.fromisoformat(found["issued_on"]),
        net_amount=net_amount,
        tax_amount=tax_amount,
        total_amount=net_amount + tax_amount,
        extracted=found,
        line_items=[
            InvoiceLineItem(
                position=position,
                description=line["description"],
                quantity=Decimal(line["quantity"]),
                unit_price=Decimal(line["unit_price"]),
            )
            for position, line in enumerate(found["lines"], start=1)
        ],
    )
