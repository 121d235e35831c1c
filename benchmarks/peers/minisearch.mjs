// MiniSearch in a process of its own: a line of JSON in, a line of JSON out.
//
// It builds an index of the lines on stdin and writes it to a file ("build FILE"), or reads the
// file and answers questions ("ask FILE"), saying with each what it took of its processor.

import { readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import MiniSearch from "minisearch";

const [, , mode, file, settings] = process.argv;
const { fields, boost, facets, hits, values } = JSON.parse(settings);

const options = {
  idField: "row",
  fields,
  storeFields: ["shown", "facets"],
  tokenize: (text) => text.split(" "),
  processTerm: (term) => term,
};

function wanted(question) {
  const words = question.words.map((terms) => ({
    combineWith: "OR",
    queries: terms,
    prefix: false,
  }));
  const begun = question.prefix ? [{ queries: [question.prefix], prefix: true }] : [];
  return { combineWith: "AND", queries: [...words, ...begun] };
}

function count(found) {
  const counts = facets.map(() => new Map());
  for (const result of found) {
    for (let i = 0; i < facets.length; i++) {
      for (const value of result.facets[i]) {
        counts[i].set(value, (counts[i].get(value) ?? 0) + 1);
      }
    }
  }
  const commonest = (counted) => [...counted].sort((a, b) => b[1] - a[1]).slice(0, values);
  return Object.fromEntries(facets.map((name, i) => [name, commonest(counts[i])]));
}

function answer(index, question, wall, processor) {
  if (question.post) {
    index.replace(question.post);
  }
  const found = index.search(wanted(question), { boost });
  const rows = found.slice(0, hits).map((result) => result.shown);
  const counted = question.facets ? count(found) : {};
  const spent = process.cpuUsage(processor);
  return {
    total: found.length,
    rows: rows.length,
    facets: counted,
    processor: (spent.user + spent.system) / 1000,
    wall: performance.now() - wall,
  };
}

const lines = createInterface({ input: process.stdin });
if (mode === "build") {
  const index = new MiniSearch(options);
  for await (const line of lines) {
    index.add(JSON.parse(line));
  }
  writeFileSync(file, JSON.stringify(index));
} else {
  let begun = [performance.now(), process.cpuUsage()];
  const index = MiniSearch.loadJSON(readFileSync(file, "utf8"), options);
  for await (const line of lines) {
    const question = JSON.parse(line);
    const said = answer(index, question, ...(begun ?? [performance.now(), process.cpuUsage()]));
    process.stdout.write(JSON.stringify(said) + "\n");
    begun = null;
  }
}
