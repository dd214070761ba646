import { createRandom } from '../random.ts';
import type { Random } from '../random.ts';
import type { Brush } from './paint.ts';

type Draw = (brush: Brush, width: number, height: number) => void;

const FACE = '"Figtree Variable", Figtree, "DejaVu Sans", sans-serif';

function text(
  brush: Brush,
  words: string,
  x: number,
  y: number,
  size: number,
  colour: string,
  weight = 800,
): void {
  brush.font = `${weight} ${size}px ${FACE}`;
  brush.textAlign = 'center';
  brush.textBaseline = 'alphabetic';
  brush.fillStyle = colour;
  brush.fillText(words, x, y);
}

function blob(brush: Brush, x: number, y: number, rx: number, ry: number, turn = 0): void {
  brush.beginPath();
  brush.ellipse(x, y, rx, ry, turn, 0, 2 * Math.PI);
  brush.fill();
}

function leaf(
  brush: Brush,
  x: number,
  y: number,
  size: number,
  turn: number,
  colour: string,
): void {
  brush.save();
  brush.translate(x, y);
  brush.rotate(turn);
  brush.fillStyle = colour;
  brush.beginPath();
  brush.moveTo(0, 0);
  brush.quadraticCurveTo(size * 0.5, -size * 0.45, size, 0);
  brush.quadraticCurveTo(size * 0.5, size * 0.45, 0, 0);
  brush.fill();
  brush.restore();
}

function hills(
  brush: Brush,
  width: number,
  height: number,
  at: number,
  colour: string,
  waves: number,
  phase: number,
): void {
  brush.fillStyle = colour;
  brush.beginPath();
  brush.moveTo(0, height);
  for (let x = 0; x <= width; x += 8) {
    brush.lineTo(x, at + Math.sin((x / width) * Math.PI * 2 * waves + phase) * 22);
  }
  brush.lineTo(width, height);
  brush.fill();
}

function barcode(
  brush: Brush,
  random: Random,
  x: number,
  y: number,
  wide: number,
  high: number,
): void {
  brush.fillStyle = '#FFFFFF';
  brush.fillRect(x - 8, y - 8, wide + 16, high + 16);
  brush.fillStyle = '#15291F';
  for (let at = 0; at < wide - 3; at += random.between(3, 7)) {
    brush.fillRect(x + at, y, random.between(1, 3), high);
  }
}

function smallPrint(
  brush: Brush,
  random: Random,
  x: number,
  y: number,
  wide: number,
  lines: number,
  colour: string,
): void {
  brush.fillStyle = colour;
  for (let line = 0; line < lines; line += 1) {
    brush.fillRect(x, y + line * 15, wide * random.between(0.6, 1), 5);
  }
}

/** Columns of a carton from left to right: right side, back, left side, front. */
function eachFront(width: number, draw: (middle: number) => void): void {
  draw(width * 0.375);
  draw(width * 0.875);
}

export const milkArt: Draw = (brush, width, height) => {
  const random = createRandom(31);
  brush.fillStyle = '#FBFAF5';
  brush.fillRect(0, 0, width, height);
  brush.fillStyle = '#2467A8';
  brush.fillRect(0, 0, width, height * 0.2);
  brush.fillStyle = '#1B4F85';
  brush.fillRect(0, 0, width, height * 0.065);
  hills(brush, width, height, height * 0.72, '#BFDDA6', 2, 0.4);
  hills(brush, width, height, height * 0.79, '#7DBB6B', 4, 1.2);
  hills(brush, width, height, height * 0.87, '#1F7A45', 2, 2.2);
  eachFront(width, (middle) => {
    brush.fillStyle = '#F4B73F';
    blob(brush, middle + 58, height * 0.61, 34, 34);
    text(brush, 'MORNING', middle, height * 0.315, 44, '#1B4F85', 900);
    text(brush, 'FIELD', middle, height * 0.365, 44, '#1B4F85', 900);
    brush.fillStyle = '#F4B73F';
    brush.fillRect(middle - 40, height * 0.383, 80, 7);
    text(brush, 'Milk', middle, height * 0.505, 92, '#2467A8', 900);
    text(brush, 'whole · 3.5 % fat', middle, height * 0.55, 22, '#5A6B61', 600);
    cow(brush, middle - 14, height * 0.765);
    text(brush, '1 litre', middle, height * 0.95, 34, '#FFFFFF', 800);
  });
  for (const middle of [width * 0.125, width * 0.625]) {
    text(brush, 'Milk', middle, height * 0.33, 58, '#2467A8', 900);
    smallPrint(brush, random, middle - 88, height * 0.38, 176, 9, '#A9B6C2');
    brush.fillStyle = '#2467A8';
    blob(brush, middle, height * 0.64, 48, 48);
    text(brush, '3.5%', middle, height * 0.653, 34, '#FFFFFF', 800);
  }
  barcode(brush, random, width * 0.06, height * 0.9, 120, 56);
};

