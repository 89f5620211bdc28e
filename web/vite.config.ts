import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { compress } from './compress';

const server = process.env['WARDIAN_URL'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
  // Relative addresses: the server writes <base href> into index.html, so the app also works below a sub-path.
  base: './',
  plugins: [react(), compress()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    target: 'es2022',
    outDir: process.env['WARDIAN_STATIC'] ?? 'dist',
    emptyOutDir: true,
    manifest: 'manifest.json',
    chunkSizeWarningLimit: 6000, // plotly, loaded only for users' own plotly figures
  },
  server: { proxy: { '/api': server, '/v2': server } },
  test: { environment: 'jsdom', include: ['src/**/*.test.{ts,tsx}'], restoreMocks: true },
});
