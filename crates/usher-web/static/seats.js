// Remote controls have four arrows and no pointer: they go from face to face, and over the digits of the pad.
const near = (from, others, key) => {
  const here = from.getBoundingClientRect();
  const middle = (box) => [box.left + box.width / 2, box.top + box.height / 2];
  const [x, y] = middle(here);
  const ahead = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
  const reach = others.map((other) => {
    const [toX, toY] = middle(other.getBoundingClientRect());
    const along = (toX - x) * ahead[0] + (toY - y) * ahead[1];
    const aside = Math.abs((toX - x) * ahead[1]) + Math.abs((toY - y) * ahead[0]);
    return { other, along, way: along + 3 * aside };
  });
  return reach.filter(({ along }) => along > 4).sort((one, two) => one.way - two.way)[0]?.other;
};
addEventListener("keydown", (event) => {
  if (!event.key.startsWith("Arrow") || event.altKey || event.ctrlKey || event.metaKey) return;
  const all = [...document.querySelectorAll("main button, main a, main input")].filter((one) => one.offsetParent);
  const from = document.activeElement;
  const isInField = from.matches("input") && /Left|Right/.test(event.key);
  if (!all.includes(from) || isInField) return;
  const to = near(from, all.filter((one) => one !== from), event.key);
  if (!to) return;
  event.preventDefault();
  to.focus();
});

// The pad is for who has no digits to type on; without script the field alone is there.
for (const pad of document.querySelectorAll("[data-pad]")) {
  const field = document.getElementById(pad.dataset.pad);
  pad.hidden = false;
  pad.addEventListener("click", (event) => {
    const key = event.target.closest("button[type=button]");
    if (!key) return;
    field.value = key.value ? (field.value + key.value).slice(0, field.maxLength) : field.value.slice(0, -1);
    field.removeAttribute("aria-invalid");
  });
}
