-- CreateTable
CREATE TABLE "api_key" (
    "id" UUID NOT NULL,
    "prefix" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "rooms" TEXT[],
    "tier" TEXT,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "revoked_by" TEXT,
    "last_used_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "api_key_prefix_key" ON "api_key"("prefix");

-- A role that the program knows; a revocation has somebody who did it.
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_rooms_given" CHECK ("rooms" IS NOT NULL);
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_role" CHECK ("role" IN ('ADMIN', 'WORKER', 'MEMBER', 'USER'));
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_digest" CHECK ("digest" ~ '^[0-9a-f]{64}$');
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_revoked_by_somebody" CHECK (("revoked_at" IS NULL) = ("revoked_by" IS NULL));
