// Prisma as a judge: reads one JSON order a line, writes one JSON answer a line, until its input ends.
//
// An order: {"version": 6 | 7, "files": [[name, text], …] or "path": a file or folder,
//            "blank_urls": whether 7 overlooks the datasource's URLs, "ddl": whether the DDL is wanted,
//            "quick": whether the editor's check alone decides, which runs the same rules in half the time}
// An answer: {"valid": true | false | null (Prisma crashed), "errors" and "warnings": [{text, file, line, col}],
//             "ddl": the SQL that Prisma would run on an empty PostgreSQL, "crash": what Prisma said of itself}
import { readFileSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

import { bindMigrationAwareSqlAdapterFactory } from "driver-adapter-utils";

const require = createRequire(import.meta.url);
let lastPanic = "";
globalThis.PRISMA_WASM_PANIC_REGISTRY = { set_message: (text) => (lastPanic = text) };

// The engine panics in a callback of its own: what waits for it would wait for ever.
let abandon;
process.on("uncaughtException", (error) => {
  if (!abandon) throw error;
  abandon(error);
});

// A module that panicked is in no fit state for the next schema.
class Language {
  constructor(version) {
    this.name = `schema-language-${version}`;
  }

  run(call) {
    lastPanic = "";
    try {
      return { value: call(require(this.name)) };
    } catch (error) {
      if (!lastPanic && !(error instanceof WebAssembly.RuntimeError)) return { error: error.message };
      delete require.cache[require.resolve(this.name)];
      return { crash: lastPanic || error.message };
    }
  }
}

// Differences between two schemas need no database; the engine only asks at the start which one it has.
const adapter = {
  provider: "postgres",
  adapterName: "schemasync-bridge",
  getConnectionInfo: () => ({ schemaName: "public", supportsRelationJoins: true }),
  async queryRaw({ sql }) {
    if (!/version/i.test(sql)) return { columnNames: [], columnTypes: [], rows: [] };
    const [boolean, text, int32] = [5, 7, 0];
    return {
      columnNames: ["exists", "version", "numeric_version"],
      columnTypes: [boolean, text, int32],
      rows: [[true, "PostgreSQL 15.0", 150000]],
    };
  },
  executeRaw: async () => 0,
  executeScript: async () => {},
  startTransaction: () => Promise.reject(new Error("there is no database")),
  dispose: async () => {},
};
const factory = {
  provider: adapter.provider,
  adapterName: adapter.adapterName,
  connect: async () => adapter,
  connectToShadowDb: async () => adapter,
};

class Engine {
  loads = 0;

  constructor(version) {
    this.folder = dirname(require.resolve(`schema-engine-${version}`));
  }

  async open() {
    if (this.opened) return this.opened;
    const glue = await import(`${pathToFileURL(join(this.folder, "schema_engine_bg.js"))}?${this.loads++}`);
    const code = new WebAssembly.Module(readFileSync(join(this.folder, "schema_engine_bg.wasm")));
    const { exports } = new WebAssembly.Instance(code, { "./schema_engine_bg.js": glue });
    glue.__wbg_set_wasm(exports);
    exports.__wbindgen_start();
    const bound = bindMigrationAwareSqlAdapterFactory(factory);
    return (this.opened = await glue.SchemaEngine.new({ datamodels: undefined }, () => {}, bound));
  }

  async ddl(files) {
    lastPanic = "";
    try {
      const engine = await this.open();
      const panicked = new Promise((_, reject) => (abandon = reject));
      const making = engine.diff({
        from: { tag: "empty" },
        to: { tag: "schemaDatamodel", files: files.map(([path, content]) => ({ path, content })) },
        script: true,
        exitCode: true,
        shadowDatabaseUrl: null,
        filters: { externalTables: [], externalEnums: [] },
      });
      return { ddl: (await Promise.race([making, panicked])).stdout };
    } catch (error) {
      this.opened = undefined;
      return { ddl: null, crash: lastPanic || error.message };
    } finally {
      abandon = undefined;
    }
  }
}

const languages = { 6: new Language(6), 7: new Language(7) };
const engines = { 6: new Engine(6), 7: new Engine(7) };

const DATASOURCE = /^[ \t]*datasource[ \t]+\w+[ \t]*\{/m;
const URL_LINE = /^([ \t]*)(?:url|directUrl|shadowDatabaseUrl)[ \t]*=[^\n]*$/gm;

function withoutUrls(text) {
  const blank = (line) => " ".repeat(line.length);
  return text.replace(/^[ \t]*datasource[ \t]+\w+[ \t]*\{[^}]*^[ \t]*\}/gm, (block) => block.replace(URL_LINE, blank));
}

function filesAt(path) {
  if (!statSync(path).isDirectory()) return [[path, readFileSync(path, "utf8")]];
  const names = readdirSync(path, { recursive: true }).map(String).sort();
  return names
    .filter((name) => name.endsWith(".prisma") && !name.split(/[\\/]/).includes("node_modules"))
    .map((name) => [join(path, name), readFileSync(join(path, name), "utf8")]);
}

// Prisma counts UTF-16 code units from the file's beginning; people count lines and characters.
function placed({ text, file_name: file, start }, files) {
  const [name, content] = files.find(([name]) => name === file) ?? files[0];
  const before = content.slice(0, start);
  const line = before.slice(before.lastIndexOf("\n") + 1);
  return { text, file: name, line: before.split("\n").length, col: [...line].length + 1 };
}

async function judge({ version, files, path, blank_urls: blankUrls, ddl, quick }) {
  files ??= filesAt(path);
  if (files.length === 0) return { valid: null, crash: "there is no .prisma file" };
  if (blankUrls && version === 7) files = files.map(([name, text]) => [name, withoutUrls(text)]);
  const language = languages[version];
  const linted = language.run((it) => JSON.parse(it.lint(JSON.stringify(files))));
  if (linted.crash) return { valid: null, errors: [], warnings: [], crash: linted.crash };
  const answer = { valid: true, errors: [], warnings: [] };
  for (const found of linted.value ?? []) {
    answer[found.is_warning ? "warnings" : "errors"].push(placed(found, files));
  }
  answer.valid = answer.errors.length === 0;
  if (!quick) {
    const judged = language.run((it) => it.validate(JSON.stringify({ prismaSchema: files, noColor: true })));
    if (judged.crash) return { valid: null, errors: [], warnings: [], crash: judged.crash };
    answer.valid = judged.error === undefined;
  }
  if (!answer.valid || ddl === false) return answer;
  if (!files.some(([, text]) => DATASOURCE.test(text))) {
    const url = version === 6 ? '  url = "postgresql://localhost"\n' : "";
    files = [...files, ["datasource.prisma", `\ndatasource db {\n  provider = "postgresql"\n${url}}\n`]];
  }
  return { ...answer, ...(await engines[version].ddl(files)) };
}

for await (const order of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const answer = await judge(JSON.parse(order)).catch((error) => ({ valid: null, crash: error.message }));
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
