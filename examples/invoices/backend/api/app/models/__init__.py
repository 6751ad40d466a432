"""All models: mirrors of the tables that Prisma migrates, and our own, which Alembic migrates."""

from app.extensions import db
from app.models.access_code import AccessCode
from app.models.account import Account
from app.models.audit_log import AuditLog
from app.models.base import BaseModel
from app.models.company import Company
from app.models.company_address import CompanyAddress
from app.models.document_processing_log import DocumentProcessingLog
from app.models.extraction_rule import ExtractionRule
from app.models.file_access_log import FileAccessLog
from app.models.file_storage import FileStorage
from app.models.invoice import Invoice, InvoiceStatus
from app.models.invoice_line_item import InvoiceLineItem
from app.models.page_view_summary import PageViewSummary
from app.models.payment import Payment, PaymentMethod
from app.models.processing_job import JobStatus, ProcessingJob
from app.models.product import Product
from app.models.product_category import ProductCategory
from app.models.product_sub_category import ProductSubCategory
from app.models.report import Report
from app.models.sales_territory import SalesTerritory
from app.models.salesperson import Salesperson
from app.models.saved_report_template import SavedReportTemplate
from app.models.session import Session
from app.models.ship_method import ShipMethod
from app.models.usage_analytics import UsageAnalytics
from app.models.user import User, UserRole
from app.models.verification import Verification

__all__ = [
    "AccessCode",
    "Account",
    "AuditLog",
    "BaseModel",
    "Company",
    "CompanyAddress",
    "DocumentProcessingLog",
    "ExtractionRule",
    "FileAccessLog",
    "FileStorage",
    "Invoice",
    "InvoiceLineItem",
    "InvoiceStatus",
    "JobStatus",
    "PageViewSummary",
    "Payment",
    "PaymentMethod",
    "ProcessingJob",
    "Product",
    "ProductCategory",
    "ProductSubCategory",
    "Report",
    "SalesTerritory",
    "Salesperson",
    "SavedReportTemplate",
    "Session",
    "ShipMethod",
    "UsageAnalytics",
    "User",
    "UserRole",
    "Verification",
    "db",
]
