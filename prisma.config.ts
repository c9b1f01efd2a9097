import { defineConfig } from 'prisma/config';

// Generating needs no database; migrations are written by `npm run db:diff` and applied by the server at start.
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
});
