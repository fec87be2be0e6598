// Runs in Jellyfin's web client before the client itself: a plain browser that holds no session goes to Usher's sign-in page.
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
  // The page that was asked for; the client's sign-in page names it in `url`.
  const asked = () => {
    const route = location.hash.slice(1);
    if (!/^\/?login/i.test(route)) return route;
    return new URLSearchParams(route.split("?")[1]).get("url") ?? "";
  };
  const leave = () => {
    const next = asked();
    location.replace(`../usher/sign-in${next ? `?next=${encodeURIComponent(next)}` : ""}`);
  };
  const look = () => {
    if (/^#\/?login/i.test(location.hash) && !hasSession()) leave();
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
