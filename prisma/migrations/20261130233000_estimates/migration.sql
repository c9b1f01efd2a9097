-- What has happened to a job in whatever room, the newest first: what estimates are made from.
CREATE INDEX "statistic_job_id_grain_at_idx" ON "statistic" ("job_id", "grain", "at");
