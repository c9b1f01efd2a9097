-- By default a table is vacuumed when a fifth of it is dead. Of a million finished tasks that would be 200,000 dead rows,
-- among which each claim looks for the next live ones.
ALTER TABLE "task" SET (
  autovacuum_vacuum_scale_factor = 0.01,
  autovacuum_vacuum_threshold = 5000,
  autovacuum_analyze_scale_factor = 0.02,
  autovacuum_vacuum_cost_limit = 2000
);

-- Only appended to, and trimmed: what is vacuumed early is read without looking at the table, and frozen bit by bit.
ALTER TABLE "task_transition" SET (
  autovacuum_vacuum_scale_factor = 0.02,
  autovacuum_vacuum_insert_scale_factor = 0.05,
  autovacuum_analyze_scale_factor = 0.05,
  autovacuum_vacuum_cost_limit = 2000
);

-- A heartbeat changes no index: with room on its page it is a HOT update, and leaves nothing for a vacuum.
ALTER TABLE "worker" SET (fillfactor = 50);
