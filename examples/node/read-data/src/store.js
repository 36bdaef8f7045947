/** What the app remembers, in SQLite: browser sessions, tokens, how far each reading is, and the files that were read. */

import { randomBytes } from "node:crypto";
import Database from "libsql";

/**
 * @import { FileListStatus, FileMetadata, ReadingProgress, UserAccessToken } from "digime-sdk"
 * @import { Message } from "./failure.js"
 */

/** @typedef {{ state: string, codeVerifier: string, sessionKey: string }} Attempt */

/**
 * @typedef {object} Session A person's browser.
 * @property {string} id What its cookie holds.
 * @property {string} formToken What its forms hold.
 * @property {string[]} sources The names of the connected sources.
 */

/**
 * @typedef {object} Reading
 * @property {number} id
 * @property {boolean} ended
 * @property {Partial<FileListStatus>} status How far digi.me is.
 * @property {number} filesDone
 * @property {number} filesKnown
 * @property {number} bytes
 * @property {Message | undefined} failure Why it ended before its time.
 */

/** @typedef {{ id: number, name: string, metadata: FileMetadata, lastModified: string | null, content: Buffer }} File */
/** @typedef {Omit<File, "content"> & { size: number | null, problem: string | null }} ListedFile One with a problem has no size. */

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS session (
    id TEXT PRIMARY KEY,
    form_token TEXT NOT NULL,
    attempt TEXT,
    user_access_token TEXT,
    sources TEXT NOT NULL DEFAULT '[]',
    created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
  );
  CREATE TABLE IF NOT EXISTS reading (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    session_id TEXT NOT NULL UNIQUE REFERENCES session ON DELETE CASCADE,
    ended INTEGER NOT NULL DEFAULT 0,
    status TEXT NOT NULL DEFAULT '{}',
    files_done INTEGER NOT NULL DEFAULT 0,
    files_known INTEGER NOT NULL DEFAULT 0,
    bytes INTEGER NOT NULL DEFAULT 0,
    failure TEXT
  );
  CREATE TABLE IF NOT EXISTS file (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    reading_id INTEGER NOT NULL REFERENCES reading ON DELETE CASCADE,
    name TEXT NOT NULL,
    metadata TEXT NOT NULL,
    last_modified TEXT,
    content BLOB,
    problem TEXT,
    UNIQUE (reading_id, name)
  );
