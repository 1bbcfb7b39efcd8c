/* Bundles a test as the page's script is bundled, marks on nodes included, and leaves it where it is told. */
import { build } from "esbuild";

import { nodeMarks } from "../../assets/node_marks.mjs";

const [, , source, target] = process.argv;

await build({
  entryPoints: [source],
  outfile: target,
  bundle: true,
  platform: "node",
  format: "esm",
  logLevel: "warning",
  plugins: [nodeMarks],
});
