-- One row that nobody writes to again: the system columns of it tell a restored or copied log from the one it came from.
CREATE TABLE "log_origin" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "renewed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "log_origin_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "log_origin_single_row" CHECK ("id" = 1)
);
INSERT INTO "log_origin" DEFAULT VALUES;