function cow(brush: Brush, x: number, y: number): void {
  brush.fillStyle = '#FFFFFF';
  blob(brush, x, y, 52, 30);
  blob(brush, x - 56, y - 20, 20, 17);
  for (const dx of [-36, -20, 22, 38]) brush.fillRect(x + dx - 5, y + 14, 10, 36);
  brush.fillStyle = '#26313A';
  blob(brush, x - 12, y - 10, 18, 13, 0.5);
  blob(brush, x + 26, y + 4, 15, 18, 0.2);
  blob(brush, x - 60, y - 36, 10, 6, -0.6);
  blob(brush, x - 40, y - 35, 10, 6, 0.6);
  blob(brush, x - 62, y - 22, 3, 3);
  brush.fillStyle = '#E9A9A0';
  blob(brush, x - 66, y - 11, 10, 8);
}

export const juiceArt: Draw = (brush, width, height) => {
  const random = createRandom(32);
  brush.fillStyle = '#F28C1B';
  brush.fillRect(0, 0, width, height);
  brush.fillStyle = '#FFF6E2';
  brush.fillRect(0, height * 0.2, width, height * 0.3);
  brush.fillStyle = '#E06F0A';
  brush.fillRect(0, 0, width, height * 0.065);
  eachFront(width, (middle) => {
    text(brush, 'GOLDGROVE', middle, height * 0.275, 36, '#D4570A', 900);
    text(brush, 'Orange', middle, height * 0.375, 66, '#1F7A45', 900);
    text(brush, 'pressed, with bits', middle, height * 0.425, 22, '#7A5A34', 600);
    slice(brush, middle + 4, height * 0.69, 112);
    leaf(brush, middle + 60, height * 0.56, 70, -0.7, '#1F7A45');
    leaf(brush, middle + 66, height * 0.565, 56, 0.1, '#3F9B5B');
    text(brush, '1 litre', middle, height * 0.945, 34, '#FFFFFF', 800);
  });
  for (const middle of [width * 0.125, width * 0.625]) {
    text(brush, '100%', middle, height * 0.31, 62, '#D4570A', 900);
    text(brush, 'juice', middle, height * 0.37, 44, '#1F7A45', 800);
    smallPrint(brush, random, middle - 88, height * 0.56, 176, 10, '#FFD9A1');
    slice(brush, middle, height * 0.83, 56);
  }
  barcode(brush, random, width * 0.06, height * 0.92, 120, 44);
};

function slice(brush: Brush, x: number, y: number, radius: number): void {
  brush.fillStyle = '#FFE1A6';
  blob(brush, x, y, radius, radius);
  brush.fillStyle = '#FFF4DC';
  blob(brush, x, y, radius * 0.92, radius * 0.92);
  brush.fillStyle = '#F9A52B';
  const parts = 10;
  for (let part = 0; part < parts; part += 1) {
    const from = (part / parts) * 2 * Math.PI + 0.06;
    const to = ((part + 1) / parts) * 2 * Math.PI - 0.06;
    brush.beginPath();
    brush.moveTo(
      x + Math.cos((from + to) / 2) * radius * 0.12,
      y + Math.sin((from + to) / 2) * radius * 0.12,
    );
    brush.arc(x, y, radius * 0.84, from, to);
    brush.fill();
  }
}

export const beansArt: Draw = (brush, width, height) => {
  const random = createRandom(33);
  brush.fillStyle = '#0F6B74';
  brush.fillRect(0, 0, width, height);
  brush.fillStyle = '#F6E7C8';
  brush.fillRect(0, height * 0.06, width, 10);
  brush.fillRect(0, height * 0.915, width, 10);
  for (const middle of [width * 0.25, width * 0.75]) {
    brush.fillStyle = '#F6E7C8';
    brush.beginPath();
    brush.roundRect(middle - 178, height * 0.15, 356, height * 0.4, 44);
    brush.fill();
    text(brush, 'PIP & POD', middle, height * 0.27, 40, '#0A4C53', 800);
    text(brush, 'Baked Beans', middle, height * 0.44, 58, '#B3402A', 900);
    bowl(brush, random, middle, height * 0.72);
  }
  smallPrint(brush, random, width * 0.46, height * 0.6, 80, 8, '#7FB2B6');
  barcode(brush, random, width * 0.955, height * 0.62, 40, 90);
};

