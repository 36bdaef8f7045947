/**
 * Builds the binaries of the packages for npm: `node build.mjs TARGET… [--out FOLDER]`, with targets by their names in release/targets.json.
 *
 * For Linux it takes the C compiler and the libc of `ziglang` by way of `cargo-zigbuild`, which make the floor of glibc true; for the other
 * systems those of the machine. Crates are compiled in `CARGO_TARGET_DIR`, or `target`.
 */

import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { products, ROOT, targets } from "./products.mjs";

const { values, positionals } = parseArgs({ options: { out: { type: "string" } }, allowPositionals: true });
const out = resolve(values.out ?? join(ROOT, "build/release/npm-binaries"));
const compiled = resolve(ROOT, process.env["CARGO_TARGET_DIR"] ?? "target");
const [sdk, sandbox] = products;

// What lies there is of another build, or another version.
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
for (const name of positionals) {
  const target = targets.find((known) => known.name === name);
  if (!target) throw new Error(`${name} is not one of ${targets.map((known) => known.name).join(", ")}`);
  const isLinux = target.os === "linux";
  const versioned = target.glibc ? `${target.rust}.${target.glibc}` : target.rust;

  const napi = join(ROOT, "bindings-node/node_modules/@napi-rs/cli/dist/cli.js");
  const flags = [
    "build",
    "--platform",
    "--release",
    "--js",
    "native.js",
    "--dts",
    "native.d.ts",
    "--target",
    versioned,
  ];
  const places = ["--target-dir", compiled, "--output-dir", out];
  run(process.execPath, [napi, ...flags, ...(isLinux ? ["--cross-compile"] : []), ...places], sdk.folder);

  const command = isLinux ? "zigbuild" : "build";
  const program = ["--release", "--locked", "--package", sandbox.crate, "--bin", sandbox.crate, "--target"];
  run("cargo", [command, ...program, isLinux ? versioned : target.rust, "--target-dir", compiled], ".");
  copyFileSync(join(compiled, target.rust, "release", sandbox.binary(target)), join(out, sandbox.artifact(target)));
}

function run(command, parameters, folder) {
  // The target is given, whatever this machine's is for other builds.
  const { CARGO_BUILD_TARGET: _, ...env } = process.env;
  const { status, error } = spawnSync(command, parameters, { cwd: join(ROOT, folder), env, stdio: "inherit" });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${parameters.join(" ")} ended with ${status}`);
}
