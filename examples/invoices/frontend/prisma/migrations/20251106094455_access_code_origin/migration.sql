-- AlterTable
ALTER TABLE "access_codes" ADD COLUMN     "access_request_id" UUID,
ADD COLUMN     "generated_by" UUID,
ADD COLUMN     "generation_type" VARCHAR(20) NOT NULL DEFAULT 'manual';

-- CreateIndex
CREATE UNIQUE INDEX "access_codes_access_request_id_key" ON "access_codes"("access_request_id");

-- CreateIndex
CREATE INDEX "access_codes_generated_by_idx" ON "access_codes"("generated_by");

-- AddForeignKey
ALTER TABLE "access_codes" ADD CONSTRAINT "access_codes_generated_by_fkey" FOREIGN KEY ("generated_by") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "access_codes" ADD CONSTRAINT "access_codes_access_request_id_fkey" FOREIGN KEY ("access_request_id") REFERENCES "access_requests"("id") ON DELETE SET NULL ON UPDATE CASCADE;
