// A link from a mail carries its secret behind the #, where no server on the way sees it. It goes into the form and out of the
// address bar; nothing is sent before the person presses the button.
const secret = location.hash.slice(1);
if (secret) {
  const link = document.querySelector("input[name=link]");
  link.value = secret;
  link.closest(".field").hidden = true;
  history.replaceState(null, "", location.pathname + location.search);
  link.form.querySelector("button").focus();
}
