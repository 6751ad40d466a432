import "dotenv/config";
import { defineConfig, env } from "prisma/config";

export default defineConfig({
  schema: "prisma/schema.prisma",
  migrations: {
    path: "prisma/migrations",
  },
  datasource: {
    url: env("DATABASE_URL"),
  },
  // The back end's tables live in the same database; Alembic migrates them, and Prisma leaves them alone.
  experimental: {
    externalTables: true,
  },
  tables: {
    external: [
      "public.alembic_version",
      "public.audit_logs",
      "public.companies",
      "public.company_addresses",
      "public.document_processing_logs",
      "public.extraction_rules",
      "public.invoice_line_items",
      "public.invoices",
      "public.page_view_summaries",
      "public.payments",
      "public.product_categories",
      "public.product_sub_categories",
      "public.products",
      "public.reports",
      "public.sales_territories",
      "public.salespersons",
      "public.saved_report_templates",
      "public.ship_methods",
      "public.usage_analytics",
    ],
  },
  enums: {
    external: ["public.invoice_status", "public.payment_method"],
  },
});
