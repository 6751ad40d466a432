-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "sales";

-- CreateEnum
CREATE TYPE "user_role" AS ENUM ('user', 'site-admin', 'title');

-- CreateEnum
CREATE TYPE "sales"."Currency" AS ENUM ('EUR', 'USD');

-- CreateEnum
CREATE TYPE "Unused" AS ENUM ('a', 'A');

-- CreateTable
CREATE TABLE "users" (
    "id" UUID NOT NULL,
    "email" VARCHAR(255) NOT NULL,
    "name" TEXT,
    "role" "user_role" NOT NULL DEFAULT 'site-admin',
    "roles" "user_role"[] DEFAULT ARRAY['user', 'title']::"user_role"[],
    "created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(6) NOT NULL,
    "boss_id" UUID,

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Profile" (
    "user_id" UUID NOT NULL,
    "text" TEXT NOT NULL,
    "date" DATE,

    CONSTRAINT "Profile_pkey" PRIMARY KEY ("user_id")
);

-- CreateTable
CREATE TABLE "Article" (
    "id" SERIAL NOT NULL,
    "number" SMALLSERIAL NOT NULL,
    "slug" VARCHAR(20) NOT NULL,
    "authorId" UUID NOT NULL,
    "editorId" UUID,
    "metadata" JSONB NOT NULL DEFAULT '{"a": ":b"}',
    "body" tsvector,
    "words" TEXT[] DEFAULT ARRAY['a', 'it''s', 'b"c']::TEXT[],

    CONSTRAINT "Article_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Tag" (
    "id" TEXT NOT NULL,
    "label" CITEXT NOT NULL,

    CONSTRAINT "Tag_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "settings" (
    "tenant" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "value" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "sales"."Price" (
    "article_id" INTEGER NOT NULL,
    "currency" "sales"."Currency" NOT NULL,
    "amount" DECIMAL(12,2) NOT NULL,
    "valid" TIMESTAMP(0) NOT NULL DEFAULT '2024-01-01 12:00:00'::timestamp without time zone,

    CONSTRAINT "price_key" PRIMARY KEY ("article_id","currency")
);

-- CreateTable
CREATE TABLE "sales"."order" (
    "tenant" INTEGER NOT NULL,
    "id" UUID NOT NULL,
    "parent" UUID,
    "class" TEXT NOT NULL DEFAULT 'first',
    "import" BOOLEAN NOT NULL DEFAULT false,
    "query" TEXT,
    "registry" TEXT,

    CONSTRAINT "order_pkey" PRIMARY KEY ("tenant","id")
);

-- CreateTable
CREATE TABLE "sales"."OrderLine" (
    "tenant" INTEGER NOT NULL,
    "orderId" UUID NOT NULL,
    "position" SMALLINT NOT NULL,
    "articleId" INTEGER NOT NULL,
    "currency" "sales"."Currency" NOT NULL,

    CONSTRAINT "OrderLine_pkey" PRIMARY KEY ("tenant","orderId","position")
);

-- CreateTable
CREATE TABLE "types" (
    "id" BIGSERIAL NOT NULL,
    "str" TEXT NOT NULL,
    "int" INTEGER NOT NULL,
    "list" INTEGER[],
    "bytes" BYTEA NOT NULL,
    "float" DOUBLE PRECISION NOT NULL,
    "decimal" DECIMAL(65,30) NOT NULL,
    "datetime" TIMESTAMP(3) NOT NULL,
    "uuid" UUID NOT NULL DEFAULT gen_random_uuid(),
    "textUuid" TEXT NOT NULL,
    "char" CHAR(3) NOT NULL,
    "bit" BIT(4) NOT NULL,
    "varBit" VARBIT(8) NOT NULL,
    "inet" INET NOT NULL,
    "small" SMALLINT NOT NULL,
    "oid" OID NOT NULL,
    "real" REAL NOT NULL,
    "double" DOUBLE PRECISION NOT NULL,
    "money" MONEY NOT NULL,
    "timetz" TIMETZ(3) NOT NULL,
    "time" TIME(0) NOT NULL,
    "date" DATE NOT NULL,
    "stamp" TIMESTAMPTZ(3) NOT NULL,
    "json" JSON NOT NULL,
    "relationship" BOOLEAN NOT NULL DEFAULT true,
    "touchedOn" DATE NOT NULL,

    CONSTRAINT "types_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "_Friends" (
    "A" UUID NOT NULL,
    "B" UUID NOT NULL,

    CONSTRAINT "_Friends_AB_pkey" PRIMARY KEY ("A","B")
);

-- CreateTable
CREATE TABLE "_ArticleToTag" (
    "A" INTEGER NOT NULL,
    "B" TEXT NOT NULL,

    CONSTRAINT "_ArticleToTag_AB_pkey" PRIMARY KEY ("A","B")
);

-- CreateIndex
CREATE UNIQUE INDEX "users_email_key" ON "users"("email");

-- CreateIndex
CREATE INDEX "Article_authorId_number_idx" ON "Article"("authorId", "number" DESC);

-- CreateIndex
CREATE INDEX "Article_metadata_idx" ON "Article" USING GIN ("metadata" jsonb_path_ops);

-- CreateIndex
CREATE INDEX "article_edited" ON "Article"("editorId") WHERE ("editorId" IS NOT NULL);

-- CreateIndex
CREATE UNIQUE INDEX "article_slug" ON "Article"("authorId", "slug");

-- CreateIndex
CREATE UNIQUE INDEX "Tag_label_key" ON "Tag"("label");

-- CreateIndex
CREATE UNIQUE INDEX "settings_tenant_key_key" ON "settings"("tenant", "key");

-- CreateIndex
CREATE INDEX "_Friends_B_index" ON "_Friends"("B");

-- CreateIndex
CREATE INDEX "_ArticleToTag_B_index" ON "_ArticleToTag"("B");

-- AddForeignKey
ALTER TABLE "users" ADD CONSTRAINT "users_boss_id_fkey" FOREIGN KEY ("boss_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Profile" ADD CONSTRAINT "Profile_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Article" ADD CONSTRAINT "Article_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Article" ADD CONSTRAINT "Article_editorId_fkey" FOREIGN KEY ("editorId") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "sales"."Price" ADD CONSTRAINT "Price_article_id_fkey" FOREIGN KEY ("article_id") REFERENCES "Article"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sales"."order" ADD CONSTRAINT "order_tenant_parent_fkey" FOREIGN KEY ("tenant", "parent") REFERENCES "sales"."order"("tenant", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "sales"."OrderLine" ADD CONSTRAINT "OrderLine_tenant_orderId_fkey" FOREIGN KEY ("tenant", "orderId") REFERENCES "sales"."order"("tenant", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sales"."OrderLine" ADD CONSTRAINT "OrderLine_articleId_currency_fkey" FOREIGN KEY ("articleId", "currency") REFERENCES "sales"."Price"("article_id", "currency") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "_Friends" ADD CONSTRAINT "_Friends_A_fkey" FOREIGN KEY ("A") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "_Friends" ADD CONSTRAINT "_Friends_B_fkey" FOREIGN KEY ("B") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "_ArticleToTag" ADD CONSTRAINT "_ArticleToTag_A_fkey" FOREIGN KEY ("A") REFERENCES "Article"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "_ArticleToTag" ADD CONSTRAINT "_ArticleToTag_B_fkey" FOREIGN KEY ("B") REFERENCES "Tag"("id") ON DELETE CASCADE ON UPDATE CASCADE;
