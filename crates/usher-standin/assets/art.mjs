// Draws the pictures of the stand-in's library as SVG: one scene per title, in two layers so that the films can move them.
// Usage: node art.mjs FOLDER  writes NAME.back.svg, NAME.front.svg, NAME.title.svg, NAME.poster.svg, NAME.backdrop.svg
import { writeFileSync } from "node:fs";

const out = process.argv[2];
const [width, height] = [1280, 720];

// A small generator, so that every run draws the same picture.
const random = (seed) => () => (seed = (seed * 16807) % 2147483647) / 2147483647;
const repeat = (count, draw) => Array.from({ length: count }, (_, place) => draw(place)).join("");
const sky = (top, middle, low) =>
  `<defs><linearGradient id="sky" x2="0" y2="1"><stop stop-color="${top}"/><stop offset=".55" stop-color="${middle}"/><stop offset="1" stop-color="${low}"/></linearGradient></defs><rect width="1280" height="720" fill="url(#sky)"/>`;
const stars = (count, seed, low = 380) => {
  const next = random(seed);
  return repeat(count, () => `<circle cx="${next() * 1280}" cy="${next() * low}" r="${0.6 + next() * 1.6}" fill="#fff" opacity="${0.3 + next() * 0.6}"/>`);
};
const hills = (y, swing, color, seed) => {
  const next = random(seed);
  let line = `M-40 ${y}`;
  for (let x = -40; x <= 1320; x += 170) line += ` Q${x + 85} ${y - swing * (0.4 + next())} ${x + 170} ${y - swing * next() * 0.3}`;
  return `<path d="${line} V760 H-40 Z" fill="${color}"/>`;
};
const waves = (y, color, swing = 14) => {
  let line = `M-80 ${y}`;
  for (let x = -80; x < 1360; x += 80) line += ` q40 ${-swing} 80 0`;
  return `<path d="${line} V760 H-80 Z" fill="${color}"/>`;
};
const glow = (x, y, radius, color) =>
  `<defs><radialGradient id="g${x}${y}"><stop stop-color="${color}" stop-opacity=".75"/><stop offset="1" stop-color="${color}" stop-opacity="0"/></radialGradient></defs><circle cx="${x}" cy="${y}" r="${radius}" fill="url(#g${x}${y})"/>`;

const skyline = (seed, base, color, light) => {
  const next = random(seed);
  let x = -20, towers = "";
  while (x < 1300) {
    const [w, h] = [60 + next() * 70, 120 + next() * 300];
    towers += `<rect x="${x}" y="${base - h}" width="${w}" height="${h + 200}" fill="${color}"/>`;
    for (let wx = x + 12; wx < x + w - 14; wx += 20)
      for (let wy = base - h + 18; wy < base - 10; wy += 28) if (next() < 0.32) towers += `<rect x="${wx}" y="${wy}" width="8" height="12" fill="${light}" opacity="${0.35 + next() * 0.6}"/>`;
    x += w + 6;
  }
  return towers;
};

