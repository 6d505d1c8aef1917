import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `npm run dev` finds a running Kept for everything that is not a page. */
const kept = process.env.KEPT_URL ?? 'http://127.0.0.1:4400';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const WIDGET = 'kept-availability';

export default defineConfig({
  root: here('.'),
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    rollupOptions: {
      // A customer on a phone loads their page alone, and nothing of the dashboard.
      input: {
        index: here('index.html'),
        customer: here('customer.html'),
        'sign-in': here('sign-in.html'),
        [WIDGET]: here('src/widget/kept-availability.ts'),
      },
      // Shops name the element's script in their pages: its address stays, and it brings nothing else along.
      output: {
        entryFileNames: (chunk) =>
          chunk.name === WIDGET ? `widget/${WIDGET}.js` : 'assets/[name]-[hash].js',
      },
    },
  },
  server: { proxy: { '/v1': kept, '/sign-in': kept, '/storefront': kept, '/shop': kept, '/c/': kept } },
});
