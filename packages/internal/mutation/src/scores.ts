import { dirname } from "node:path";
import type { MutantResult, MutantStatus } from "@stryker-mutator/api/core";

/** Per cent of the mutants that tests noticed; of those that do not even load, none counts. */
export function scoreIn(mutants: readonly MutantResult[]): number {
  const noticed = count(mutants, "Killed") + count(mutants, "Timeout");
  const missed = count(mutants, "Survived") + count(mutants, "NoCoverage");
  return (100 * noticed) / (noticed + missed);
}

/** The scores of a target, one line for each folder. */
export function scoreTable(name: string, mutants: readonly MutantResult[]): string {
  const folders = [...new Set(mutants.map(folderOf))].sort();
  const rows = folders.map((folder) =>
    rowOf(
      folder,
      mutants.filter((mutant) => folderOf(mutant) === folder),
    ),
  );
  const head = ["folder", "mutants", "killed", "timeout", "survived", "not covered", "score"];
  return [head, ...rows, rowOf(`${name}, all`, mutants)].map(line).join("");
}

function rowOf(title: string, mutants: readonly MutantResult[]): string[] {
  const statuses: MutantStatus[] = ["Killed", "Timeout", "Survived", "NoCoverage"];
  const counts = statuses.map((status) => count(mutants, status));
  return [title, mutants.length, ...counts, `${scoreIn(mutants).toFixed(1)} %`].map(String);
}

function line([title = "", ...cells]: readonly string[]): string {
  return `${title.padEnd(36)}${cells.map((cell) => cell.padStart(12)).join("")}\n`;
}

function count(mutants: readonly MutantResult[], status: MutantStatus): number {
  return mutants.filter((mutant) => mutant.status === status).length;
}

function folderOf({ fileName }: MutantResult): string {
  return dirname(fileName);
}
