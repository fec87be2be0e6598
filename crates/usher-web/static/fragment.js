// A link from a mail carries its secret behind the #, where no server on the way sees it. It goes into the form and out of the
// address bar; nothing is sent before the person presses the button, unless the form says that it only looks.
const secret = location.hash.slice(1);
if (secret) {
  const link = document.querySelector("input[name=link]");
  link.value = secret;
  link.closest(".field").hidden = true;
  history.replaceState(null, "", location.pathname + location.search);
  if ("looks" in link.form.dataset) link.form.requestSubmit();
  else link.form.querySelector("button").focus();
}
