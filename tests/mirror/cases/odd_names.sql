-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "dotted.schema";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "my-schema";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "my-schema"."odd.posts table" (
    "id" SERIAL NOT NULL,

    CONSTRAINT "odd.posts table_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "my-schema"."Label" (
    "odd id" SERIAL NOT NULL,

    CONSTRAINT "Label_pkey" PRIMARY KEY ("odd id")
);

-- CreateTable
CREATE TABLE "dotted.schema"."Tag" (
    "id" SERIAL NOT NULL,

    CONSTRAINT "Tag_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "words & more" (
    "id" SERIAL NOT NULL,

    CONSTRAINT "words & more_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "my-schema"."_PostToTag" (
    "A" INTEGER NOT NULL,
    "B" INTEGER NOT NULL,

    CONSTRAINT "_PostToTag_AB_pkey" PRIMARY KEY ("A","B")
);

-- CreateTable
CREATE TABLE "my-schema"."_self rel" (
    "A" INTEGER NOT NULL,
    "B" INTEGER NOT NULL,

    CONSTRAINT "_self rel_AB_pkey" PRIMARY KEY ("A","B")
);

-- CreateTable
CREATE TABLE "my-schema"."_my relation-x" (
    "A" INTEGER NOT NULL,
    "B" INTEGER NOT NULL,

    CONSTRAINT "_my relation-x_AB_pkey" PRIMARY KEY ("A","B")
);

-- CreateTable
CREATE TABLE "my-schema"."_dotted.name" (
    "A" INTEGER NOT NULL,
    "B" INTEGER NOT NULL,

    CONSTRAINT "_dotted.name_AB_pkey" PRIMARY KEY ("A","B")
);

-- CreateTable
CREATE TABLE "dotted.schema"."_of words" (
    "A" INTEGER NOT NULL,
    "B" INTEGER NOT NULL,

    CONSTRAINT "_of words_AB_pkey" PRIMARY KEY ("A","B")
);

-- CreateIndex
CREATE INDEX "_PostToTag_B_index" ON "my-schema"."_PostToTag"("B");

-- CreateIndex
CREATE INDEX "_self rel_B_index" ON "my-schema"."_self rel"("B");

-- CreateIndex
CREATE INDEX "_my relation-x_B_index" ON "my-schema"."_my relation-x"("B");

-- CreateIndex
CREATE INDEX "_dotted.name_B_index" ON "my-schema"."_dotted.name"("B");

-- CreateIndex
CREATE INDEX "_of words_B_index" ON "dotted.schema"."_of words"("B");