const scenes = {
  "paper-boat": { title: "The Paper Boat", accent: "#ffd27d",
    back: sky("#7cc7e8", "#bfe6ee", "#ffe9c2") + glow(930, 190, 300, "#fff3c4") + `<circle cx="930" cy="190" r="62" fill="#fff6d6"/>` +
      `<g fill="#fff" opacity=".85"><ellipse cx="260" cy="150" rx="120" ry="30"/><ellipse cx="330" cy="126" rx="80" ry="34"/><ellipse cx="1120" cy="270" rx="110" ry="24"/></g>` + hills(440, 90, "#7fb9a5", 5) + waves(470, "#4fa7c4"),
    front: `<g transform="translate(540 330)"><path d="M100 20 L160 150 L40 150 Z" fill="#fffdf5"/><path d="M100 20 L160 150 L100 150 Z" fill="#e8e2d0"/><path d="M-30 150 H230 L180 220 H20 Z" fill="#fffaf0"/><path d="M100 150 H230 L180 220 H100 Z" fill="#e6dcc6"/></g>` + waves(545, "#2f86ad") + waves(610, "#226c93", 18) },
  "lantern-street": { title: "Lantern Street", accent: "#ffb35c",
    back: sky("#1b1740", "#4a2a63", "#c9656b") + stars(90, 7) + glow(250, 160, 180, "#f4e9ff") + `<circle cx="250" cy="160" r="44" fill="#f7efff"/>` + skyline(31, 560, "#2b1c47", "#ffcf7a"),
    front: `<path d="M-20 140 Q320 300 660 160 T1320 190" fill="none" stroke="#1a1030" stroke-width="5"/>` +
      repeat(8, (i) => { const [x, y] = [60 + i * 168, [176, 222, 232, 196, 150, 130, 168, 190][i] + 26]; return glow(x, y + 34, 95, "#ffae4a") + `<path d="M${x} ${y - 26}v26" stroke="#1a1030" stroke-width="4"/><rect x="${x - 26}" y="${y}" width="52" height="66" rx="24" fill="${i % 2 ? "#ff8d4f" : "#ffc05c"}"/><path d="M${x - 14} ${y + 4}v58M${x + 14} ${y + 4}v58" stroke="#b3502a" stroke-width="3" opacity=".5"/>`; }) +
      `<path d="M-20 640 H1300 V760 H-20Z" fill="#160e29"/>` },
  northbound: { title: "Northbound", accent: "#7df0c2",
    back: sky("#06142e", "#0d3350", "#1e6b6d") + stars(140, 11, 420) +
      `<g fill="none" stroke-linecap="round" opacity=".55"><path d="M-40 250 Q240 60 520 210 T1040 130 T1340 210" stroke="#58f0b4" stroke-width="62" opacity=".5"/><path d="M-40 300 Q260 120 540 260 T1060 190 T1340 250" stroke="#6be0ff" stroke-width="30" opacity=".5"/><path d="M-40 205 Q240 20 520 165 T1040 80 T1340 160" stroke="#b28cff" stroke-width="22" opacity=".5"/></g>` +
      `<path d="M-20 520 L170 300 L300 430 L470 240 L640 450 L800 280 L960 440 L1110 310 L1310 520 V760 H-20Z" fill="#123449"/><path d="M470 240 L520 302 L470 330 L424 300Z M170 300 L206 345 L168 362 L134 342Z M800 280 L846 340 L796 352 L760 330Z" fill="#d9f3f5" opacity=".8"/>`,
    front: `<path d="M-20 530 H1300 V760 H-20Z" fill="#0a2231"/><path d="M590 530 H650 L960 760 H260Z" fill="#16323f"/><path d="M617 540 h6 l4 40 h-14Z M611 600 h18 l5 50 h-28Z M602 670 h36 l8 70 h-52Z" fill="#f6d365"/>` +
      repeat(9, (i) => `<path transform="translate(${[30, 110, 190, 300, 960, 1040, 1110, 1190, 1250][i]} ${[560, 590, 548, 556, 552, 566, 596, 560, 600][i]})" d="M0 0 L34 -120 L68 0Z M10 -44 L34 -150 L58 -44Z" fill="#071923"/>`) },
  "long-wire": { title: "The Long Wire", accent: "#ff6b5e",
    back: sky("#19060c", "#5c1220", "#e2503c") + glow(640, 430, 420, "#ff8a5b") + `<circle cx="640" cy="430" r="120" fill="#ffb07a"/>` + skyline(77, 620, "#1d070e", "#ff8a5b"),
    front: `<path d="M-20 210 Q640 430 1300 150" fill="none" stroke="#0b0205" stroke-width="5"/><path d="M-20 160 Q640 350 1300 90" fill="none" stroke="#0b0205" stroke-width="3"/><g transform="translate(610 196)" fill="#0b0205"><circle cx="26" cy="10" r="15"/><path d="M14 26h26l6 62H8Z"/><path d="M12 86l-2 56h11l6-50 8 50h11l-6-56Z"/><path d="M-110 52 L162 34" stroke="#0b0205" stroke-width="6"/></g>` },
  "quiet-harbor": { title: "Quiet Harbour", accent: "#9cc7ff",
    back: sky("#081229", "#17345f", "#5b7fa8") + stars(80, 21, 300) + glow(880, 170, 240, "#dce9ff") + `<circle cx="880" cy="170" r="56" fill="#eef4ff"/>` + hills(430, 110, "#10264a", 9) + waves(450, "#1b3d6b", 6) + `<path d="M850 460h60l40 260H810Z" fill="#bcd4f5" opacity=".22"/>`,
    front: `<path d="M150 470 V250 h50 V470Z" fill="#e8edf5"/><path d="M150 300h50v44h-50Z M150 388h50v44h-50Z" fill="#c4545a"/><path d="M142 250h66v-12h-66Z M156 238v-34h38v34Z" fill="#22304a"/><path d="M175 196 l-20 10h40Z" fill="#c4545a"/>` + glow(175, 220, 150, "#ffe7a6") +
      `<path d="M-20 470 H300 L380 560 H-20Z" fill="#0b1830"/><g transform="translate(600 440)"><path d="M-20 60 H220 L190 120 H10Z" fill="#0d1c38"/><path d="M96 60 V-90" stroke="#0d1c38" stroke-width="7"/><path d="M104 -84 L190 44 H104Z" fill="#dbe6f7"/><path d="M88 -60 L10 44 H88Z" fill="#a9bddb"/></g>` + waves(580, "#0f2a52") + waves(640, "#0a1f40", 18) },
  "unrated-cut": { title: "Unrated Cut", accent: "#d7a6ff",
    back: sky("#150a26", "#3a1660", "#7a2f8f") + repeat(7, (i) => `<circle cx="${160 + i * 165}" cy="${250 + (i % 3) * 110}" r="${150 - i * 8}" fill="none" stroke="#e0b4ff" stroke-width="2" opacity="${0.12 + i * 0.03}"/>`) + glow(640, 330, 420, "#b25cff"),
    front: `<g transform="rotate(-11 640 360)"><rect x="-120" y="240" width="1520" height="230" fill="#0d0518"/>${repeat(24, (i) => `<rect x="${-100 + i * 64}" y="252" width="34" height="22" rx="5" fill="#7a2f8f"/><rect x="${-100 + i * 64}" y="436" width="34" height="22" rx="5" fill="#7a2f8f"/>`)}${repeat(7, (i) => `<rect x="${-96 + i * 214}" y="288" width="196" height="134" rx="8" fill="${["#ff7eb6", "#ffd27d", "#7df0c2", "#6be0ff", "#b28cff", "#ff9b6a", "#d7a6ff"][i]}" opacity=".9"/>`)}</g>` },
  "night-ferry": { title: "The Night Ferry", accent: "#6be0ff",
    back: sky("#04121f", "#0b3a4c", "#20707a") + stars(110, 17, 330) + skyline(51, 470, "#072433", "#ffd98a") + waves(480, "#0d4a58", 5),
    front: `<g transform="translate(380 330)"><path d="M-30 130 H520 L470 220 H20Z" fill="#f2f5f7"/><path d="M-10 170 H498 L470 220 H20Z" fill="#d2483f"/><rect x="40" y="62" width="400" height="70" rx="10" fill="#fff"/><rect x="110" y="10" width="240" height="56" rx="8" fill="#e3e9ee"/><rect x="280" y="-56" width="52" height="68" fill="#d2483f"/><rect x="280" y="-30" width="52" height="16" fill="#fff"/>${repeat(9, (i) => `<rect x="${60 + i * 42}" y="84" width="24" height="24" rx="5" fill="#ffd98a"/>`)}${repeat(5, (i) => `<rect x="${128 + i * 42}" y="26" width="26" height="20" rx="4" fill="#ffd98a"/>`)}</g>` + waves(545, "#083642") + waves(610, "#052a35", 18) },
};
const episodes = { "night-ferry-1": "First Crossing", "night-ferry-2": "Fog on the Line", "night-ferry-3": "The Last Passenger" };

const svg = (w, h, box, body) => `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="${box}" preserveAspectRatio="xMidYMid slice">${body}</svg>`;
const lettering = (text, x, y, size, color, anchor = "middle") =>
  `<text x="${x}" y="${y}" text-anchor="${anchor}" font-family="DejaVu Serif, serif" font-weight="700" font-size="${size}" fill="${color}" letter-spacing="1">${text}</text>`;

for (const [name, scene] of Object.entries(scenes)) {
  const write = (part, text) => writeFileSync(`${out}/${name}.${part}.svg`, text);
  const whole = scene.back + scene.front;
  const lines = scene.title.split(" ").length > 2 ? [scene.title.split(" ").slice(0, -1).join(" "), scene.title.split(" ").at(-1)] : scene.title.split(" ");
  write("back", svg(width, height, "0 0 1280 720", scene.back));
  write("front", svg(width, height, "0 0 1280 720", scene.front));
  write("backdrop", svg(width, height, "0 0 1280 720", whole));
  write("title", svg(width, height, "0 0 1280 720", `<rect width="1280" height="720" fill="#000" opacity=".35"/>` + lettering(scene.title, 640, 370, 88, "#fff") + `<rect x="540" y="410" width="200" height="5" rx="2" fill="${scene.accent}"/>` + lettering("A film of the Usher demo", 640, 465, 28, "#ffffffcc")));
  const shade = `<defs><linearGradient id="shade" x2="0" y2="1"><stop offset=".5" stop-color="#000" stop-opacity="0"/><stop offset="1" stop-color="#000" stop-opacity=".82"/></linearGradient></defs><rect width="480" height="720" fill="url(#shade)"/>`;
  write("poster", svg(480, 720, "0 0 480 720", `<g transform="translate(-400 0)">${whole}</g>` + shade + lines.map((line, i) => lettering(line, 240, (lines.length > 1 ? 590 : 620) + i * 62, Math.min(58, 640 / line.length), "#fff")).join("") + `<rect x="200" y="678" width="80" height="4" rx="2" fill="${scene.accent}"/>`));
}
for (const [place, [name, title]] of Object.entries(episodes).entries()) {
  const scene = scenes["night-ferry"];
  const shift = `translate(${[-160, 0, 170][place]} ${[10, 0, -14][place]})`;
  const veil = [`<rect width="1280" height="720" fill="#ff9d5c" opacity=".22"/>`, `<rect width="1280" height="720" fill="#dfe9ee" opacity=".42"/>`, `<rect width="1280" height="720" fill="#060a1a" opacity=".45"/>`][place];
  writeFileSync(`${out}/${name}.back.svg`, svg(width, height, "0 0 1280 720", scene.back + veil));
  writeFileSync(`${out}/${name}.front.svg`, svg(width, height, "0 0 1280 720", `<g transform="${shift}">${scene.front}</g>`));
  writeFileSync(`${out}/${name}.backdrop.svg`, svg(width, height, "0 0 1280 720", scene.back + `<g transform="${shift}">${scene.front}</g>` + veil));
  writeFileSync(`${out}/${name}.title.svg`, svg(width, height, "0 0 1280 720", `<rect width="1280" height="720" fill="#000" opacity=".35"/>` + lettering(title, 640, 370, 78, "#fff") + lettering("The Night Ferry", 640, 440, 30, "#ffffffcc")));
}
const view = (name, from, to, icon) => writeFileSync(`${out}/${name}.backdrop.svg`, svg(width, height, "0 0 1280 720", `<defs><linearGradient id="v" x2="1" y2="1"><stop stop-color="${from}"/><stop offset="1" stop-color="${to}"/></linearGradient></defs><rect width="1280" height="720" fill="url(#v)"/><g fill="none" stroke="#fff" stroke-opacity=".16" stroke-width="14" transform="translate(900 130) scale(1.6)">${icon}</g>` + lettering(name[0].toUpperCase() + name.slice(1), 90, 400, 130, "#fff", "start")));
view("movies", "#5b2a86", "#0a7ea4", `<rect width="240" height="280" rx="24"/><path d="M60 0v280M180 0v280M0 70h60M0 140h60M0 210h60M180 70h60M180 140h60M180 210h60"/>`);
view("shows", "#0a7ea4", "#123a5a", `<rect y="40" width="280" height="190" rx="24"/><path d="M90 270h100M90 -10l50 50 50-50"/>`);
