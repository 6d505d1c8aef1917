import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Where `npm run dev` finds a running Kept for everything that is not a page. */
const kept = process.env.KEPT_URL ?? 'http://127.0.0.1:4400';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const WIDGET = 'kept-availability';

/** Smaller ones fit into a packet or two as they are. */
const WORTH_PACKING_BYTES = 1000;

/** Packs what is text once, when it is built, so that no server packs it again for everybody who asks. */
function packed(): Plugin {
  let into = '';
  return {
    name: 'kept-packed',
    apply: 'build',
    configResolved(config) {
      into = join(config.root, config.build.outDir);
      if (config.build.outDir.startsWith('/')) into = config.build.outDir;
    },
    async closeBundle() {
      const files = await readdir(into, { recursive: true, withFileTypes: true });
      const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };
      await Promise.all(
        files
          .filter((file) => file.isFile() && /\.(js|css|html|svg|csv)$/.test(file.name))
          .map(async ({ parentPath, name }) => {
            const path = join(parentPath, name);
            const bytes = await readFile(path);
            if (bytes.length < WORTH_PACKING_BYTES) return;
            await writeFile(`${path}.br`, await promisify(brotliCompress)(bytes, quality));
            await writeFile(`${path}.gz`, await promisify(gzip)(bytes, { level: 9 }));
          }),
      );
    },
  };
}

export default defineConfig({
  root: here('.'),
  plugins: [react(), packed()],
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
