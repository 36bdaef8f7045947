/** What the app remembers, in SQLite: browser sessions, how far each reading is, and the files that were read. */

import { randomBytes, randomUUID } from "node:crypto";
import Database from "libsql";

/**
 * @import { FileListStatus, FileMetadata, ReadingProgress } from "digime-sdk"
 * @import { Message } from "./failure.js"
 */

/**
 * @typedef {object} Session A person's browser.
 * @property {string} id What its cookie holds.
 * @property {string} userId Who they are to the SDK: its store and its errors are no place for what the cookie holds.
 * @property {string} formToken What its forms hold.
 * @property {string[]} sources The names of the connected sources.
 */

/**
 * @typedef {object} Reading
 * @property {number} id
 * @property {string} sessionKey Of the session at digi.me that is read.
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
    user_id TEXT NOT NULL UNIQUE,
    form_token TEXT NOT NULL,
    sources TEXT NOT NULL DEFAULT '[]',
    created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
  );
  CREATE TABLE IF NOT EXISTS reading (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    session_id TEXT NOT NULL UNIQUE REFERENCES session ON DELETE CASCADE,
    session_key TEXT NOT NULL,
    touched_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
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
    return { id, userId, formToken, sources: [] };
  }

  /**
   * @param {string} id
   * @returns {Session | undefined}
   */
  findSession(id) {
    const [row] = this.#all("SELECT user_id, form_token, sources FROM session WHERE id = ?", id);
    return row && { id, userId: row.user_id, formToken: row.form_token, sources: JSON.parse(row.sources) };
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

  /**
   * @param {string} sessionId
   * @param {string[]} names
   */
  saveSources(sessionId, names) {
    this.#run("UPDATE session SET sources = ? WHERE id = ?", JSON.stringify(names), sessionId);
  }

  /**
   * Begins a reading; what was read before is forgotten.
   * @param {string} sessionId
   * @param {string} sessionKey
   * @returns {number} The id of the reading.
   */
  beginReading(sessionId, sessionKey) {
    this.#run("DELETE FROM reading WHERE session_id = ?", sessionId);
    const sql = "INSERT INTO reading (session_id, session_key) VALUES (?, ?) RETURNING id";
    const [row] = this.#all(sql, sessionId, sessionKey);
    return row.id;
  }

  /** @param {number} id One that goes on, for all that is known here. */
  touchReading(id) {
    this.#run("UPDATE reading SET touched_at = CURRENT_TIMESTAMP WHERE id = ?", id);
  }

  /**
   * The reading of a session; none if the process that read has stopped: nobody goes on with that.
   * @param {string} sessionId
   * @returns {Reading | undefined}
   */
  findReading(sessionId) {
    const isThere = "(ended OR touched_at > datetime('now', '-1 minute'))";
    const [row] = this.#all(`SELECT * FROM reading WHERE session_id = ? AND ${isThere}`, sessionId);
    if (!row) return undefined;
    return {
      id: row.id,
      sessionKey: row.session_key,
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
   * Keeps a file, unless another reading has taken the place of its own.
   * @param {number} readingId
   * @param {{ name: string, metadata?: FileMetadata | {}, lastModified?: string, content?: Buffer, problem?: string }} file
   */
  saveFile(readingId, { name, metadata = {}, lastModified, content, problem }) {
    const sql = `INSERT OR REPLACE INTO file (name, metadata, last_modified, content, problem, reading_id)
      SELECT ?, ?, ?, ?, ?, id FROM reading WHERE id = ?`;
    this.#run(sql, name, JSON.stringify(metadata), lastModified ?? null, content ?? null, problem ?? null, readingId);
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
