-- What happened is counted in "statistic" and "task_count"; nothing read these.
DROP TABLE "rollup";
DROP TABLE "rollup_hour";
DROP TABLE "log_mark";
