// Parses MyST Markdown with MyST's own parser; prints what it complains of and what it found.
import fs from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(`${process.argv[2]}/package.json`);
const from = async (name) => import(pathToFileURL(require.resolve(name)).href);
const { mystParse } = await from("myst-parser");
const { proofDirective } = await from("myst-ext-proof");
const { VFile } = await from("vfile");
const told = process.argv.slice(3).map((path) => {
  const vfile = new VFile(), kinds = {};
  const tree = mystParse(fs.readFileSync(path, "utf8"), { directives: [proofDirective], vfile });
  const walk = (node) => {
    kinds[node.type] = (kinds[node.type] || 0) + 1;
    (node.children || []).forEach(walk);
  };
  walk(tree);
  const text = JSON.stringify(tree, (key, value) => (key === "position" ? undefined : value));
  return { path, messages: vfile.messages.map(String), kinds, text };
});
process.stdout.write(JSON.stringify(told));