function bowl(brush: Brush, random: Random, x: number, y: number): void {
  for (let bean = 0; bean < 46; bean += 1) {
    const out = Math.sqrt(random.next());
    const angle = random.between(0, 2 * Math.PI);
    brush.fillStyle = bean % 3 === 0 ? '#E58B3A' : bean % 3 === 1 ? '#D9702A' : '#F0A455';
    blob(
      brush,
      x + Math.cos(angle) * out * 140,
      y + Math.sin(angle) * out * 52,
      20,
      13,
      random.between(0, 3),
    );
  }
}

export const tomatoesArt: Draw = (brush, width, height) => {
  const random = createRandom(34);
  brush.fillStyle = '#F3E6CB';
  brush.fillRect(0, 0, width, height);
  brush.fillStyle = '#B3261E';
  brush.fillRect(0, height * 0.72, width, height * 0.28);
  brush.fillStyle = '#1F7A45';
  brush.fillRect(0, 0, width, height * 0.11);
  for (const middle of [width * 0.25, width * 0.75]) {
    text(brush, 'Bellacorte', middle, height * 0.29, 62, '#B3261E', 900);
    vine(brush, middle - 96, height * 0.55, 74);
    vine(brush, middle + 92, height * 0.57, 66);
    vine(brush, middle, height * 0.62, 84);
    text(brush, 'chopped tomatoes', middle, height * 0.925, 38, '#F3E6CB', 800);
  }
  smallPrint(brush, random, width * 0.47, height * 0.3, 66, 9, '#C9B68E');
  barcode(brush, random, width * 0.955, height * 0.3, 40, 100);
};

function vine(brush: Brush, x: number, y: number, radius: number): void {
  brush.fillStyle = '#C92A1E';
  blob(brush, x, y, radius, radius * 0.86);
  brush.fillStyle = '#E0523C';
  blob(brush, x - radius * 0.34, y - radius * 0.3, radius * 0.26, radius * 0.17, -0.6);
  for (let part = 0; part < 6; part += 1) {
    leaf(brush, x, y - radius * 0.66, radius * 0.5, (part / 6) * 2 * Math.PI, '#1F7A45');
  }
}

/** Draws a pasta box; `front` is the broad side's share of a broad and a narrow side together. */
export function pastaArt(front: number): Draw {
  return (brush, width, height) => {
    const random = createRandom(35);
    brush.fillStyle = '#20407E';
    brush.fillRect(0, 0, width, height);
    const narrow = ((1 - front) * width) / 2;
    const broad = (front * width) / 2;
    for (const left of [narrow, 2 * narrow + broad]) {
      const middle = left + broad / 2;
      brush.fillStyle = '#F4B73F';
      brush.fillRect(left, height * 0.07, broad, height * 0.2);
      text(brush, 'GRANELLO', middle, height * 0.2, 58, '#20407E', 900);
      text(brush, 'Fusilli', middle, height * 0.4, 84, '#FFFFFF', 900);
      text(brush, 'durum wheat · 500 g', middle, height * 0.46, 24, '#C9D6EE', 600);
      brush.save();
      brush.beginPath();
      brush.ellipse(middle, height * 0.72, broad * 0.4, height * 0.19, 0, 0, 2 * Math.PI);
      brush.fillStyle = '#8A5A1C';
      brush.fill();
      brush.clip();
      for (let i = 0; i < 80; i += 1) {
        fusillo(
          brush,
          middle + random.between(-1, 1) * broad * 0.42,
          height * (0.72 + random.between(-0.2, 0.2)),
          random.between(0, Math.PI),
        );
      }
      brush.restore();
    }
    for (const middle of [narrow / 2, narrow * 1.5 + broad]) {
      text(brush, 'Fusilli', middle, height * 0.3, 40, '#FFFFFF', 800);
      smallPrint(
        brush,
        random,
        middle - narrow * 0.36,
        height * 0.36,
        narrow * 0.72,
        12,
        '#6E87BC',
      );
      barcode(brush, random, middle - 44, height * 0.76, 88, 80);
    }
  };
}

function fusillo(brush: Brush, x: number, y: number, turn: number): void {
  brush.save();
  brush.translate(x, y);
  brush.rotate(turn);
  for (let part = -3; part <= 3; part += 1) {
    brush.fillStyle = part % 2 === 0 ? '#F2CB74' : '#DFAE4E';
    blob(brush, part * 9, 0, 7, 14, 0.5);
  }
  brush.restore();
}

export function lidArt(ground: string, ink: string, words: string): Draw {
  return (brush, width, height) => {
    brush.fillStyle = ground;
    brush.fillRect(0, 0, width, height);
    brush.strokeStyle = ink;
    brush.lineWidth = 6;
    brush.beginPath();
    brush.arc(width / 2, height / 2, width * 0.42, 0, 2 * Math.PI);
    brush.stroke();
    text(brush, words, width / 2, height * 0.55, words.length > 6 ? 26 : 36, ink, 900);
  };
}
