import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `npm run dev` finds a running Kept for everything that is not a page. */
const kept = process.env.KEPT_URL ?? 'http://127.0.0.1:4400';

const page = (name: string) => fileURLToPath(new URL(name, import.meta.url));

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    // A customer on a phone loads their page alone, and nothing of the dashboard.
    rollupOptions: { input: { index: page('index.html'), customer: page('customer.html') } },
  },
  server: { proxy: { '/v1': kept, '/sign-in': kept, '/c/': kept } },
});
