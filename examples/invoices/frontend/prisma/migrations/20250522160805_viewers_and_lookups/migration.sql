-- AlterEnum
ALTER TYPE "UserRole" ADD VALUE 'viewer';

-- AlterTable
ALTER TABLE "file_storage" ALTER COLUMN "mime_type" SET DATA TYPE VARCHAR(100);

-- CreateIndex
CREATE INDEX "users_role_created_at_idx" ON "users"("role", "created_at" DESC);

-- CreateIndex
CREATE INDEX "access_codes_is_active_expires_at_idx" ON "access_codes"("is_active", "expires_at" DESC);

-- CreateIndex
CREATE INDEX "file_storage_checksum_idx" ON "file_storage"("checksum");
