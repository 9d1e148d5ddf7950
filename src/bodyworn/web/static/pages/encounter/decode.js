// timeline.json as objects. The server sends tables, columns named once and rows as arrays, since there may be
// thousands; from here on every row has names. Times are milliseconds.
const objects = ({ columns, rows }) => rows.map((row) => Object.fromEntries(columns.map((name, n) => [name, row[n]])));

export function decode(body) {
  return {
    duration: body.duration_ms,
    frame: body.frame_ms,
    families: body.families,
    utterances: objects(body.utterances).map((said) => ({ ...said, words: said.words.map(word) })),
    findings: objects(body.findings),
    means: body.means,
    unknown: objects(body.unknown),
    peaksStep: body.peaks_step_ms,
    tiles: body.thumbnails,
  };
}

const word = ([start, length, size]) => ({ start, end: start + length, size });
