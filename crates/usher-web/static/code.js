// The code field: takes what was pasted without its blanks and hyphens, and sends itself when it is full.
const SIZES = { six: 6, eight: 8 };

for (const input of document.querySelectorAll("input[data-code]")) {
  const size = SIZES[input.dataset.code];
  const isNumber = input.dataset.code === "six";
  // People who read a code aloud or from paper mix these up; set-up codes hold only the right-hand ones.
  const clean = (text) =>
    isNumber
      ? text.replace(/\D/g, "")
      : text.toUpperCase().replace(/[^0-9A-Z]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
  let sent = input.hasAttribute("aria-invalid") ? "" : input.value;

  input.addEventListener("input", (event) => {
    if (event.isComposing) return;
    const before = clean(input.value.slice(0, input.selectionStart)).length;
    const code = clean(input.value).slice(0, size);
    if (code !== input.value) {
      input.value = code;
      input.setSelectionRange(Math.min(before, size), Math.min(before, size));
    }
    // The old error is about the old code.
    input.removeAttribute("aria-invalid");
    const isAlone = input.form.querySelectorAll("input:not([type=hidden])").length === 1;
    if (code.length === size && code !== sent && isAlone) {
      sent = code;
      input.form.requestSubmit();
    }
    if (code.length < size) sent = "";
  });
}
