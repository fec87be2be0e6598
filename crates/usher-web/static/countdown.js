// A button that works after a while: data-wait is the seconds left, data-text what it says until then, with {n} for them.
// Without script the button always works, and the server says that it is too soon.
for (const button of document.querySelectorAll("button[data-wait]")) {
  const ready = performance.now() + Number(button.dataset.wait) * 1000;
  const label = button.textContent;
  const look = () => {
    const left = Math.ceil((ready - performance.now()) / 1000);
    button.disabled = left > 0;
    const minutes = Math.floor(left / 60);
    const seconds = String(left % 60).padStart(2, "0");
    button.textContent = left > 0 ? button.dataset.text.replace("{n}", `${minutes}:${seconds}`) : label;
    if (left <= 0) clearInterval(clock);
  };
  const clock = setInterval(look, 1000);
  look();
}
