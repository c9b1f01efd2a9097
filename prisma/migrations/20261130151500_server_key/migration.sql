-- CreateTable
CREATE TABLE "server_key" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "secret" TEXT NOT NULL,

    CONSTRAINT "server_key_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "server_key_single_row" CHECK ("id" = 1)
);

-- 244 random bits.
INSERT INTO "server_key" ("secret") VALUES (gen_random_uuid()::text || gen_random_uuid()::text);
