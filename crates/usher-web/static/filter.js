// Narrows a table or a list while something is typed: data-filters names its id, data-none the text for "nothing fits".
for (const input of document.querySelectorAll("input[data-filters]")) {
  const target = document.getElementById(input.dataset.filters);
  const rows = [...target.querySelectorAll("tbody > tr, :scope > li")];
  const none = document.getElementById(input.dataset.none);
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const texts = rows.map((row) => plain(row.textContent));
  const look = () => {
    const words = plain(input.value).split(/\s+/);
    rows.forEach((row, at) => {
      row.hidden = !words.every((word) => texts[at].includes(word));
    });
    if (none) none.hidden = rows.some((row) => !row.hidden);
  };
  input.addEventListener("input", look);
  look();
}
