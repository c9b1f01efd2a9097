-- Nothing reads the queue by time alone any more. While this index was there, a claim could be planned to look by it for
-- what has become due: then it walked over every task that waits, of all jobs.
DROP INDEX "task_queue_run_at_idx";
