// An app, as far as signing in goes: Jellyfin's API by hand, with an identity of its own.
const JSON_BODY = { "Content-Type": "application/json" };

/** An app on a device. `token` is set by a sign-in; without one it asks as a stranger. */
export class App {
  constructor(url, { device = "test-device", client = "Living room remote", token } = {}) {
    this.url = url;
    this.identity = `MediaBrowser Client="${client}", Device="Test set", DeviceId="${device}", Version="1.0.0"`;
    this.token = token;
  }

  /** Sends a request; `body` goes as JSON. */
  ask(path, { method = "GET", body } = {}) {
    const token = this.token ? `, Token="${this.token}"` : "";
    const headers = { Authorization: this.identity + token, ...(body === undefined ? {} : JSON_BODY) };
    return fetch(`${this.url}${path}`, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  }

  post(path, body) {
    return this.ask(path, { method: "POST", body });
  }

  /** The status of signing in; keeps the token where it is 200. */
  async signIn(name, password) {
    const answer = await this.post("/Users/AuthenticateByName", { Username: name, Pw: password });
    if (answer.status === 200) {
      const { AccessToken, User } = await answer.json();
      Object.assign(this, { token: AccessToken, user: User });
    }
    return answer.status;
  }

  /** Whether the token is worth anything: 200 or 401. */
  async standing() {
    return (await this.ask("/Users/Me")).status;
  }
}
