/** For which platforms there are binaries, which of them fits this one, and what is said where there is none. */

import { TARGETS } from "./generated/targets";

/** A platform that there is a binary for. */
export interface Target {
  readonly name: string;
  readonly os: string;
  readonly cpu: string;
  readonly libc?: string;
  readonly glibc?: string;
}

/** The C library of a Linux, as far as it can be told. */
interface Libc {
  readonly name?: "glibc" | "musl";
  readonly version?: string | undefined;
}

/** The platforms whose binaries may run here, the likeliest first: more than one only where the C library cannot be told. */
export function fitting(libc: Libc = libcOfHost()): readonly Target[] {
  const targets: readonly Target[] = TARGETS;
  return targets.filter(
    (target) =>
      target.os === process.platform &&
      target.cpu === process.arch &&
      (!target.libc || !libc.name || target.libc === libc.name),
  );
}

/** What stood in the way of a binary, as its loader met it. */
export interface Obstacle {
  /** Each thing that went wrong, but for what is not there. */
  readonly reasons: readonly string[];
  /** The variable that named the binary, and was followed. */
  readonly variable?: string | undefined;
  /** What to keep as the error's cause. */
  readonly cause?: unknown;
}

/**
 * Why the binary of a package cannot be had: there is none for this platform, the package with it is not installed, or it is, and
 * cannot be loaded for these reasons. `otherwise` is what else can be done.
 */
export function withoutBinary(name: string, { reasons, variable, cause }: Obstacle, otherwise: string): Error {
  const libc = libcOfHost();
  const [target] = fitting(libc);
  const lines = [
    `${name} has no binary to load on ${described(libc)}.`,
    `There are binaries for ${TARGETS.map(labelled).join(", ")}.`,
    ...(isDenied(reasons)
      ? ["Deno does not let it be loaded: run it with --allow-ffi --allow-env --allow-read, or with --allow-all."]
      : variable
        ? [`${variable} names what cannot be loaded: ${reasons.join("; ")}. Unset it, or let it name the binary.`]
        : reasons.length > 0
          ? [`The binary that is installed cannot be loaded: ${reasons.join("; ")}.`]
          : target
            ? [missing(`${name}-${target.name}`, target)]
            : ["Run the application on one of these; a container of such a Linux is enough."]),
    otherwise,
    "More is in the project's docs/errors/ERR_NO_BINARY.md.",
  ];
  const error = new Error(lines.join("\n"), cause === undefined ? undefined : { cause });
  return Object.assign(error, { code: "ERR_NO_BINARY" });
}

/** Deno's word for what it does not permit; which permission it asks for is whichever came first. */
function isDenied(reasons: readonly string[]): boolean {
  return process.versions["deno"] !== undefined && reasons.some((reason) => /--allow-\w+/.test(reason));
}

function missing(name: string, { os, cpu, libc }: Target): string {
  const flags = [`--os=${os}`, `--cpu=${cpu}`, ...(libc ? [`--libc=${libc}`] : [])].join(" ");
  return (
    `The package ${name}, which has that of this platform, is not installed. Package managers leave it out when they are told to omit optional ` +
    "dependencies, and when node_modules or the lock file were made on another platform: install on this one, with optional dependencies; " +
    `or elsewhere for this one: npm install ${flags}`
  );
}

function labelled({ name, glibc }: Target): string {
  return glibc ? `${name} (glibc ${glibc} or later)` : name;
}

function described({ name, version = "" }: Libc): string {
  const library = name ? `${name} ${version}`.trim() : "a C library that cannot be told";
  const libc = process.platform === "linux" ? ` with ${library}` : "";
  return `${process.platform} ${process.arch}${libc} (${runtime()})`;
}

function runtime(): string {
  const { bun, deno, node } = process.versions;
  return bun ? `Bun ${bun}` : deno ? `Deno ${deno}` : `Node.js ${node}`;
}

function libcOfHost(): Libc {
  if (process.platform !== "linux") return {};
  const { header, sharedObjects } = reported();
  const glibc = header?.glibcVersionRuntime;
  if (glibc) return { name: "glibc", version: glibc };
  const musl = sharedObjects?.find((path) => /(?:ld-musl-|libc\.musl-)/.test(path));
  return musl ? { name: "musl", version: versionOfMusl(musl) } : {};
}

/** What a runtime says of itself. */
interface Report {
  readonly header?: { readonly glibcVersionRuntime?: string };
  readonly sharedObjects?: readonly string[];
}

function reported(): Report {
  const { report } = process;
  // Bun and Deno may have none. Node would look up the names of who is connected.
  if (typeof report?.getReport !== "function") return {};
  const settings = report as { excludeNetwork?: boolean };
  const before = settings.excludeNetwork;
  settings.excludeNetwork = true;
  try {
    return report.getReport() as Report;
  } catch {
    return {};
  } finally {
    if (before !== undefined) settings.excludeNetwork = before;
  }
}

/** The loader of musl says its version when it is run by itself. */
function versionOfMusl(loader: string): string | undefined {
  // Nobody else is to wait for it.
  const { spawnSync } = require("node:child_process") as typeof import("node:child_process");
  return /^Version (\S+)/m.exec(spawnSync(loader, { encoding: "utf8" }).stderr ?? "")?.[1];
}
