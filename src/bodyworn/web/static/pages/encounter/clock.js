// Milliseconds as people read them.
export function clock(ms, tenths = false) {
  const all = Math.max(0, Math.floor(ms / 100));
  const hours = Math.floor(all / 36000);
  const minutes = Math.floor(all / 600) % 60;
  const seconds = Math.floor(all / 10) % 60;
  const two = (n) => String(n).padStart(2, "0");
  const head = hours ? `${hours}:${two(minutes)}` : `${minutes}`;
  return `${head}:${two(seconds)}${tenths ? `.${all % 10}` : ""}`;
}

// Index of the last row that starts at or before ms; -1 before the first. Rows are in order of their start.
export function lastBefore(rows, ms) {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle].start <= ms) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
