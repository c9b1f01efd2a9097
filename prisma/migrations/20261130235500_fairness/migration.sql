-- CreateEnum
CREATE TYPE "fairness" AS ENUM ('NONE', 'ROOM', 'KEY');

-- AlterTable
ALTER TABLE "job" ADD COLUMN     "fairness" "fairness" NOT NULL DEFAULT 'NONE',
ADD COLUMN     "fairness_pointer" TEXT,
ADD COLUMN     "turn_gate_id" UUID;

-- AlterTable
ALTER TABLE "task_queue" ADD COLUMN     "turn_id" BIGINT;

-- CreateTable
CREATE TABLE "task_turn" (
    "id" BIGSERIAL NOT NULL,
    "job_id" UUID NOT NULL,
    "gate_id" UUID NOT NULL,
    "priority" INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    "turn" BIGSERIAL NOT NULL,

    CONSTRAINT "task_turn_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "task_turn_key" ON "task_turn"("job_id", "priority", "key", "gate_id");

-- CreateIndex
CREATE INDEX "task_turn_order" ON "task_turn"("gate_id", "priority" DESC, "turn");

-- CreateIndex
CREATE INDEX "task_queue_turn_idx" ON "task_queue"("turn_id", "run_at", "task_id") WHERE (turn_id IS NOT NULL);

-- The key that a task takes turns by; empty where it has none. Found as limits find theirs.
CREATE FUNCTION "turn_key"(fairness "fairness", pointer text, t "task") RETURNS text LANGUAGE sql STABLE AS $$
  SELECT COALESCE((
    SELECT l.key FROM limit_gates(jsonb_build_array(jsonb_build_object('name', '', 'scope', fairness, 'keyPointer', pointer)), t) l
  ), '')
$$;

-- A row changes with every claim of its key.
ALTER TABLE "task_turn" SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_limit = 2000);
