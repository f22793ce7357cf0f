export function writeCorpus(wanted: { folder: string; files: number; lines: number; seed: number }): {
  files: number
  lines: number
}