`;

/** For how many days a session is kept. */
export const SESSION_DAYS = 30;

export class Store {
  #database;

  /** @param {string} path */
  constructor(path) {
    this.#database = new Database(path);
    this.#database.exec(SCHEMA);
    this.#database.exec("PRAGMA foreign_keys = ON");
    this.#run("DELETE FROM session WHERE created_at < datetime('now', ?)", `-${SESSION_DAYS} days`);
    // Nobody goes on with what was being read when the app stopped.
    this.#run("DELETE FROM reading WHERE NOT ended");
  }

  /** @returns {Session} */
  createSession() {
    const id = randomBytes(32).toString("base64url");
    const formToken = randomBytes(32).toString("base64url");
    this.#run("INSERT INTO session (id, form_token) VALUES (?, ?)", id, formToken);
    return { id, formToken, sources: [] };
  }

  /**
   * @param {string} id
   * @returns {Session | undefined}
   */
  findSession(id) {
    const [row] = this.#all("SELECT form_token, sources FROM session WHERE id = ?", id);
    return row && { id, formToken: row.form_token, sources: JSON.parse(row.sources) };
  }

  /**
   * @param {string} sessionId
   * @param {Attempt} attempt The one authorisation that may come back to this browser; it replaces any other.
   */
  beginAttempt(sessionId, attempt) {
    this.#run("UPDATE session SET attempt = ? WHERE id = ?", JSON.stringify(attempt), sessionId);
  }

  /**
   * @param {string} sessionId
   * @returns {Attempt | undefined}
   */
  findAttempt(sessionId) {
    const [row] = this.#all("SELECT attempt FROM session WHERE id = ?", sessionId);
    return row?.attempt ? JSON.parse(row.attempt) : undefined;
  }

  /** @param {string} sessionId */
  endAttempt(sessionId) {
    this.#run("UPDATE session SET attempt = NULL WHERE id = ?", sessionId);
  }

  /**
   * @param {string} sessionId
   * @param {UserAccessToken} token
   */
  saveToken(sessionId, token) {
    this.#run("UPDATE session SET user_access_token = ? WHERE id = ?", JSON.stringify(token), sessionId);
  }

  /**
   * @param {string} sessionId
   * @returns {UserAccessToken | undefined}
   */
  findToken(sessionId) {
    const [row] = this.#all("SELECT user_access_token FROM session WHERE id = ?", sessionId);
    return row?.user_access_token ? JSON.parse(row.user_access_token) : undefined;
  }

  /**
   * @param {string} sessionId
   * @param {string[]} names
   */
  saveSources(sessionId, names) {
    this.#run("UPDATE session SET sources = ? WHERE id = ?", JSON.stringify(names), sessionId);
  }

  /** @param {string} sessionId The session whose consent has ended: its token is of no use any more. */
  forgetConsent(sessionId) {
    this.#run("UPDATE session SET user_access_token = NULL, sources = '[]' WHERE id = ?", sessionId);
  }

  /**
   * Begins a reading; what was read before is forgotten.
   * @param {string} sessionId
   * @returns {number} The id of the reading.
   */
  beginReading(sessionId) {
    this.#run("DELETE FROM reading WHERE session_id = ?", sessionId);
    const [row] = this.#all("INSERT INTO reading (session_id) VALUES (?) RETURNING id", sessionId);
    return row.id;
  }

  /**
   * @param {string} sessionId
   * @returns {Reading | undefined}
   */
  findReading(sessionId) {
    const [row] = this.#all("SELECT * FROM reading WHERE session_id = ?", sessionId);
    if (!row) return undefined;
    return {
      id: row.id,
      ended: row.ended === 1,
      status: JSON.parse(row.status),
      filesDone: row.files_done,
      filesKnown: row.files_known,
      bytes: row.bytes,
      failure: row.failure ? JSON.parse(row.failure) : undefined,
    };
  }

  /**
   * @param {number} id
   * @param {string} state
   */
  saveState(id, state) {
    this.#run("UPDATE reading SET status = ? WHERE id = ?", JSON.stringify({ state }), id);
  }

  /**
   * @param {number} id
   * @param {ReadingProgress} progress
   */
  saveProgress(id, { filesDone, filesKnown, bytes }) {
    const sql = "UPDATE reading SET files_done = ?, files_known = ?, bytes = ? WHERE id = ?";
    this.#run(sql, filesDone, filesKnown, bytes, id);
  }

  /**
   * @param {number} id
   * @param {{ status?: FileListStatus, failure?: Message }} end
   */
  endReading(id, { status, failure }) {
    const sql = "UPDATE reading SET ended = 1, status = ?, failure = ? WHERE id = ?";
    this.#run(sql, JSON.stringify(status ?? {}), failure ? JSON.stringify(failure) : null, id);
  }

  /**
   * @param {number} readingId
   * @param {{ name: string, metadata?: FileMetadata | {}, lastModified?: string, content?: Buffer, problem?: string }} file
   */
  saveFile(readingId, { name, metadata = {}, lastModified, content, problem }) {
    const sql = `INSERT OR REPLACE INTO file (reading_id, name, metadata, last_modified, content, problem)
      VALUES (?, ?, ?, ?, ?, ?)`;
    this.#run(sql, readingId, name, JSON.stringify(metadata), lastModified ?? null, content ?? null, problem ?? null);
  }

  /**
   * @param {number} readingId
   * @returns {ListedFile[]}
   */
  listFiles(readingId) {
    const sql = `SELECT id, name, metadata, last_modified AS lastModified, length(content) AS size, problem
      FROM file WHERE reading_id = ? ORDER BY name`;
    return this.#all(sql, readingId).map((row) => ({ ...row, metadata: JSON.parse(row.metadata) }));
  }

  /**
   * @param {string} sessionId
   * @param {number} id
   * @returns {File | undefined} One of this session that could be read.
   */
  findFile(sessionId, id) {
    const sql = `SELECT file.id, name, metadata, last_modified AS lastModified, content
      FROM file JOIN reading ON reading.id = reading_id
      WHERE session_id = ? AND file.id = ? AND content IS NOT NULL`;
    const [row] = this.#all(sql, sessionId, id);
    // The package gives a BLOB as an ArrayBuffer.
    return row && { ...row, metadata: JSON.parse(row.metadata), content: Buffer.from(row.content) };
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
