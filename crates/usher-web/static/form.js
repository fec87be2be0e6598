// What a form was answered with is no page to send the form for again: reloading it shows the page of the form anew. Otherwise
// a wrong code would cost a second try, and codes that are shown once would be replaced by others.
history.replaceState(null, "", location.href);

// One press is one try. The button stays enabled for the browser, which leaves a disabled button's value out of what it sends.
addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  if (event.defaultPrevented) return;
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-disabled", "true");
  // A password that was shown is hidden again before browsers offer to keep what they see.
  for (const tick of form.querySelectorAll("[data-shows]")) {
    document.getElementById(tick.dataset.shows).type = "password";
    tick.checked = false;
  }
});

// A key that is held is one press, too: the next page may give the focus to a button of its own, which the held key would press.
addEventListener("keydown", (event) => {
  if (event.repeat && event.key === "Enter" && event.target.closest("button")) event.preventDefault();
});

// Back from another page: the buttons work again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
});

// Without script a tick could not show the password, so it is only offered here.
for (const tick of document.querySelectorAll("[data-shows]")) {
  tick.closest("label").hidden = false;
  tick.addEventListener("change", () => {
    document.getElementById(tick.dataset.shows).type = tick.checked ? "text" : "password";
  });
}

// On a phone the links of a panel page stand in one row: the present one is brought into sight.
document.querySelector(".side nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

// Copying is only offered where the browser can: it needs a safe connection.
if (navigator.clipboard) {
  for (const button of document.querySelectorAll("button[data-copies]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).textContent.trim());
        button.querySelector("span").textContent = button.dataset.done;
      } catch {
        // Refused by the browser: the text still stands there to be read.
        button.hidden = true;
      }
    });
  }
}
for (const button of document.querySelectorAll("button[data-prints]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
