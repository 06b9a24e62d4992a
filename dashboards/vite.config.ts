import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

// The API that `npm run dev` talks to: a running server, or the fixture of `tests/serveur.mjs`.
const api = process.env['FREQUENT_API'] ?? 'http://127.0.0.1:8080';

export default defineConfig(({ mode }) => ({
  plugins: [svelte()],
  // Under vitest, Svelte's browser build is the one that can be mounted.
  resolve: mode === 'test' ? { conditions: ['browser'] } : {},
  build: {
    target: 'es2022',
    // Every asset is a file of its own: a strict content security policy refuses data: addresses.
    assetsInlineLimit: 0,
    // The charting library is the one big part: a chunk of its own loads after the first paint.
    chunkSizeWarningLimit: 400,
  },
  server: { proxy: { '/api': api } },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.ts'],
  },
}));
