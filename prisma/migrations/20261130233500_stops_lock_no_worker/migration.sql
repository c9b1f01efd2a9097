-- Whoever takes tasks away locked their worker by the foreign key, while a worker that leaves has locked its row and waits
-- for its tasks: a deadlock.
-- DropForeignKey
ALTER TABLE "task_stop" DROP CONSTRAINT "task_stop_worker_id_fkey";
