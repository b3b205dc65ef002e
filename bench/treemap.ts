/** Draws parts of a whole as an SVG treemap: rows of rectangles whose areas are the parts. Knows nothing of bundles. */

export interface Part {
  name: string;
  bytes: number;
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** An SVG document as text. */
export function treemap(parts: Part[], width = 1100, height = 640): string {
  const total = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  const cells = layOut(
    parts.toSorted((a, b) => b.bytes - a.bytes),
    { x: 0, y: 0, width, height },
  );
  const drawn = cells.map(({ part, box }, index) => {
    const share = `${((100 * part.bytes) / total).toFixed(1)} %`;
    const hue = part.name.includes('/') && !part.name.startsWith('@') ? 262 : 40;
    const hasRoom = box.width > 70 && box.height > 30;
    const label = hasRoom
      ? `<text x="${box.x + 8}" y="${box.y + 19}">${escape(fit(part.name, box.width))}<tspan x="${box.x + 8}" dy="16" opacity=".7">${share}</tspan></text>`
      : '';
    return `<g><title>${escape(part.name)}: ${part.bytes} bytes, ${share}</title><rect x="${box.x + 1}" y="${box.y + 1}" width="${Math.max(0, box.width - 2)}" height="${Math.max(0, box.height - 2)}" rx="5" fill="oklch(${60 + (index % 5) * 5}% .11 ${hue})"/>${label}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui,sans-serif" font-size="13" fill="#0d1220">${drawn.join('\n')}</svg>\n`;
}

/** Halves the parts by weight, the box along its longer side, until one part is left in each. */
function layOut(parts: Part[], box: Box): { part: Part; box: Box }[] {
  const [first] = parts;
  if (!first) return [];
  if (parts.length === 1) return [{ part: first, box }];
  const total = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  let count = 1;
  let sum = first.bytes;
  while (count < parts.length - 1 && sum + (parts[count]?.bytes ?? 0) <= total / 2) {
    sum += parts[count]?.bytes ?? 0;
    count += 1;
  }
  const share = sum / total;
  const isWide = box.width >= box.height;
  const head = isWide ? { ...box, width: box.width * share } : { ...box, height: box.height * share };
  const tail = isWide
    ? { ...box, x: box.x + head.width, width: box.width - head.width }
    : { ...box, y: box.y + head.height, height: box.height - head.height };
  return [...layOut(parts.slice(0, count), head), ...layOut(parts.slice(count), tail)];
}

function fit(name: string, width: number): string {
  const letters = Math.floor((width - 16) / 7.2);
  return name.length <= letters ? name : `${name.slice(0, Math.max(1, letters - 1))}…`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
