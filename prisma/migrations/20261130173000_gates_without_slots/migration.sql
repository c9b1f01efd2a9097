-- A gate is open or shut: nobody takes a slot of one.
ALTER TABLE "task_gate" DROP COLUMN "running";

ALTER TABLE "task_hold" DROP COLUMN "gates";
