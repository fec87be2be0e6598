// Runs in Jellyfin's web client before the client itself: a plain browser that holds no session goes to Usher's pages.
// Wrappers (apps that show the web client inside themselves) are left alone: they keep the client's own form.
// Our links in its menu stay in this window: at another profile's seat the client starts anew, here and in every other window.
// A profile gets the colors that its owner chose.
// A profile that may not watch now is led to the page that says why, and where more screen time is asked for.
// An administrator who must prove who sits there first is led to the page of the proof, and comes back to this page.
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
  // The client keeps its colors in this browser alone. What the owner chose for a profile since this browser heard of it last
  // comes along; what somebody chose in the client stays until then.
  const takeColors = ({ user, theme }) => {
    const kept = `${user}-appTheme`;
    const ours = `usher-theme-${user}`;
    const before = localStorage.getItem(ours) ?? "";
    if (theme === before) return;
    if (theme) localStorage.setItem(kept, theme);
    else if (localStorage.getItem(kept) === before) localStorage.removeItem(kept);
    localStorage.setItem(ours, theme);
  };
  // Without an answer the colors stay as they are.
  fetch("../usher/colors", { method: "POST" }).then(async (answer) => {
    if (answer.status === 200) takeColors(await answer.json());
  }).catch(() => {});

  // The client changes its address without an event.
  for (const name of ["pushState", "replaceState"]) {
    const original = history[name];
    history[name] = function (...change) {
      original.apply(this, change);
      look();
    };
  }
  addEventListener("hashchange", look);

  // The client opens links of its menu in a new window. Whatever address people know Usher by, ours are beside this page.
  addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    const page = link && /\/usher\/(switch|account)$/.exec(link.href)?.[1];
    if (!page || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    location.assign(`../usher/${page}`);
  }, true);
  // Another window took another seat, or signed out: what is shown here belongs to somebody else.
  const holder = (kept) => {
    try {
      return (JSON.parse(kept)?.Servers ?? []).map((server) => server.AccessToken && server.UserId).join();
    } catch {
      return "";
    }
  };
  addEventListener("storage", (event) => {
    if (event.key === "jellyfin_credentials" && holder(event.oldValue) !== holder(event.newValue)) location.reload();
  });

  // What the client asked for was refused until somebody proves to be its administrator. The client gets its answer all the
  // same: nothing else of fetch and XMLHttpRequest changes.
  const prove = (answer, header) => {
    if (answer.status !== 403 || header("X-Usher-Step-Up") !== "required") return;
    const back = encodeURIComponent(location.pathname + location.hash);
    location.assign(`../usher/prove?to=dashboard&back=${back}`);
  };
  // The page lies beside the client; its way back leads here.
  const turnAway = (answer, header) => {
    if (answer.status === 403 && header("X-Usher-Watching") === "over") location.assign("../usher/more-time");
  };
  const heard = (answer, header) => {
    prove(answer, header);
    turnAway(answer, header);
  };
  const fetched = window.fetch;
  window.fetch = function (...request) {
    const answered = fetched.apply(this, request);
    answered.then((answer) => heard(answer, (name) => answer.headers.get(name)), () => {});
    return answered;
  };
  const send = XMLHttpRequest.prototype.send;
  XMLHttpRequest.prototype.send = function (...body) {
    this.addEventListener("load", () => heard(this, (name) => this.getResponseHeader(name)), { once: true });
    return send.apply(this, body);
  };
})();
