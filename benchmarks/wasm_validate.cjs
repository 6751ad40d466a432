// Prisma's own validation: node wasm_validate.cjs PACKAGE ROUNDS SCHEMA… prints, per schema, the CPU milliseconds of each call.
const fs = require("fs");
const [packageFolder, rounds, ...schemas] = process.argv.slice(2);
const wasm = require(packageFolder);
const texts = schemas.map((path) => fs.readFileSync(path, "utf8"));
const times = texts.map(() => []);
for (let round = 0; round < Number(rounds); round++) {
  texts.forEach((text, index) => {
    const before = process.cpuUsage();
    wasm.validate(JSON.stringify({ prismaSchema: [["schema.prisma", text]], noColor: true }));
    const used = process.cpuUsage(before);
    times[index].push((used.user + used.system) / 1000);
  });
}
console.log(JSON.stringify(times));
