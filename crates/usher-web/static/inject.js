// Runs in Jellyfin's web client before the client itself: a plain browser that holds no session goes to Usher's pages.
// Wrappers (apps that show the web client inside themselves) are left alone: they keep the client's own form.
(() => {
  "use strict";
  const wrapper = /Jellyfin|JMP|Tizen|Web0S|webOS|SMART-TV|Xbox|Electron|QtWebEngine|; wv\)/i;
  const isWrapped =
    "NativeInterface" in window || "NativeShell" in window || "ReactNativeWebView" in window
    || window.top !== window.self || wrapper.test(navigator.userAgent);
  if (isWrapped) return;

  const hasSession = () => {
    try {
      const kept = JSON.parse(localStorage.getItem("jellyfin_credentials")) ?? {};
      return (kept.Servers ?? []).some((server) => server.AccessToken);
    } catch {
      return false;
    }
  };
  // The client's own pages for people who are not signed in: nobody wants to come back to them.
  const isDoor = (route) => /^\/?(login|forgotpassword|selectserver|addserver|$)/i.test(route);
  // The page that was asked for; the client's sign-in page names it in `url`.
  const asked = (route) => {
    const isLogin = /^\/?login/i.test(route);
    const wanted = isLogin ? new URLSearchParams(route.split("?")[1]).get("url") ?? "" : route;
    return isDoor(wanted) ? "" : wanted;
  };
  const leave = () => {
    const route = location.hash.slice(1);
    const next = asked(route);
    const page = /^\/?forgotpassword/i.test(route) ? "forgot" : "sign-in";
    location.replace(`../usher/${page}${next ? `?next=${encodeURIComponent(next)}` : ""}`);
  };
  const look = () => {
    if (/^#\/?(login|forgotpassword)/i.test(location.hash) && !hasSession()) leave();
  };

  if (!hasSession()) {
    leave();
    return;
  }
  // The client changes its address without an event.
  for (const name of ["pushState", "replaceState"]) {
    const original = history[name];
    history[name] = function (...change) {
      original.apply(this, change);
      look();
    };
  }
  addEventListener("hashchange", look);
})();
