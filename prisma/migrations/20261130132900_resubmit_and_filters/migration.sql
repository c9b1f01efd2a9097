-- AlterTable
ALTER TABLE "asset" ADD COLUMN     "storage_path" TEXT;

-- AlterTable
ALTER TABLE "task" ADD COLUMN     "copy_of" UUID;

-- What lists are filtered by, each in the order of ids, and paid only by tasks that have it.
CREATE INDEX "task_entity_idx" ON "task"("entity_id", "id") WHERE (entity_id IS NOT NULL);
CREATE INDEX "task_error_code_idx" ON "task"((error->>'code'), "id") WHERE (error IS NOT NULL);

-- What is looked up where it is rare, in no order.
CREATE INDEX "task_labels_idx" ON "task" USING gin ("labels" jsonb_path_ops) WHERE (labels <> '{}'::jsonb);
CREATE INDEX "task_error_words_idx" ON "task" USING gin (regexp_split_to_array(lower("left"(error->>'message', 500)), '[^[:alnum:]]+')) WHERE (error IS NOT NULL);
