// Says how strong a new password is while it is typed. It is judged here alone and sent nowhere; the server has the last word.
const ROWS = ["abcdefghijklmnopqrstuvwxyz", "0123456789", "qwertyuiop", "qwertzuiop", "asdfghjkl", "yxcvbnm", "zxcvbnm"];
const COMMON = ["password", "passwort", "welcome", "willkommen", "letmein", "admin", "jellyfin", "dragon", "monkey", "iloveyou", "hallo", "secret"];
const NAMES = ["weak", "fair", "good", "strong"];

// A sign that goes on from the one before it (the same, or the next of a row) is worth next to nothing.
const goesOn = (before, sign) =>
  before === sign
  || ROWS.some((row) => {
    const at = row.indexOf(before);
    return at >= 0 && (row[at + 1] === sign || (at > 0 && row[at - 1] === sign));
  });

const alphabet = (text) =>
  [[/[a-z]/, 26], [/[A-Z]/, 26], [/\d/, 10], [/[ -\/:-@[-`{-~]/, 33], [/[^ -~]/, 100]]
    .reduce((size, [kind, count]) => (kind.test(text) ? size + count : size), 0);

// Words that everybody tries are worth one sign each.
const withoutWords = (text, words) =>
  words.reduce((rest, word) => rest.split(word).join("\u0000"), text.toLowerCase());

const score = (text, shortest, words) => {
  if ([...text].length < shortest) return 0;
  const signs = [...withoutWords(text, words)];
  const counted = signs.reduce((sum, sign, at) => sum + (at > 0 && goesOn(signs[at - 1], sign) ? 0.2 : 1), 0);
  // Repeating a part does not make it longer.
  const variety = Math.min(1, (new Set(signs).size * 2) / signs.length);
  const bits = counted * variety * Math.log2(alphabet(text));
  return [40, 60, 80].filter((least) => bits >= least).length;
};

for (const place of document.querySelectorAll(".strength")) {
  const input = document.getElementById(place.dataset.of);
  const said = place.querySelector("p");
  const words = [...COMMON, ...place.dataset.words.toLowerCase().split(/\s+/)]
    .filter((word) => word.length > 2)
    .sort((one, other) => other.length - one.length);
  const look = () => {
    const name = NAMES[score(input.value, input.minLength, words)];
    place.dataset.score = input.value ? name : "";
    said.textContent = input.value ? place.dataset[name] : "";
  };
  input.addEventListener("input", look);
  look();
}
