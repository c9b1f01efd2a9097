-- CreateIndex
CREATE INDEX "event_actor_id_idx" ON "event"("actor", "id");

-- CreateIndex
CREATE INDEX "event_subject_id_id_idx" ON "event"("subject_id", "id") WHERE (subject_id IS NOT NULL);
