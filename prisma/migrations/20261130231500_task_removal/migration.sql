-- Rooms of which tasks were removed: no transition says so.
-- CreateTable
CREATE TABLE "task_removal" (
    "room" TEXT NOT NULL,
    "count" INTEGER NOT NULL DEFAULT 1,
    "xid" xid8 NOT NULL DEFAULT pg_current_xact_id(),
    "removed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "task_removal_pkey" PRIMARY KEY ("room")
);
