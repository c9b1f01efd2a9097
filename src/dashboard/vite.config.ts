/** The build of the dashboard: hashed files below /assets, nothing inline, no maps in the package. */
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/**
 * Begins every stylesheet with the order of the layers. A chunk that several pages share may be loaded before the one
 * with the tokens, and layers stand in the order in which they are first named.
 */
const layersInOrder: Plugin = {
  name: 'layers-in-order',
  enforce: 'post',
  generateBundle(_options, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type !== 'asset' || !file.fileName.endsWith('.css')) continue;
      file.source = `@layer tokens,base,parts,views;${file.source}`;
    }
  },
};

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  cacheDir: fileURLToPath(new URL('../../node_modules/.vite-dashboard', import.meta.url)),
  plugins: [
    react(),
    layersInOrder,
    {
      // @rjsf/core exports something for tests that asks for a validator which the policy forbids: nothing uses it.
      name: 'without-ajv',
      enforce: 'pre',
      resolveId: (id) => (id === '@rjsf/validator-ajv8' ? '\0without-ajv' : undefined),
      load: (id) => (id === '\0without-ajv' ? 'export default undefined;' : undefined),
    },
  ],
  build: {
    outDir: fileURLToPath(new URL('../../dist/dashboard', import.meta.url)),
    emptyOutDir: true,
    // light-dark() and :has() as they are written: older browsers are not served.
    target: ['chrome125', 'firefox126', 'safari17.5'],
    // The content security policy allows no data: URLs but pictures, and a file can be cached.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 500,
  },
});
