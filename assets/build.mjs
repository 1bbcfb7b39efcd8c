/* Builds build/static from assets/: styles, scripts, fonts, the icon sprite and drawn art.
   The same sources give the same bytes, so that a second build changes no address. */
import { build } from "esbuild";
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { nodeMarks } from "./node_marks.mjs";

const assets = fileURLToPath(new URL(".", import.meta.url));
const root = join(assets, "..");
const target = join(root, "build", "static");
const out = join(root, "build", ".static"); // finished first, then put in place at once
const onest = join(root, "node_modules", "@fontsource-variable", "onest");

const shared = {
  bundle: true,
  minify: true,
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
  outdir: out,
  target: ["chrome111", "firefox115", "safari16.4"],
};

async function styles() {
  await build({
    ...shared,
    // The names in front are those of the files in build/static, which templates load.
    entryPoints: Object.fromEntries(
      Object.entries({
        public: "public",
        light: "light",
        quiet: "quiet",
        desk: "desk",
        door: "check_in",
        table: "table",
        cards: "card_packets",
      }).map(([bundle, name]) => [bundle, join(assets, "css", `${name}.css`)]),
    ),
    external: ["./fonts/*"],
  });
}

async function scripts() {
  await build({
    ...shared,
    format: "esm",
    plugins: [nodeMarks],
    entryPoints: {
      public: join(assets, "js", "public.js"),
      quiet: join(assets, "js", "quiet.js"),
      desk: join(assets, "js", "desk.js"),
      sheet: join(assets, "js", "approval_certificate.js"),
      package: join(assets, "js", "media_package.js"),
      door: join(assets, "js", "check_in", "page.js"),
      cards: join(assets, "js", "card_packets", "page.js"),
      counting: join(assets, "js", "visitor_counting.js"),
      table: join(assets, "js", "table", "page.js"),
      scan: join(assets, "js", "check_in", "qr_reader.js"),
      resumable_upload: join(assets, "js", "resumable_upload.js"),
      letters: join(assets, "js", "letters", "page.js"),
      current: join(assets, "js", "file_hash", "page.js"),
      editor: join(assets, "editor", "editor.js"),
    },
  });
}

async function fonts() {
  await mkdir(join(out, "fonts"), { recursive: true });
  for (const subset of ["latin", "cyrillic", "cyrillic-ext"]) {
    await cp(
      join(onest, "files", `onest-${subset}-wght-normal.woff2`),
      join(out, "fonts", `onest-${subset}.woff2`),
    );
  }
  await cp(join(onest, "LICENSE"), join(out, "fonts", "OFL.txt"));
}

/* One file for all icons; a page names one as icons.svg#i-<file name>. */
async function sprite() {
  const names = (await readdir(join(assets, "icons"))).filter((name) => name.endsWith(".svg")).sort();
  const symbols = await Promise.all(
    names.map(async (name) => {
      const drawing = /viewBox="([^"]+)">(.*)<\/svg>/s.exec(
        await readFile(join(assets, "icons", name), "utf8"),
      );
      if (!drawing) throw new Error(`assets/icons/${name} has no viewBox or no end`);
      return `<symbol id="i-${name.slice(0, -4)}" viewBox="${drawing[1]}">${drawing[2].trim()}</symbol>`;
    }),
  );
  await writeFile(
    join(out, "icons.svg"),
    `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`,
  );
}

/* WhiteNoise sends the packed twin of a file where there is one: the demo is then as light as production. */
async function pack() {
  const names = (await readdir(out)).filter((name) => /\.(css|js|svg)$/.test(name));
  for (const name of names) {
    const packed = gzipSync(await readFile(join(out, name)), { level: 9 });
    await writeFile(join(out, `${name}.gz`), packed);
  }
}

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await Promise.all([
  styles(),
  scripts(),
  fonts(),
  sprite(),
  cp(join(assets, "art"), out, { recursive: true }),
]);
await pack();
await rm(target, { recursive: true, force: true });
await rename(out, target);
