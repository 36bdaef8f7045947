/** What the app remembers, in SQLite: browser sessions, connected accounts, what was pushed and what came back. */

import { randomBytes, randomUUID } from "node:crypto";
import Database from "libsql";

/** @import { FileMetadata } from "digime-sdk" */

/** @typedef {"library" | "provider"} Destination */
/** @typedef {{ id: string, name: string }} Account */

/**
 * @typedef {object} Session A person's browser.
 * @property {string} id What its cookie holds.
 * @property {string} userId Who they are to the SDK: its store and its errors are no place for what the cookie holds.
 * @property {string} formToken What its forms hold.
 * @property {Partial<Record<Destination, Account>>} accounts The connected accounts.
 */

/**
 * @typedef {object} Push
 * @property {string} pushedAt ISO 8601, UTC.
 * @property {Destination} destination
 * @property {string} accountName
 * @property {string} name
 * @property {string} mimeType
 * @property {number | null} size Of a file.
 * @property {string | null} sha256 Of a file.
 * @property {string | null} document The FHIR, if that is what was pushed, as JSON.
 */

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS session (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL UNIQUE,
    form_token TEXT NOT NULL,
    created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
  );
  CREATE TABLE IF NOT EXISTS account (
    session_id TEXT NOT NULL REFERENCES session ON DELETE CASCADE,
    destination TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (session_id, destination)
  );
  CREATE TABLE IF NOT EXISTS push (
    session_id TEXT NOT NULL REFERENCES session ON DELETE CASCADE,
    pushed_at TEXT NOT NULL,
    destination TEXT NOT NULL,
    account_name TEXT NOT NULL,
    name TEXT NOT NULL,
    mime_type TEXT NOT NULL,
    size INTEGER,
    sha256 TEXT,
    document TEXT
  );
  CREATE TABLE IF NOT EXISTS read_back (
    session_id TEXT NOT NULL REFERENCES session ON DELETE CASCADE,
    sha256 TEXT NOT NULL,
    metadata TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (session_id, sha256)
  );
`;

/** For how many days a session is kept. */
export const SESSION_DAYS = 30;

export class Store {
  #database;

  /** @param {string} path */
  constructor(path) {
    // Another process of the app may be writing.
    this.#database = new Database(path, { timeout: 5000 });
    this.#database.exec(SCHEMA);
    this.#database.exec("PRAGMA foreign_keys = ON");
  }

  /** @returns {Session} */
  createSession() {
    const [id, formToken] = [randomBytes(32).toString("base64url"), randomBytes(32).toString("base64url")];
    const userId = randomUUID();
    this.#run("INSERT INTO session (id, user_id, form_token) VALUES (?, ?, ?)", id, userId, formToken);
    return { id, userId, formToken, accounts: {} };
  }

  /**
   * @param {string} id
   * @returns {Session | undefined}
   */
  findSession(id) {
    const [row] = this.#all("SELECT user_id, form_token FROM session WHERE id = ?", id);
    if (!row) return undefined;
    const accounts = this.#all("SELECT destination, id, name FROM account WHERE session_id = ?", id);
    return {
      id,
      userId: row.user_id,
      formToken: row.form_token,
      accounts: Object.fromEntries(accounts.map(({ destination, id, name }) => [destination, { id, name }])),
    };
  }

  /**
   * The sessions that browsers have no cookie of any more.
   * @returns {{ id: string, userId: string }[]}
   */
  listLapsed() {
    const sql = "SELECT id, user_id AS userId FROM session WHERE created_at < datetime('now', ?)";
    return this.#all(sql, `-${SESSION_DAYS} days`);
  }

  /** @param {string} id */
  forgetSession(id) {
    this.#run("DELETE FROM session WHERE id = ?", id);
  }

  /** @param {string} sessionId */
  forgetAccounts(sessionId) {
    this.#run("DELETE FROM account WHERE session_id = ?", sessionId);
  }

  /**
   * @param {string} sessionId
   * @param {Destination} destination
   * @param {Account} account
   */
  saveAccount(sessionId, destination, { id, name }) {
    this.#run("INSERT OR REPLACE INTO account VALUES (?, ?, ?, ?)", sessionId, destination, id, name);
  }

  /**
   * @param {string} sessionId
   * @param {Omit<Push, "pushedAt">} push
   */
  addPush(sessionId, push) {
    this.#run(
      "INSERT INTO push VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      sessionId,
      new Date().toISOString(),
      push.destination,
      push.accountName,
      push.name,
      push.mimeType,
      push.size,
      push.sha256,
      push.document,
    );
  }

  /**
   * @param {string} sessionId
   * @returns {Push[]} The latest first.
   */
  listPushes(sessionId) {
    const sql = `SELECT pushed_at AS pushedAt, destination, account_name AS accountName, name, mime_type AS mimeType,
      size, sha256, document FROM push WHERE session_id = ? ORDER BY rowid DESC`;
    return this.#all(sql, sessionId);
  }

  /** @param {string} sessionId */
  forgetReadBack(sessionId) {
    this.#run("DELETE FROM read_back WHERE session_id = ?", sessionId);
  }

  /**
   * @param {string} sessionId
   * @param {{ sha256: string, metadata: FileMetadata, content: Buffer }} file
   */
  saveReadBack(sessionId, { sha256, metadata, content }) {
    const sql = "INSERT OR REPLACE INTO read_back VALUES (?, ?, ?, ?)";
    this.#run(sql, sessionId, sha256, JSON.stringify(metadata), content);
  }

  /**
   * What was pushed to the library, with what the library says of it if it came back.
   * @param {string} sessionId
   * @returns {{ name: string, size: number, sha256: string, metadata: FileMetadata | undefined }[]} The latest first.
   */
  listReadBack(sessionId) {
    const sql = `SELECT name, size, sha256, metadata FROM push LEFT JOIN read_back USING (session_id, sha256)
      WHERE session_id = ? AND destination = 'library' ORDER BY push.rowid DESC`;
    const rows = this.#all(sql, sessionId);
    return rows.map((row) => ({ ...row, metadata: row.metadata ? JSON.parse(row.metadata) : undefined }));
  }

  /**
   * @param {string} sessionId
   * @param {string} sha256
   * @returns {Buffer | undefined}
   */
  findReadBack(sessionId, sha256) {
    const [row] = this.#all("SELECT content FROM read_back WHERE session_id = ? AND sha256 = ?", sessionId, sha256);
    // The package gives a BLOB as an ArrayBuffer.
    return row && Buffer.from(row.content);
  }

  /**
   * @param {string} sql
   * @param {unknown[]} parameters
   */
  #run(sql, ...parameters) {
    this.#database.prepare(sql).run(...parameters);
  }

  /**
   * @param {string} sql
   * @param {unknown[]} parameters
   * @returns {any[]} The rows; what columns they have, the statement says.
   */
  #all(sql, ...parameters) {
    return this.#database.prepare(sql).all(...parameters);
  }
}
