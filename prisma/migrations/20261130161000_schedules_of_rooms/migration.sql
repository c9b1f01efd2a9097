-- Rooms name their schedules each for itself.
CREATE UNIQUE INDEX "schedule_room_name_key" ON "schedule"((COALESCE("room", '')), "name");

DROP INDEX "schedule_name_key";
