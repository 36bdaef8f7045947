/** A patient's browser: it follows redirects, keeps cookies, and sends the form of the page that it is shown. */

class Browser {
  #cookies = new Map();
  #origin;

  constructor(address) {
    this.#origin = new URL(address).origin;
  }

  /** Goes to an address; gives that of the page that is shown in the end, or of the application's callback. */
  async open(address, init) {
    if (new URL(address).origin !== this.#origin) return address;
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(address, { ...init, headers: { cookie }, redirect: "manual" });
    await response.arrayBuffer();
    for (const set of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(set);
      this.#cookies.set(name, value);
    }
    const location = response.headers.get("location");
    return location === null ? address : this.open(new URL(location, address).href);
  }
}

/** Where a patient lands who opens the address: on a page, or at the application's callback. */
export async function open(address) {
  return new Browser(address).open(address);
}

/** Opens the address that a patient is sent to, and approves; gives the address that they come back to. */
export async function approve(address, patient) {
  return decide(address, { decision: "approve", patient });
}

/** The same, denying. */
export async function deny(address) {
  return decide(address, { decision: "deny" });
}

async function decide(address, fields) {
  const browser = new Browser(address);
  const page = await browser.open(address);
  return browser.open(page, { method: "POST", body: new URLSearchParams(fields) });
}
